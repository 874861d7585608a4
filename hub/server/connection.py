"""One connection: it reads a request within its bounds, waits for the answer, and writes that within a deadline."""

import asyncio
from collections import deque
from enum import Enum
from http import HTTPStatus
from typing import Protocol, cast

from hub.server import bounds, refusals
from hub.server.bounds import Costs
from hub.server.lanes import clock
from hub.server.reading import Reader, RefusedError
from hub.server.spool import SpooledAnswer
from hub.server.table import ConnectionTable, HeldConnection
from hub.server.wsgi import HttpRequest, HttpResponse


class ReadingStage(Enum):
    IDLE = "idle"
    READING = "reading"
    ANSWERING = "answering"
    WRITING = "writing"
    CLOSED = "closed"


class ConnectionServer(Protocol):
    """What a connection asks of the server that it belongs to (`hub.server.worker.Server`)."""

    costs: Costs
    table: ConnectionTable
    is_stopping: bool

    def admit(self, connection: HeldConnection) -> bool:
        """Enter a new connection; False when there is no room."""
        ...

    def left(self, connection: HeldConnection) -> None:
        """Take note that a connection is gone."""
        ...

    def has_no_room(self, data: bytes) -> bool:
        """Return whether what arrived would be turned away and need not be parsed."""
        ...

    def enter_large(self, address: str) -> bool:
        """Return whether one more large body may come in now."""
        ...

    def leave_large(self, address: str) -> None:
        """Take note that a large body is through."""
        ...

    def handle(self, connection: "Connection", request: HttpRequest) -> None:
        """Have a request answered."""
        ...


class Connection(asyncio.Protocol):
    """Reading stops while a request is answered: what a caller sends meanwhile stays in the kernel."""

    def __init__(self, server: ConnectionServer) -> None:
        self._server = server
        self._reader: Reader | None = None  # until there is something to parse
        self._pending: deque[HttpRequest] = deque()
        self._stage = ReadingStage.IDLE
        self._is_large = False
        self._limit: int | None = bounds.SMALL_BODY  # None: not asked for yet
        self._head = ("", "")
        self._file: SpooledAnswer | None = None
        self._closes = False
        self._is_stuck = False
        self.address = "unknown"
        self.deadline: float | None = None
        self._transport: asyncio.Transport = cast("asyncio.Transport", None)  # set before any other call

    # asyncio's calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        self.address = peer[0] if peer else "unknown"
        self._transport.set_write_buffer_limits(high=bounds.PIECE, low=0)
        if not self._server.admit(self):
            self._transport.abort()
            return
        self._wait(bounds.HEAD_SECONDS)

    def data_received(self, data: bytes) -> None:
        if self._stage is ReadingStage.CLOSED:
            return  # refused: read on for a moment, since unread bytes would take the answer away (RFC 9112 §9.6)
        if self._stage is ReadingStage.IDLE and self._server.has_no_room(data):
            self._transport.write(refusals.answer(HTTPStatus.SERVICE_UNAVAILABLE, closes=False))
            self._wait(bounds.IDLE_SECONDS)
            return
        try:
            self._reader = self._reader or Reader(self)
            self._reader.feed(data)
        except RefusedError as error:
            self.refuse(HTTPStatus(error.status))
            return
        if self._stage is ReadingStage.ANSWERING:
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """Keep the connection of a caller that has sent all it wants: it may still read its answer."""
        self._closes = True
        return self._stage in {ReadingStage.ANSWERING, ReadingStage.WRITING}

    def connection_lost(self, _error: Exception | None) -> None:
        self._stage = ReadingStage.CLOSED
        self._forget_body()
        self._close_file()
        self._server.left(self)

    def pause_writing(self) -> None:
        self._is_stuck = True

    def resume_writing(self) -> None:
        self._is_stuck = False
        if self._stage is ReadingStage.WRITING:
            self._write_on()

    # the reader's calls

    def head_begins(self) -> None:
        if self._stage is ReadingStage.IDLE:
            self._stage = ReadingStage.READING
            self.deadline = clock() + bounds.HEAD_SECONDS

    def head_ends(self, method: str, target: str, length: int | None, *, expects: bool) -> None:
        self._head = (method, target.partition("?")[0])
        self._limit = None
        if length is not None:
            self.grow(length)
        if self._stage is ReadingStage.READING:
            seconds = bounds.BODY_SECONDS
            if self._is_large:
                seconds += (length or self._limit or 0) / bounds.BODY_BYTES_A_SECOND
            self.deadline = clock() + seconds
            if expects:
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def grow(self, size: int) -> None:
        if size <= bounds.SMALL_BODY:
            return
        if self._limit is None:
            self._limit = self._server.costs.body_limit(*self._head)
        if size > self._limit:
            raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not self._is_large:
            if not self._server.enter_large(self.address):
                raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE)
            self._is_large = True

    def request_ends(self, request: HttpRequest) -> None:
        if self._stage in {ReadingStage.IDLE, ReadingStage.READING}:
            self._answer(request)
        elif len(self._pending) < bounds.MAX_PIPELINED:
            self._pending.append(request)
        else:
            raise RefusedError(HTTPStatus.BAD_REQUEST)

    # the server's calls

    def send(self, answer: HttpResponse) -> None:
        """Write the answer to the request that is being answered."""
        if self._stage is not ReadingStage.ANSWERING:  # the caller has gone
            if answer.file is not None:
                answer.file.close()
            return
        self._release()
        self._stage = ReadingStage.WRITING
        self._closes = self._closes or answer.closes or self._server.is_stopping
        self._file = answer.file
        self.deadline = clock() + bounds.WRITE_SECONDS
        self._transport.write(answer.head + answer.body if answer.body else answer.head)
        if not self._is_stuck:
            self._write_on()

    def refuse(self, status: HTTPStatus) -> None:
        """Say no and end: what else the caller sends is thrown away."""
        self._stage = ReadingStage.CLOSED
        self._pending.clear()
        self._forget_body()
        self._server.table.wait(self)
        self.deadline = clock() + bounds.LINGER_SECONDS
        self._transport.write(refusals.answer(status, closes=True))
        self._transport.write_eof()

    def drop(self) -> None:
        """End at once, also where the other side takes nothing."""
        self._stage = ReadingStage.CLOSED
        self._transport.abort()

    def expire(self) -> None:
        """The deadline is over."""
        if self._stage is ReadingStage.READING:
            self.refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.drop()

    # its own steps

    def _answer(self, request: HttpRequest) -> None:
        self._stage = ReadingStage.ANSWERING
        self.deadline = None  # the lane's patience and the routes' own budgets bound it
        self._server.table.work(self)
        self._server.handle(self, request)

    def _write_on(self) -> None:
        while self._file is not None and not self._is_stuck:
            piece = self._file.read(bounds.PIECE)
            if not piece:
                self._close_file()
                break
            self.deadline = clock() + bounds.WRITE_SECONDS
            self._transport.write(piece)
        if self._file is None and not self._is_stuck:
            self._next()

    def _next(self) -> None:
        if self._closes and not self._pending:
            self._stage = ReadingStage.CLOSED
            self._transport.close()
            self.deadline = clock() + bounds.WRITE_SECONDS
        elif self._pending:
            self._answer(self._pending.popleft())
        else:
            self._wait(bounds.IDLE_SECONDS)
            self._transport.resume_reading()

    def _wait(self, seconds: float) -> None:
        self._stage = ReadingStage.IDLE
        self.deadline = clock() + seconds
        self._server.table.wait(self)

    def _forget_body(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._release()

    def _release(self) -> None:
        if self._is_large:
            self._is_large = False
            self._server.leave_large(self.address)

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
