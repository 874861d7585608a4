"""What a fast path's answers leave with: the headers that the application gave to the first good one of their kind."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hub.web.headers import CHOSEN
from hub.web.request_log import next_id

OWN_HEADERS = frozenset({"content-length", "x-request-id"})  # these differ from answer to answer
OK = "200 OK"

Headers = list[tuple[str, str]]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class LearntHeaders:
    """The headers of a good answer, and those to be sealed on."""

    headers: Headers
    sealed: Headers

    def answer(
        self, body: bytes, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer as the application would."""
        own = [("Content-Length", str(len(body))), ("X-Request-ID", next_id())]
        environ[CHOSEN] = self.sealed
        start_response(OK, self.headers + own)
        return [body]


def learn(
    app: Application,
    environ: dict[str, Any],
    start_response: Callable[..., Any],
    keep: Callable[[LearntHeaders], None],
) -> Iterable[bytes]:
    """Let the application answer, and keep the headers of a good answer."""

    def hear(status: str, headers: Headers, *rest: Any) -> Any:
        if status == OK:
            kept = [each for each in headers if each[0].lower() not in OWN_HEADERS]
            keep(LearntHeaders(kept, environ[CHOSEN]))
        return start_response(status, headers, *rest)

    return app(environ, hear)
