"""How a shard is written: the rows of its plates, filled up with rows of none to one size."""

from collections.abc import Iterable
from hashlib import shake_256

from signing.bundle.plates import NAME_BYTES, ROW_BYTES

SHARD_ROWS = 4_096  # 52 KiB, whatever a city has: the size tells nothing
MEAN_ROWS = (
    3_400  # of plates in a shard before there are twice as many; 4 096 are 12 standard deviations more
)


def bits_for(rows: int, *, least: int = 0) -> int:
    """Return the power of two that gives as many shards as so many plates need."""
    bits = least
    while rows > MEAN_ROWS << bits:
        bits += 1
    return bits


def bounds(number: int, bits: int) -> tuple[bytes, bytes | None]:
    """Return the first row that can be in a shard, and the first that is beyond it; None: there is none."""
    shift = 8 * NAME_BYTES - bits
    after = (number + 1) << shift
    is_last = after >> (8 * NAME_BYTES) > 0
    return _name(number << shift), None if is_last else _name(after)


def shard(rows: Iterable[bytes], *, number: int, bits: int, secret: bytes) -> bytes:
    """Write the content of a shard. The same rows give the same content; one row more takes the place of one that fills up.

    Without the secret nobody can tell which rows are of plates: all look like chance.
    """
    plates = list(rows)
    missing = max(SHARD_ROWS - len(plates), 0)
    return b"".join(sorted({*plates, *_fill(missing, number=number, bits=bits, secret=secret)}))


def _fill(count: int, *, number: int, bits: int, secret: bytes) -> list[bytes]:
    place = number.to_bytes(4, "big") + bytes((bits,))
    chance = shake_256(secret + place).digest(count * ROW_BYTES)
    kept = (1 << (8 * NAME_BYTES - bits)) - 1
    start = number << (8 * NAME_BYTES - bits)
    return [
        _name(start | int.from_bytes(chance[at : at + NAME_BYTES], "big") & kept)
        + chance[at + NAME_BYTES : at + ROW_BYTES]
        for at in range(0, len(chance), ROW_BYTES)
    ]


def _name(value: int) -> bytes:
    return value.to_bytes(NAME_BYTES, "big")
