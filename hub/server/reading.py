"""The bytes of one connection as whole requests (RFC 9112), parsed by llhttp, each part counted as it comes."""

import re
import tempfile
from io import BytesIO
from typing import IO, Protocol
from urllib.parse import urlsplit

from httptools import HttpParserCallbackError, HttpParserError, HttpParserUpgrade, HttpRequestParser

from hub.server import bounds
from hub.server.wsgi import HttpRequest

BAD, TOO_LARGE, HEAD_TOO_LARGE = 400, 413, 431
END = b"\r\n\r\n"  # of a head
_LINE = re.compile(rb"(GET|POST) (/[^ ?\r\n]*+)[^ \r\n]*+ HTTP/1\.1\r\n")
_LENGTH = re.compile(rb"\ncontent-length: *+([0-9]{1,6}) *+\r")
_MATTERS = (b"\ntransfer-encoding", b"\nupgrade", b"\nexpect")


def plain_request(data: bytes) -> tuple[str, str] | None:
    """Return the method and the path of one whole GET or small POST on a connection that goes on; None for all else.

    For a server that has no room: what it turns away it need not parse, and parsing costs several times as much.
    """
    line = _LINE.match(data)
    end = data.find(END) + len(END)
    if line is None or end < len(END) or end > bounds.MAX_TARGET_BYTES:
        return None
    head = data[:end].lower()
    if b"\nconnection:" in head and b"\nconnection: keep-alive\r" not in head:
        return None
    for each in _MATTERS:
        if each in head:
            return None
    if len(data) - end != _length(head) or len(data) - end > bounds.SMALL_BODY:
        return None
    return line[1].decode(), line[2].decode("latin-1")


def _length(head: bytes) -> int | None:
    """The bytes of body that a head in small letters names; None where it is not plain."""
    told = head.count(b"\ncontent-length")
    if not told:
        return 0
    length = _LENGTH.search(head)
    return int(length[1]) if length and told == 1 and not head.startswith(b"get") else None


class RefusedError(Exception):
    """What arrived is no request that can be taken; the connection ends after the answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Listener(Protocol):
    """Who is told of the parts of a request."""

    address: str

    def head_begins(self) -> None: ...

    def head_ends(self, method: str, target: str, length: int | None, *, expects: bool) -> None:
        """Raises: RefusedError."""

    def grow(self, size: int) -> None:
        """The body has this many bytes by now. Raises: RefusedError."""

    def request_ends(self, request: HttpRequest) -> None: ...


class Reader:
    """llhttp's callbacks. Names with an underscore are dropped: WSGI could not tell them from those with a hyphen."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._parser = HttpRequestParser(self)
        self._is_head = False
        self._unparsed = 0  # bytes of a head that is not complete
        self._upgrades = False
        self._target = b""
        self._headers: list[tuple[str, str]] = []
        self._head_bytes = 0
        self._length: int | None = None
        self._expects = False
        self._parts: list[bytes] = []
        self._size = 0
        self._file: IO[bytes] | None = None

    def feed(self, data: bytes) -> None:
        """Take what arrived. Raises: RefusedError."""
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade:
            return  # answered as if nothing else had been asked for, and then closed
        except HttpParserCallbackError as error:
            cause = error.__context__
            raise cause if isinstance(cause, RefusedError) else RefusedError(BAD) from None
        except HttpParserError:
            raise RefusedError(BAD) from None
        self._unparsed = self._unparsed + len(data) if self._is_head else 0
        if self._unparsed > bounds.MAX_HEAD_BYTES:
            raise RefusedError(HEAD_TOO_LARGE)

    def close(self) -> None:
        """Forget a body that was not read to its end."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _reset(self) -> None:
        self._target = b""
        self._headers = []
        self._head_bytes = 0
        self._length = None
        self._expects = False
        self._parts = []
        self._size = 0
        self._file = None

    def on_message_begin(self) -> None:
        self._reset()
        self._is_head = True
        self._listener.head_begins()

    def on_url(self, url: bytes) -> None:
        self._target += url
        if len(self._target) > bounds.MAX_TARGET_BYTES:
            raise RefusedError(HEAD_TOO_LARGE)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head_bytes += len(name) + len(value)
        if self._head_bytes > bounds.MAX_HEAD_BYTES or len(self._headers) >= bounds.MAX_HEADERS:
            raise RefusedError(HEAD_TOO_LARGE)
        if not self._is_head or b"_" in name:
            return  # a trailer of a body in chunks is no header
        said = name.decode("latin-1").lower()
        if said == "content-length":
            self._length = int(value)
        elif said == "expect":
            self._expects = value.lower() == b"100-continue"
        self._headers.append((said, value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        self._is_head = False
        self._upgrades = self._parser.should_upgrade()
        self._set_origin_form()
        self._listener.head_ends(
            self._parser.get_method().decode("latin-1"),
            self._target.decode("latin-1"),
            self._length,
            expects=self._expects,
        )

    def on_body(self, part: bytes) -> None:
        self._size += len(part)
        self._listener.grow(self._size)
        if self._file is None and self._size > bounds.SMALL_BODY:
            self._file = tempfile.TemporaryFile(prefix="hub-body-")  # noqa: SIM115  # closed when it is answered
            self._file.write(b"".join(self._parts))
            self._parts.clear()
        if self._file is None:
            self._parts.append(part)
        else:
            self._file.write(part)

    def on_message_complete(self) -> None:
        request = HttpRequest(
            method=self._parser.get_method().decode("latin-1"),
            target=self._target.decode("latin-1"),
            version=f"HTTP/{self._parser.get_http_version()}",
            headers=self._headers,
            body=self._body(),
            length=self._size,
            address=self._listener.address,
            keeps_alive=self._parser.should_keep_alive()
            and not self._upgrades
            and self._parser.get_http_version() == "1.1",
            is_large=self._size > bounds.SMALL_BODY,
        )
        self._reset()
        self._listener.request_ends(request)

    def _body(self) -> IO[bytes] | None:
        if self._file is not None:
            self._file.seek(0)
            return self._file
        return BytesIO(b"".join(self._parts)) if self._size else None

    def _set_origin_form(self) -> None:
        """RFC 9112 §3.2: a whole address is taken apart; its host is the one that counts."""
        if self._target.startswith(b"/") or self._target == b"*":
            return
        try:
            parts = urlsplit(self._target.decode("ascii"))
        except ValueError:
            raise RefusedError(BAD) from None
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise RefusedError(BAD)
        self._headers = [each for each in self._headers if each[0] != "host"]
        self._headers.append(("host", parts.netloc))
        self._target = ((parts.path or "/") + (f"?{parts.query}" if parts.query else "")).encode("ascii")
