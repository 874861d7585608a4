"""The other worker processes of one server: each tells its figures to whichever of them is asked for all."""

import json
import logging
import secrets
import socket
import threading
from collections.abc import Callable, Mapping

from hub.web.kept_figures import KeptFigures, Told

ASK_SECONDS = 0.5  # a worker that is being started again answers with what was kept
MAX_TOLD = 16 * 1024 * 1024  # some 1 000 series are 200 KB

_log = logging.getLogger("hub.siblings")


class Siblings:
    """Made before the workers are: one loopback socket for each, and a secret that only they know."""

    def __init__(self, count: int) -> None:
        self._secret = secrets.token_hex(16).encode()
        self._doors = {str(number): socket.create_server(("127.0.0.1", 0)) for number in range(1, count + 1)}
        self.kept = {name: KeptFigures() for name in self._doors}

    def tell(self, name: str, told: Callable[[], Told]) -> None:
        """In worker `name`: answer the others from now on."""
        door = self._doors[name]
        threading.Thread(target=self._answer, args=(door, told), name="siblings", daemon=True).start()

    def ask_others(self, name: str) -> Mapping[str, Told]:
        """Return what the workers other than `name` tell; of those that do not answer, the counters as they told them last."""
        found = {}
        for other, door in self._doors.items():
            if other != name:
                try:
                    found[other] = self._ask(door.getsockname()[1])
                except (OSError, ValueError):
                    _log.warning("worker %s does not tell its figures", other)
                    found[other] = self.kept[other].read()
        return found

    def _ask(self, port: int) -> Told:
        with socket.create_connection(("127.0.0.1", port), timeout=ASK_SECONDS) as asking:
            asking.sendall(self._secret)
            with asking.makefile("rb") as answer:
                told: Told = json.loads(answer.read(MAX_TOLD))
                return told

    def _answer(self, door: socket.socket, told: Callable[[], Told]) -> None:
        while True:
            asking, _ = door.accept()
            with asking:
                asking.settimeout(ASK_SECONDS)
                try:
                    given = asking.recv(len(self._secret), socket.MSG_WAITALL)
                    if secrets.compare_digest(given, self._secret):
                        asking.sendall(json.dumps(told()).encode())
                except OSError:  # it has gone: the next one is asked again
                    continue
