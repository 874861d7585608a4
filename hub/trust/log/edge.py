"""How the tiles of a log grow at their right edge. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from signing.log import HASH_BYTES, TILE_HEIGHT, TILE_WIDTH, Frontier, root_of, width_at


@dataclass(frozen=True, slots=True)
class Tile:
    """Up to 256 hashes of one level; `level` 0 holds leaf hashes, level L the roots of full tiles of level L-1."""

    level: int
    number: int
    hashes: bytes


@dataclass(slots=True)
class Edge:
    """The unfinished tile of every level of a log of `size` leaves: all that growing needs."""

    size: int = 0
    levels: list[list[bytes]] = field(default_factory=list)

    @classmethod
    def at(cls, size: int, hashes_of: Callable[[int, int], bytes]) -> "Edge":
        """Read the edge of a log of `size` leaves, from its stored tiles; a missing or short tile gives a short edge."""
        levels: list[list[bytes]] = []
        while size >> TILE_HEIGHT * len(levels):
            level = len(levels)
            number = (size >> TILE_HEIGHT * level) // TILE_WIDTH
            width = width_at(level, number, size)
            stored = hashes_of(level, number) if width else b""
            levels.append(split(stored)[:width])
        return cls(size, levels)

    def grow(self, leaf_hashes: Iterable[bytes]) -> Iterator[Tile]:
        """Append leaf hashes; gives every tile that became full."""
        for leaf in leaf_hashes:
            self.size += 1
            if self._put(0, leaf) == TILE_WIDTH:
                yield from self._full(0)

    def unfinished(self) -> Iterator[Tile]:
        """Return the tiles that are not full."""
        for level, hashes in enumerate(self.levels):
            if hashes:
                yield Tile(level, self._number(level), b"".join(hashes))

    def frontier(self) -> Frontier:
        """Return the complete subtrees at the edge, the largest first.

        Raises: ProofLengthError when tiles were missing.
        """
        nodes: list[bytes] = []
        for hashes in reversed(self.levels):
            nodes += Frontier().extended(hashes).nodes
        return Frontier(self.size, tuple(nodes))

    def _put(self, level: int, node: bytes) -> int:
        if level == len(self.levels):
            self.levels.append([])
        self.levels[level].append(node)
        return len(self.levels[level])

    def _full(self, level: int) -> Iterator[Tile]:
        hashes = self.levels[level]
        yield Tile(level, self._number(level) - 1, b"".join(hashes))
        self.levels[level] = []
        if self._put(level + 1, root_of(hashes)) == TILE_WIDTH:
            yield from self._full(level + 1)

    def _number(self, level: int) -> int:
        return (self.size >> TILE_HEIGHT * level) // TILE_WIDTH


def split(hashes: bytes) -> list[bytes]:
    return [hashes[start : start + HASH_BYTES] for start in range(0, len(hashes), HASH_BYTES)]
