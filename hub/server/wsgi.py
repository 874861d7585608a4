"""Requests as WSGI sees them (PEP 3333), and answers collected whole before the first byte leaves."""

import logging
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from hub.server import bounds, refusals
from hub.server.bounds import Costs, NoCosts
from hub.server.spool import Spool, SpooledAnswer, SpoolFullError

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]
_log = logging.getLogger(__name__)

BODILESS = ("1", "204", "304")  # RFC 9110 §6.4.1


@dataclass(slots=True)
class HttpRequest:
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
class HttpResponse:
    """The head, and the body: short ones in memory, others in a file that is gone when it is closed."""

    head: bytes
    body: bytes
    file: SpooledAnswer | None = None
    closes: bool = False


class ServedApplication:
    """One WSGI application under one address of this server."""

    def __init__(
        self,
        application: Application,
        *,
        host: str,
        port: int,
        multiprocess: bool,
        spool: Spool | None = None,
    ) -> None:
        self._application = application
        self.spool = spool or Spool()
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

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Run the application; the whole answer. Called in a thread."""
        try:
            return self._answer(request)
        except SpoolFullError as error:
            _log.warning(
                "%d long answers, %d MB, wait for their readers", self.spool.files, self.spool.size >> 20
            )
            closes = not request.keeps_alive
            return HttpResponse(refusals.spool_full(error, closes=closes), b"", closes=closes)
        finally:
            if request.body is not None:
                request.body.close()

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if self.costs.is_heavy(request.method, request.path) and not self.spool.has_room(request.address):
            raise SpoolFullError  # before the work is done
        said: list[Any] = []

        def start_response(status: str, headers: Headers, _error: Any = None) -> Callable[[bytes], None]:
            said[:] = [status, headers]
            return written.append

        written: list[bytes] = []
        body = _Body(self.spool, request.address)
        result = self._application(self._environ(request), start_response)
        with ExitStack() as undo:
            undo.callback(body.close)
            with ExitStack() as end:
                end.callback(getattr(result, "close", _nothing))
                body.collect(result, written)
            status, headers = said
            answer = _answer(request, status, headers, body)
            undo.pop_all()  # from here on the file is the connection's
        return answer

    def _environ(self, request: HttpRequest) -> dict[str, Any]:
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


def _nothing() -> None:
    """Close what has nothing to close."""


class _Body:
    """The body in memory, or in a file once it is longer than a piece."""

    def __init__(self, spool: Spool, address: str) -> None:
        self._spool = spool
        self._address = address
        self._parts: list[bytes] = []
        self.size = 0
        self.file: SpooledAnswer | None = None

    @property
    def short(self) -> bytes:
        return b"".join(self._parts)

    def collect(self, result: Iterable[bytes], written: list[bytes]) -> None:
        """Take all of it. Raises: SpoolFullError."""
        for each in result:
            part = b"".join([*written, each]) if written else each
            written.clear()
            self._add(part)
        if self.file is not None:
            self.file.rewind()

    def close(self) -> None:
        """Forget what waits in a file."""
        if self.file is not None:
            self.file.close()
            self.file = None

    def _add(self, part: bytes) -> None:
        self.size += len(part)
        if self.file is None and self.size > bounds.PIECE:
            self.file = self._spool.begin(self._address)
            self.file.write(self.short)
            self._parts.clear()
        if self.file is None:
            self._parts.append(part)
        else:
            self.file.write(part)


def _answer(request: HttpRequest, status: str, headers: Headers, body: _Body) -> HttpResponse:
    lines = [f"HTTP/1.1 {status}"]
    has_length = status.startswith(BODILESS)
    for name, value in headers:
        if name.lower() == "content-length":
            has_length = True
        lines.append(f"{name}: {value}")
    if not has_length:
        lines.append(f"Content-Length: {body.size}")
    if not request.keeps_alive:
        lines.append("Connection: close")
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
    closes = not request.keeps_alive
    if request.method == "HEAD":
        body.close()
        return HttpResponse(head, b"", closes=closes)
    return HttpResponse(head, body.short, body.file, closes=closes)
