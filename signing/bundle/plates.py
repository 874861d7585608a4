"""Which plate has which entry of a status list: eight bytes a plate, found by halving.

A row is the first five bytes of SHA-256 over the plate id, then the index in three bytes, most significant first;
rows are sorted and none stands twice. A plate id itself is not in the table and cannot be read from it. Two plates
whose five bytes are the same (one table in fifty with 200 000 plates) both have their row: the worse status counts.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

from signing.bundle.errors import BundlePlatesError
from signing.strict_json import NotCanonicalError, decode_base64url, encode_base64url

NAME_BYTES, INDEX_BYTES = 5, 3
ROW_BYTES = NAME_BYTES + INDEX_BYTES


def plate_name(plate_id: str) -> bytes:
    """What stands for a plate id in a table."""
    return sha256(plate_id.encode("ascii")).digest()[:NAME_BYTES]


@dataclass(frozen=True, slots=True)
class PlateTable:
    """Rows of eight bytes in ascending order.

    Raises: BundlePlatesError when they are not.
    """

    rows: bytes

    def __post_init__(self) -> None:
        if len(self.rows) % ROW_BYTES:
            raise BundlePlatesError
        rows = (self[place] for place in range(len(self)))
        if any(first >= second for first, second in pairwise(rows)):
            raise BundlePlatesError

    def __len__(self) -> int:
        return len(self.rows) // ROW_BYTES

    def __getitem__(self, place: int) -> bytes:
        return self.rows[place * ROW_BYTES : (place + 1) * ROW_BYTES]

    @classmethod
    def of(cls, plates: Iterable[tuple[str, int]]) -> "PlateTable":
        """The table of `(plate id, index)` pairs."""
        rows = {plate_name(plate_id) + index.to_bytes(INDEX_BYTES, "big") for plate_id, index in plates}
        return cls(b"".join(sorted(rows)))

    @classmethod
    def read(cls, text: object) -> "PlateTable":
        """Raises: BundlePlatesError."""
        if text == "":
            return cls(b"")
        try:
            return cls(decode_base64url(text if isinstance(text, str) else ""))
        except NotCanonicalError as error:
            raise BundlePlatesError from error

    def written(self) -> str:
        """In base64url."""
        return encode_base64url(self.rows) if self.rows else ""

    def indexes(self, plate_id: str) -> tuple[int, ...]:
        """The entries that may be this plate's: none, one, hardly ever more."""
        name = plate_name(plate_id)
        place = bisect_left(range(len(self)), name, key=self.__getitem__)
        found = []
        while place < len(self) and self[place][:NAME_BYTES] == name:
            found.append(int.from_bytes(self[place][NAME_BYTES:], "big"))
            place += 1
        return tuple(found)

    def all_indexes(self) -> Iterator[int]:
        """Every entry that the table names."""
        return (int.from_bytes(self[place][NAME_BYTES:], "big") for place in range(len(self)))
