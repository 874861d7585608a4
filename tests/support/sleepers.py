"""An application that can hardly do anything: each answer takes a fifth of a second (`python -m hub.server`)."""

import time
from collections.abc import Callable, Iterable

from hub.server.bounds import SMALL_BODY

ANSWER_SECONDS = 0.2
EXPORT = "/export"  # may take long


class Costs:
    def body_limit(self, _method: str, _path: str) -> int:
        return SMALL_BODY

    def is_heavy(self, _method: str, path: str) -> bool:
        return path == EXPORT


class Sleepers:
    costs = Costs()

    def __call__(self, environ: dict[str, object], start_response: Callable[..., object]) -> Iterable[bytes]:
        time.sleep(ANSWER_SECONDS)
        body = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}".encode()
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
        return [body]


app = Sleepers()
