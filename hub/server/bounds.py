"""What one caller may hold, and for how long. Each worker process counts for itself."""

from typing import Protocol

MAX_HEAD_BYTES = 16 * 1024  # a session, an OpenID request and a browser's own headers are some 3 KB
MAX_TARGET_BYTES = 8 * 1024  # the longest address of ours holds a presentation's request: 2 KB
MAX_HEADERS = 100  # browsers send twenty, two proxies in front a dozen more
SMALL_BODY = 64 * 1024  # whatever the route; more only where the route's budget says so
MAX_LARGE = 16  # bodies beyond a small one, under way or waiting; each is on disk, 16 MB at most
MAX_LARGE_EACH = 4  # of those, one address's
MAX_CONNECTIONS = 4096  # beyond it the connection that has been silent longest makes room
MAX_CONNECTIONS_EACH = 1024  # of one address: a street behind one carrier-grade address is some dozens
HEAD_SECONDS = (
    10.0  # from the first moment of a connection, or the first byte of a later request, to its last header
)
IDLE_SECONDS = 30.0  # between two requests of one connection
BODY_SECONDS = 10.0  # for a small body
BODY_BYTES_A_SECOND = 32 * 1024  # beyond that: a photograph of 4 MB on a bad line takes two minutes
WRITE_SECONDS = 20.0  # for each piece of an answer to be taken
LINGER_SECONDS = 2.0  # after a refusal, for what the caller still sends
PIECE = 256 * 1024  # of an answer: longer ones wait in a file
MAX_PIPELINED = 16  # requests sent ahead of their answers; no browser does that at all
LISTEN_BACKLOG = 4096


class Costs(Protocol):
    """What an application says about its own requests."""

    def body_limit(self, method: str, path: str) -> int:
        """Bytes of body that this request may have; asked only for more than a small body."""

    def is_heavy(self, method: str, path: str) -> bool:
        """Return whether it may take long: it then waits in the lane of such requests and holds up no others."""


class NoCosts:
    """An application that says nothing."""

    def body_limit(self, method: str, path: str) -> int:  # noqa: ARG002  # the protocol's
        return SMALL_BODY

    def is_heavy(self, method: str, path: str) -> bool:  # noqa: ARG002  # the protocol's
        return False
