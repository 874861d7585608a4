"""The list itself: small numbers packed into bytes, compressed for the wire (Token Status List, sections 4.1, 4.2).

Entry `i` stands in byte `i * bits // 8`, the first entry of a byte in its lowest bits.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from signing.status import errors
from signing.strict_json import NotCanonicalError, decode_base64url, encode_base64url

LIST_ENTRIES = 1 << 20  # in each of our lists; large enough that an index says nothing about whose it is
LIST_BITS = 2
MAX_LIST_BYTES = 1 << 20  # what a list may inflate to: a list of this length with the widest entries
COMPRESSION = 6  # 4 ms a list; level 9 takes 15 times as long for 15 per cent
ENTRY_BITS = (1, 2, 4, 8)


class Status(IntEnum):
    """What an entry of our lists says (0 to 2 as registered by the specification, 3 is the application's)."""

    VALID = 0
    REVOKED = 1
    SUSPENDED = 2
    CHANGED = 3  # what it rests on has a newer version: ask the hub


@dataclass(frozen=True, slots=True)
class StatusList:
    """Entries of `bits` bits each, packed. Equal lists are equal values.

    Raises: StatusBitsError, StatusTooLargeError.
    """

    bits: int
    packed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if type(self.bits) is not int or self.bits not in ENTRY_BITS:
            raise errors.StatusBitsError
        if len(self.packed) > MAX_LIST_BYTES:
            raise errors.StatusTooLargeError

    @classmethod
    def of(
        cls, entries: Iterable[tuple[int, int]], *, bits: int = LIST_BITS, size: int = LIST_ENTRIES
    ) -> "StatusList":
        """Return a list of `size` zeros in which each `(index, value)` is set; a later one of the same index replaces.

        Raises: StatusBitsError, StatusIndexError, StatusValueError, StatusTooLargeError.
        """
        blank = cls(bits, bytes(_bytes_for(bits, size)))
        packed = bytearray(blank.packed)
        per_byte, mask = 8 // bits, (1 << bits) - 1
        for index, value in entries:
            _require_index(index, size)
            if not 0 <= value <= mask:
                raise errors.StatusValueError(f"{value} in {bits} bits")
            byte, place = divmod(index, per_byte)
            shift = place * bits
            packed[byte] = packed[byte] & ~(mask << shift) | value << shift
        return cls(bits, bytes(packed))

    def __len__(self) -> int:
        return len(self.packed) * 8 // self.bits

    def get(self, index: int) -> int:
        """Return the value at `index`. Raises: StatusIndexError where the list has no such entry."""
        _require_index(index, len(self))
        byte, place = divmod(index, 8 // self.bits)
        return self.packed[byte] >> place * self.bits & (1 << self.bits) - 1

    def set_entries(self) -> Iterator[tuple[int, int]]:
        """Return every `(index, value)` whose value is not zero, in order."""
        per_byte, mask = 8 // self.bits, (1 << self.bits) - 1
        for byte, held in enumerate(self.packed):
            if held:
                for place in range(per_byte):
                    value = held >> place * self.bits & mask
                    if value:
                        yield byte * per_byte + place, value

    def encode(self) -> str:
        """Return the claim `lst`: zlib (RFC 1950), then base64url without padding."""
        return encode_base64url(zlib.compress(self.packed, COMPRESSION))

    @classmethod
    def decode(cls, lst: object, *, bits: object) -> "StatusList":
        """Return the list of a `status_list` claim; never inflates more than MAX_LIST_BYTES.

        Raises: StatusBitsError, StatusEncodingError, StatusTooLargeError.
        """
        if type(bits) is not int or bits not in ENTRY_BITS:
            raise errors.StatusBitsError
        if not isinstance(lst, str):
            raise errors.StatusEncodingError
        try:
            return cls(bits, _inflate(decode_base64url(lst)))
        except (NotCanonicalError, zlib.error) as error:
            raise errors.StatusEncodingError from error


def _bytes_for(bits: int, size: int) -> int:
    if type(bits) is not int or bits not in ENTRY_BITS:
        raise errors.StatusBitsError
    if size < 0 or size * bits > MAX_LIST_BYTES * 8:
        raise errors.StatusTooLargeError
    return -(-size * bits // 8)


def _require_index(index: int, size: int) -> None:
    if type(index) is not int or not 0 <= index < size:
        raise errors.StatusIndexError(f"index {index!r} of a list of {size}")


def _inflate(compressed: bytes) -> bytes:
    """One whole zlib stream and nothing after it."""
    stream = zlib.decompressobj()
    raw = stream.decompress(compressed, MAX_LIST_BYTES + 1)
    if len(raw) > MAX_LIST_BYTES:
        raise errors.StatusTooLargeError
    if not stream.eof or stream.unused_data:
        raise errors.StatusEncodingError
    return raw
