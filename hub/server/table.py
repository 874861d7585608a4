"""The connections of one worker: how many in all and of each address, and who makes room for the next."""

from collections.abc import Iterator
from typing import Protocol

from hub.server import bounds


class HeldConnection(Protocol):
    """A connection, as the table sees it."""

    address: str
    deadline: float | None

    def drop(self) -> None:
        """End it at once."""


class ConnectionTable:
    """Every open connection; those that wait for their caller in the order in which they began to.

    A connection that waits costs a file descriptor and gives nothing: when there are too many, the one that has
    waited longest goes, first among those of the same address. So a new caller always gets in unless every
    connection is being answered.
    """

    def __init__(
        self, *, limit: int = bounds.MAX_CONNECTIONS, each: int | None = bounds.MAX_CONNECTIONS_EACH
    ) -> None:
        self._limit = limit
        self._each = each  # None: behind a proxy, where all callers come from one address
        self._all: dict[HeldConnection, None] = {}
        self._by_address: dict[
            str, dict[HeldConnection, None]
        ] = {}  # those that wait come before those that do not
        self._waiting: dict[HeldConnection, None] = {}

    def __len__(self) -> int:
        return len(self._all)

    def admit(self, connection: HeldConnection) -> bool:
        """Enter a new connection, at the price of one that waits; False when nobody can make room."""
        own = self._by_address.get(connection.address, {})
        if self._each is not None and len(own) >= self._each and not self._evict(own):
            return False
        if len(self._all) >= self._limit and not self._evict(self._waiting):
            return False
        self._all[connection] = None
        self._by_address.setdefault(connection.address, {})[connection] = None
        return True

    def wait(self, connection: HeldConnection) -> None:
        """It waits for its caller from now on."""
        self._waiting.pop(connection, None)
        self._waiting[connection] = None
        own = self._by_address.get(connection.address, {})
        if connection in own:
            del own[connection]
            own[connection] = None

    def work(self, connection: HeldConnection) -> None:
        """It is being answered: nothing ends it but its own deadline."""
        self._waiting.pop(connection, None)

    def leave(self, connection: HeldConnection) -> None:
        self._all.pop(connection, None)
        self._waiting.pop(connection, None)
        own = self._by_address.get(connection.address)
        if own is not None:
            own.pop(connection, None)
            if not own:
                del self._by_address[connection.address]

    def late(self, moment: float) -> list[HeldConnection]:
        """Return those whose deadline is over."""
        return [each for each in self._all if each.deadline is not None and each.deadline <= moment]

    def waiting(self) -> Iterator[HeldConnection]:
        return iter(tuple(self._waiting))

    def _evict(self, among: dict[HeldConnection, None]) -> bool:
        for candidate in among:
            if candidate in self._waiting:
                self.leave(candidate)
                candidate.drop()
                return True
        return False
