"""SQL that SQLAlchemy made of statements, shared by all databases of a process.

A hub has one engine, which compiles each of its statements once; a suite has thousands of engines, and a third of the
time of its web tests was the same statements compiled again.
"""

from collections.abc import Hashable, MutableMapping
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.util import LRUCache

Key = tuple[Hashable, ...]
MOST = 4_000  # of both dialects; the hub has some hundreds


class Compiled(MutableMapping[Key, Any]):
    """As SQLAlchemy's own cache of an engine, but for the kind of the dialect where that has the dialect of one engine."""

    def __init__(self) -> None:
        self._known: LRUCache[Key, Any] = LRUCache(MOST)

    def __getitem__(self, key: Key) -> Any:
        return self._known[_by_kind(key)]

    def __setitem__(self, key: Key, made: Any) -> None:
        self._known[_by_kind(key)] = made

    def __delitem__(self, key: Key) -> None:
        del self._known[_by_kind(key)]

    def get(self, key: Key, default: Any = None) -> Any:
        return self._known.get(_by_kind(key), default)

    def __iter__(self) -> Any:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def share() -> None:
    """Let every engine of this process use one cache."""
    kept = Compiled()

    def begin(connection: Connection) -> None:
        connection.execution_options(compiled_cache=kept)

    event.listen(Engine, "engine_connect", begin)


def _by_kind(key: Key) -> Key:
    first = key[0]
    return (first.name, first.driver, *key[1:]) if isinstance(first, Dialect) else key
