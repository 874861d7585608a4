"""Requests as WSGI sees them (PEP 3333), and answers collected whole before the first byte leaves."""

import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from hub.server import bounds
from hub.server.bounds import Costs, NoCosts

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]
BODILESS = ("1", "204", "304")  # RFC 9110 §6.4.1


@dataclass(slots=True)
class Request:
    """One request, read whole. `target` is what stood in the request line, in origin form."""

    method: str
    target: str
    version: str
    headers: list[tuple[str, str]]
    body: IO[bytes] | None
    length: int
    address: str
    keeps_alive: bool
    is_large: bool = False

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass(slots=True)
class Answer:
    """The head, and the body: short ones in memory, others in a file that is gone when it is closed."""

    head: bytes
    body: bytes
    file: IO[bytes] | None = None
    closes: bool = False


class Gateway:
    """One WSGI application under one address of this server."""

    def __init__(self, application: Application, *, host: str, port: int, multiprocess: bool) -> None:
        self._application = application
        self.host = host
        self.costs: Costs = getattr(application, "costs", NoCosts())
        self._base: dict[str, Any] = {
            "SCRIPT_NAME": "",
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": multiprocess,
            "wsgi.run_once": False,
            "wsgi.input_terminated": True,
        }

    def answer(self, request: Request) -> Answer:
        """Run the application; the whole answer. Called in a thread."""
        said: list[Any] = []

        def start_response(status: str, headers: Headers, _error: Any = None) -> Callable[[bytes], None]:
            said[:] = [status, headers]
            return written.append

        written: list[bytes] = []
        result = self._application(self._environ(request), start_response)
        try:
            body, file, length = _collected(result, written)
        finally:
            close = getattr(result, "close", None)
            if close is not None:
                close()
            if request.body is not None:
                request.body.close()
        status, headers = said
        return _answer(request, status, headers, (body, file, length))

    def _environ(self, request: Request) -> dict[str, Any]:
        path, _, query = request.target.partition("?")
        environ = self._base | {
            "REQUEST_METHOD": request.method,
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1") if "%" in path else path,
            "QUERY_STRING": query,
            "REQUEST_URI": request.target,
            "RAW_URI": request.target,
            "SERVER_PROTOCOL": request.version,
            "REMOTE_ADDR": request.address,
            "wsgi.input": request.body or BytesIO(),
        }
        for name, value in request.headers:
            key = name.upper().replace("-", "_")
            if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
                key = f"HTTP_{key}"
            if key in environ:
                value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"  # noqa: PLW2901  # RFC 9110 §5.3
            environ[key] = value
        if request.body is not None:
            environ["CONTENT_LENGTH"] = str(request.length)
        return environ


def _collected(result: Iterable[bytes], written: list[bytes]) -> tuple[bytes, IO[bytes] | None, int]:
    """The body in memory, or in a file once it is longer than a piece."""
    parts: list[bytes] = []
    size = 0
    file: IO[bytes] | None = None
    for each in result:
        part = b"".join([*written, each]) if written else each
        written.clear()
        size += len(part)
        if file is None and size > bounds.PIECE:
            file = tempfile.TemporaryFile(prefix="hub-answer-")  # noqa: SIM115  # closed when it is sent
            file.write(b"".join(parts))
            parts.clear()
        if file is None:
            parts.append(part)
        else:
            file.write(part)
    if file is not None:
        file.seek(0)
    return b"".join(parts), file, size


def _answer(
    request: Request, status: str, headers: Headers, collected: tuple[bytes, IO[bytes] | None, int]
) -> Answer:
    body, file, length = collected
    lines = [f"HTTP/1.1 {status}"]
    has_length = status.startswith(BODILESS)
    for name, value in headers:
        if name.lower() == "content-length":
            has_length = True
        lines.append(f"{name}: {value}")
    if not has_length:
        lines.append(f"Content-Length: {length}")
    if not request.keeps_alive:
        lines.append("Connection: close")
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
    if request.method == "HEAD" and file is not None:
        file.close()
        file = None
    return Answer(head, b"" if request.method == "HEAD" else body, file, closes=not request.keeps_alive)
