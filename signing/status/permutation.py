"""Which index a counter's next value gets: a keyed permutation, so that neighbours on a list are strangers.

A balanced Feistel network over 20 bits with HMAC-SHA256 as the round function: every number below 2^20 comes out
exactly once, and who does not know the key cannot tell which index was given before or after another.
"""

import hmac
from functools import lru_cache

HALF_BITS = 10
HALF = 1 << HALF_BITS
ROUNDS = 8  # four make a pseudo-random permutation (Luby and Rackoff); small halves want more
KEY_BYTES = 32
LISTS_REMEMBERED = (
    64  # round tables of 64 KiB; the lists that are being filled, of which there is one at a time
)


def permuted(counter: int, *, key: bytes) -> int:
    """Return the index of the `counter`-th entry, both from 0 to 2^20 - 1.

    Raises: ValueError for a counter outside the list.
    """
    if not 0 <= counter < HALF * HALF:
        raise ValueError(f"counter {counter}")
    left, right = divmod(counter, HALF)
    for table in _tables(key):
        left, right = right, left ^ table[right]
    return left * HALF + right


@lru_cache(maxsize=LISTS_REMEMBERED)
def _tables(key: bytes) -> tuple[tuple[int, ...], ...]:
    """The round function of each round for each of its 1024 inputs: some 10 ms for a list, then none."""
    return tuple(tuple(_round(key, number, half) for half in range(HALF)) for number in range(ROUNDS))


def _round(key: bytes, number: int, half: int) -> int:
    digest = hmac.digest(key, bytes([number]) + half.to_bytes(2, "big"), "sha256")
    return int.from_bytes(digest[:2], "big") % HALF
