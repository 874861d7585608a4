"""Which plate has which entry of a status list: rows that tell nothing to whoever does not hold the plate's text.

A row is 13 bytes: 8 that name the plate and 5 that say where its status is. Both are masked with an HMAC whose key is on
the plate alone: r, the first half of its signature. Plate ids have 45 bits and can all be tried; r has 256. The second
half, s, takes no part: (r, n - s) verifies too. The rows are split among files, the shards, by the first bits of a row.
"""

import hmac
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise

from signing.bundle.errors import BundlePlatesError, BundleShardError
from signing.strict_json import NotCanonicalError, decode_base64url, encode_base64url

NAME_BYTES, LIST_BYTES, INDEX_BYTES = 8, 2, 3
ROW_BYTES = NAME_BYTES + LIST_BYTES + INDEX_BYTES
MAX_SHARD_BYTES = 64 * 1024
MAX_SHARD_BITS = 16  # 65 536 shards, 220 million plates: their digests still fit into a bundle
DIGEST_BYTES = 32
MAX_LISTS = 1 << (8 * LIST_BYTES)
CONTEXT = b"yizhao plate row 2."  # so that r keys nothing else

ShardSource = Callable[[str], bytes | None]
"""The shard of a digest (SHA-256 in lower-case hex), or None where it is not at hand."""


def plate_mask(plate_id: str, r: bytes) -> bytes:
    """Return what names a plate and masks its entry, 13 bytes; `r`: the first half of its code's signature, 32 bytes."""
    return hmac.digest(r, CONTEXT + plate_id.encode("ascii"), "sha256")[:ROW_BYTES]


def plate_row(mask: bytes, *, position: int, index: int) -> bytes:
    """Return the row of a plate whose status is entry `index` of the list at `position`."""
    return mask[:NAME_BYTES] + _masked(
        mask, position.to_bytes(LIST_BYTES, "big") + index.to_bytes(INDEX_BYTES, "big")
    )


def _masked(mask: bytes, entry: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(mask[NAME_BYTES:], entry, strict=True))


def shard_of(name: bytes, bits: int) -> int:
    """Return the number of the shard that a row belongs to: its first `bits` bits."""
    return int.from_bytes(name[:NAME_BYTES], "big") >> (8 * NAME_BYTES - bits)


@dataclass(frozen=True, slots=True)
class PlateRows:
    """Rows of 13 bytes in ascending order, none twice, of one shard or of a whole table (`bits` 0).

    Raises: BundlePlatesError when they are not.
    """

    rows: bytes
    number: int = 0
    bits: int = 0

    def __post_init__(self) -> None:
        rows = [self.rows[place : place + ROW_BYTES] for place in range(0, len(self.rows), ROW_BYTES)]
        if len(self.rows) % ROW_BYTES or any(first >= second for first, second in pairwise(rows)):
            raise BundlePlatesError
        if any(shard_of(row, self.bits) != self.number for row in (*rows[:1], *rows[-1:])):
            raise BundlePlatesError  # ascending: what is right of the first and the last is right of all

    def __len__(self) -> int:
        return len(self.rows) // ROW_BYTES

    def __getitem__(self, place: int) -> bytes:
        return self.rows[place * ROW_BYTES : (place + 1) * ROW_BYTES]

    def entries(self, mask: bytes) -> Iterator[tuple[int, int]]:
        """(position of the list, index) of the rows with this name: none, one, hardly ever more."""
        name = mask[:NAME_BYTES]
        place = bisect_left(range(len(self)), name, key=self.__getitem__)
        while place < len(self) and self[place][:NAME_BYTES] == name:
            entry = _masked(mask, self[place][NAME_BYTES:])
            yield int.from_bytes(entry[:LIST_BYTES], "big"), int.from_bytes(entry[LIST_BYTES:], "big")
            place += 1


@dataclass(frozen=True, slots=True)
class PlateTable:
    """The table of a bundle: `whole`, or an index of shards by their digests; `lists` are those that rows point to.

    `source` brings the shards; each is held to its digest whenever it is used.
    """

    lists: tuple[str, ...] = ()
    whole: PlateRows | None = None
    digests: bytes = b""
    source: ShardSource = field(default=lambda _digest: None, compare=False)

    @property
    def shards(self) -> int:
        """How many shards there are; 0 for a table that is whole."""
        return len(self.digests) // DIGEST_BYTES

    @property
    def bits(self) -> int:
        return self.shards.bit_length() - 1

    def shard_names(self) -> tuple[str, ...]:
        """Return the digests of the shards in hex, in the order of their numbers."""
        return tuple(self._digest(number).hex() for number in range(self.shards))

    def entries(self, plate_id: str, r: bytes) -> tuple[tuple[str, int], ...]:
        """(list, index) where the status of a plate may stand; none for one in no table, or whose shard is not at hand.

        Raises: BundleShardError for a shard that is not the one of the index, BundlePlatesError.
        """
        mask = plate_mask(plate_id, r)
        rows = self.whole if self.whole is not None else self._shard(shard_of(mask, self.bits))
        if rows is None:
            return ()
        found = rows.entries(mask)
        return tuple((self.lists[position], index) for position, index in found if position < len(self.lists))

    def written(self) -> dict[str, object]:
        """Return the claim."""
        named = {"shards": _encoded(self.digests)}
        rows = named if self.whole is None else {"rows": _encoded(self.whole.rows)}
        return {"lists": list(self.lists), **rows}

    @classmethod
    def read(cls, claim: object, source: ShardSource) -> "PlateTable":
        """Raises: BundlePlatesError."""
        match claim:
            case {"lists": list(lists), "shards": str(text), **others} if "rows" not in others:
                digests = _decoded(text)
                count = len(digests) // DIGEST_BYTES
                is_power = count > 0 and count & (count - 1) == 0
                if len(digests) % DIGEST_BYTES or not is_power or count > 1 << MAX_SHARD_BITS:
                    raise BundlePlatesError
                return cls(_uris(lists), None, digests, source)
            case {"lists": list(lists), "rows": str(text), **others} if "shards" not in others:
                return cls(_uris(lists), PlateRows(_decoded(text)))
        raise BundlePlatesError

    def _digest(self, number: int) -> bytes:
        return self.digests[number * DIGEST_BYTES : (number + 1) * DIGEST_BYTES]

    def _shard(self, number: int) -> PlateRows | None:
        digest = self._digest(number)
        content = self.source(digest.hex())
        if content is None:
            return None
        if len(content) > MAX_SHARD_BYTES or sha256(content).digest() != digest:
            raise BundleShardError
        return PlateRows(content, number, self.bits)


def whole_table(lists: Iterable[str], rows: Iterable[bytes]) -> PlateTable:
    """Return a table that stands in the bundle itself."""
    return PlateTable(tuple(lists), PlateRows(b"".join(sorted(set(rows)))))


def _uris(lists: list[object]) -> tuple[str, ...]:
    uris = tuple(uri for uri in lists if isinstance(uri, str))
    if len(uris) != len(lists) or len(set(uris)) != len(uris) or len(uris) > MAX_LISTS:
        raise BundlePlatesError
    return uris


def _encoded(raw: bytes) -> str:
    return encode_base64url(raw) if raw else ""


def _decoded(text: str) -> bytes:
    if not text:
        return b""
    try:
        return decode_base64url(text)
    except NotCanonicalError as error:
        raise BundlePlatesError from error
