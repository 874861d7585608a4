"""One worker process: an event loop that reads and writes, and a few threads that answer."""

import asyncio
import signal
import socket
import sys
from collections import Counter, deque
from collections.abc import Callable
from http import HTTPStatus

import uvloop

from hub.server import bounds, refusals
from hub.server.connection import Connection
from hub.server.lanes import Lane, ServerJob, clock
from hub.server.reading import plain_request
from hub.server.table import ConnectionTable, HeldConnection
from hub.server.wsgi import HttpRequest, HttpResponse, ServedApplication

THREADS = 2  # a slow request leaves one free; 8 halve the verifications per second (measured: they fight for the interpreter)
HEAVY_THREADS = 1  # exports and large bodies: one at a time, beside the others
HEAVY_SECONDS = 10.0  # what one of those may wait for its turn
STOP_SECONDS = 10.0  # what a request under way may take to finish; whatever it stored is committed or gone
SWEEP_SECONDS = 0.5  # deadlines are kept to within this
ACCEPTS = 16  # connections in one turn of the loop: libuv takes one for each descriptor; others wait unseen
LATE_SECONDS = 0.03  # by which the loop itself may be late before it lets nobody in, under overload
TICK_SECONDS = 0.01  # while requests wait for a thread
SWITCH_SECONDS = (
    0.001  # what the loop waits at most for the interpreter; Python's own 5 ms are what a caller would wait
)
ALIVE, READY = "/healthz", "/readyz"


class Server:
    """What the connections of one worker share. Everything but `_run` happens in the event loop."""

    def __init__(self, gateway: ServedApplication, *, behind_proxy: bool = False) -> None:
        self.costs = gateway.costs
        self.table = ConnectionTable(each=None if behind_proxy else bounds.MAX_CONNECTIONS_EACH)
        self.is_stopping = False
        self._gateway = gateway
        self._behind_proxy = behind_proxy
        self._large: Counter[str] = Counter()
        self._quick = Lane("quick", threads=THREADS)
        self._heavy = Lane("heavy", threads=HEAVY_THREADS, patience=HEAVY_SECONDS)
        self._ready = Lane("ready", threads=1)
        self._lanes = (self._quick, self._heavy, self._ready)
        self._alive: HttpResponse | None = None
        self._done: deque[tuple[Connection, HttpResponse]] = deque()
        self._is_ticking = False
        self._is_sweeping = False
        self._all_left = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop = asyncio.get_running_loop()

    def keep_alive_answer(self, answer: HttpResponse | None) -> None:
        """The answer to a health check, given by the loop itself: no thread, no queue."""
        self._alive = answer

    def handle(self, connection: Connection, request: HttpRequest) -> None:
        """Have a request answered."""
        if request.path == ALIVE and self._alive is not None and request.method in {"GET", "HEAD"}:
            body = self._alive.body if request.method == "GET" else b""
            connection.send(HttpResponse(self._alive.head, body, closes=not request.keeps_alive))
            return
        self._lane(request).submit(
            ServerJob(
                lambda: self._run(connection, request),
                lambda: self._turn_away(connection, request),
                at=clock(),
            )
        )
        if not self._is_ticking:
            self._is_ticking = True
            self._loop.call_later(TICK_SECONDS, self._tick, clock() + TICK_SECONDS)

    def has_no_room(self, data: bytes) -> bool:
        """Return whether what arrived is a request that would be turned away: it is then counted and need not be parsed."""
        if not self._quick.is_full or (plain := plain_request(data)) is None:
            return False
        method, path = plain
        if path in {ALIVE, READY} or self.costs.is_heavy(method, path):
            return False
        self._quick.refused_unread()
        return True

    def enter_large(self, address: str) -> bool:
        """Return whether one more large body may come in now."""
        each = bounds.MAX_LARGE if self._behind_proxy else bounds.MAX_LARGE_EACH
        if self._large.total() >= bounds.MAX_LARGE or self._large[address] >= each:
            return False
        self._large[address] += 1
        return True

    def leave_large(self, address: str) -> None:
        self._large[address] -= 1
        if self._large[address] <= 0:
            del self._large[address]

    def admit(self, connection: HeldConnection) -> bool:
        """Enter a new connection; from the first one on deadlines are looked at. False when there is no room."""
        is_admitted = self.table.admit(connection)
        if is_admitted and not self._is_sweeping:
            self._is_sweeping = True
            self._loop.call_later(SWEEP_SECONDS, self.sweep)
        return is_admitted

    def left(self, connection: HeldConnection) -> None:
        self.table.leave(connection)
        if self.is_stopping and not len(self.table):
            self._all_left.set()

    def sweep(self) -> None:
        """End what is past its deadline; called again and again while anybody is connected."""
        for connection in self.table.late(clock()):
            if isinstance(connection, Connection):
                connection.expire()
        self._is_sweeping = len(self.table) > 0 and not self.is_stopping
        if self._is_sweeping:
            self._loop.call_later(SWEEP_SECONDS, self.sweep)

    async def stop(self) -> None:
        """Let what is being answered end; then the threads."""
        self.is_stopping = True
        for connection in self.table.waiting():
            connection.drop()
        if len(self.table):
            try:
                await asyncio.wait_for(self._all_left.wait(), STOP_SECONDS)
            except TimeoutError:
                for connection in self.table.late(float("inf")):
                    connection.drop()
        for lane in self._lanes:
            lane.stop()

    def _lane(self, request: HttpRequest) -> Lane:
        if request.path == READY:
            return self._ready
        if request.is_large or self.costs.is_heavy(request.method, request.path):
            return self._heavy
        return self._quick

    def _run(self, connection: Connection, request: HttpRequest) -> None:
        """In a thread: the whole answer, handed to the loop."""
        answer = HttpResponse(
            refusals.answer(HTTPStatus.INTERNAL_SERVER_ERROR, closes=True), b"", closes=True
        )
        try:
            answer = self._gateway.answer(request)
        finally:
            is_first = not self._done
            self._done.append((connection, answer))
            if is_first:
                self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        while self._done:
            connection, answer = self._done.popleft()
            connection.send(answer)

    def _turn_away(self, connection: Connection, request: HttpRequest) -> None:
        if request.body is not None:
            request.body.close()
        closes = not request.keeps_alive
        said = refusals.answer(
            HTTPStatus.SERVICE_UNAVAILABLE, closes=closes, to_head=request.method == "HEAD"
        )
        connection.send(HttpResponse(said, b"", closes=closes))

    def _tick(self, due: float) -> None:
        """While requests wait, and while a lane has more to do than it can."""
        moment = clock()
        is_late = moment - due > LATE_SECONDS
        goes_on = [lane.look(moment, is_late=is_late) for lane in self._lanes]  # every lane is asked
        if any(goes_on):
            self._loop.call_later(TICK_SECONDS, self._tick, clock() + TICK_SECONDS)
        else:
            self._is_ticking = False


def serve(
    gateway: ServedApplication,
    listener: socket.socket,
    *,
    behind_proxy: bool = False,
    listening: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGTERM or SIGINT; what is being answered then is answered. `listening` is called once it listens."""
    sys.setswitchinterval(SWITCH_SECONDS)
    uvloop.run(_serve(gateway, listener, behind_proxy=behind_proxy, listening=listening))


async def _serve(
    gateway: ServedApplication, listener: socket.socket, *, behind_proxy: bool, listening: Callable[[], None]
) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = Server(gateway, behind_proxy=behind_proxy)
    server.keep_alive_answer(_alive(gateway))
    sockets = [
        await loop.create_server(lambda: Connection(server), sock=each, backlog=bounds.LISTEN_BACKLOG)
        for each in (listener, *(listener.dup() for _ in range(ACCEPTS - 1)))
    ]
    listening()
    await stop.wait()
    for each in sockets:
        each.close()
    await server.stop()


def _alive(gateway: ServedApplication) -> HttpResponse | None:
    """The application's own answer to a health check, which the loop gives from now on; None when it has none."""
    request = HttpRequest(
        "GET", ALIVE, "HTTP/1.1", [("host", gateway.host)], None, 0, "127.0.0.1", keeps_alive=True
    )
    answer = gateway.answer(request)
    return answer if answer.head.startswith(b"HTTP/1.1 200 ") else None
