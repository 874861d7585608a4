"""Servers of strangers', which the hub asks and which answer as they like."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Quiet:
    """Mixed into a handler, it writes nothing to the terminal."""

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def strangers() -> Iterator[Callable[[type[BaseHTTPRequestHandler]], str]]:
    """A function that starts one on loopback and gives its address as a witness; all end with the block."""
    servers: list[ThreadingHTTPServer] = []

    def start(behaviour: type[BaseHTTPRequestHandler]) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), behaviour)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/w"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
