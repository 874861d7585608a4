"""Tiles of a log: how the tree is cut into files that never change (C2SP tlog-tiles). Pure.

A tile of level L holds up to 256 hashes of complete subtrees of 256**L leaves; bundles of entries go with level 0.
Paths are relative to the log's prefix: `tile/0/x001/234`, `tile/1/000.p/17`, `tile/entries/x001/234`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from signing.log.errors import TileEntriesError, TilePathError
from signing.log.merkle import HASH_BYTES, MAX_SIZE, Subtree, root_of

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
MAX_LEVEL = 63  # C2SP tlog-tiles; level 7 is the last that a size of 63 bits can fill
MAX_ENTRY_BYTES = 0xFFFF  # C2SP tlog-tiles: the length is two bytes
ENTRIES = "entries"

_LENGTH_BYTES = 2
_GROUP = 1000
_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<number>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?\Z"
)

TileHashes = Callable[[int, int], bytes]
"""(level, number) -> the tile's hashes, one after the other; a partial tile may be longer than asked."""


@dataclass(frozen=True, slots=True)
class TileName:
    """Which tile: `level` None names the bundle of entries. `width` 256 is a full tile."""

    level: int | None
    number: int
    width: int = TILE_WIDTH

    def path(self) -> str:
        """Return where the tile is, below the log's prefix."""
        level = ENTRIES if self.level is None else str(self.level)
        part = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{level}/{number_path(self.number)}{part}"


def number_path(number: int) -> str:
    """Return a tile's number in groups of three digits, all but the last marked: 1234067 is `x001/x234/067`."""
    groups = [f"{number % _GROUP:03d}"]
    while number := number // _GROUP:
        groups.append(f"x{number % _GROUP:03d}")
    return "/".join(reversed(groups))


def read_path(path: str) -> TileName:
    """Return the tile that a path names; there is one path for each tile.

    Raises: TilePathError.
    """
    found = _PATH.match(path)
    if found is None:
        raise TilePathError
    level = None if found["level"] == ENTRIES else int(found["level"])
    number = int(found["number"].replace("/", "").replace("x", ""))
    width = TILE_WIDTH if found["width"] is None else int(found["width"])
    name = TileName(level, number, width)
    if (level or 0) > MAX_LEVEL or number > MAX_SIZE or width > TILE_WIDTH or name.path() != path:
        raise TilePathError  # among others: leading groups of zeros, a "partial" tile of 256
    return name


def width_at(level: int, number: int, size: int) -> int:
    """Return how many hashes tile `number` of `level` holds in a log of `size` leaves: 0 to 256."""
    return max(0, min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - number * TILE_WIDTH))


def tiles_of(size: int, *, since: int = 0) -> Iterator[TileName]:
    """Return the tiles that hold something in a log of `size` leaves which they did not hold at `since`."""
    level = 0
    while size >> TILE_HEIGHT * level:
        first, last = (since >> TILE_HEIGHT * level), (size >> TILE_HEIGHT * level)
        if last > first:
            for number in range(first // TILE_WIDTH, (last + TILE_WIDTH - 1) // TILE_WIDTH):
                yield TileName(level, number, width_at(level, number, size))
        level += 1


def subtree_from(tile_hashes: TileHashes) -> Subtree:
    """Return the complete subtrees that proofs ask for, read from tiles.

    The subtree over 2**h leaves lies in one tile of level h // 8, under 2**(h % 8) of its hashes.
    Raises (when called): TilePathError when the tile is too short.
    """

    def subtree(start: int, end: int) -> bytes:
        level, rest = divmod((end - start).bit_length() - 1, TILE_HEIGHT)
        number, offset = divmod(start >> TILE_HEIGHT * level, TILE_WIDTH)
        hashes = tile_hashes(level, number)
        wanted = [
            hashes[place * HASH_BYTES : (place + 1) * HASH_BYTES]
            for place in range(offset, offset + (1 << rest))
        ]
        if len(wanted[-1]) != HASH_BYTES:
            raise TilePathError(f"tile {level}/{number} is shorter than {offset + (1 << rest)} hashes")
        return root_of(wanted)

    return subtree


def pack_entries(entries: Iterable[bytes]) -> bytes:
    """Return a bundle of entries, each after its length in two bytes.

    Raises: TileEntriesError for an entry of more than 65 535 bytes.
    """
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise TileEntriesError(f"an entry has {len(entry)} bytes")
        parts += (len(entry).to_bytes(_LENGTH_BYTES, "big"), entry)
    return b"".join(parts)


def unpack_entries(bundle: bytes) -> Sequence[bytes]:
    """Return the entries of a bundle, in order.

    Raises: TileEntriesError for a bundle that ends inside an entry or holds more than 256.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(bundle):
        start = at + _LENGTH_BYTES
        end = start + int.from_bytes(bundle[at:start], "big")
        if start > len(bundle) or end > len(bundle) or len(entries) == TILE_WIDTH:
            raise TileEntriesError
        entries.append(bundle[start:end])
        at = end
    return entries
