"""Check characters: ISO 7064 hybrid systems, GB 32100, GB 11714."""

from operator import mul
from typing import Final

DIGITS: Final = "0123456789"
ALPHABET_36: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALPHABET_31: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I O S V Z

VALUE_36: Final = {c: i for i, c in enumerate(ALPHABET_36)}
VALUE_31: Final = {c: i for i, c in enumerate(ALPHABET_31)}
USCC_WEIGHTS: Final = tuple(pow(3, i, 31) for i in range(17))
ORG_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)

_USCC_BY_REMAINDER: Final = tuple(
    ALPHABET_31[(31 - r) % 31] for r in range(31)
)  # remainder 0 is value 0, not 31
_ORG_BY_REMAINDER: Final = "0X987654321"


def hybrid_check(body: str, alphabet: str) -> str:
    """Check character of an ISO 7064 hybrid system (GB/T 17710).

    MOD 11,10 over digits, MOD 37,36 over 0-9A-Z. `alphabet` in order of value.
    Raises: ValueError for a character of `body` outside it.
    """
    modulus = len(alphabet)
    product = modulus
    for character in body:
        total = (product + alphabet.index(character)) % modulus or modulus
        product = total * 2 % (modulus + 1)
    return alphabet[(modulus + 1 - product) % modulus]


def uscc_check(body: str) -> str:
    """Check character over the first 17 of a USCC (GB 32100-2015, 5.4). KeyError outside the alphabet."""
    total: int = sum(map(mul, USCC_WEIGHTS, map(VALUE_31.__getitem__, body)))
    return _USCC_BY_REMAINDER[total % 31]


def organisation_check(body: str) -> str:
    """Check character over the first 8 of an organisation code (GB 11714). KeyError outside 0-9A-Z."""
    total: int = sum(map(mul, ORG_WEIGHTS, map(VALUE_36.__getitem__, body)))
    return _ORG_BY_REMAINDER[total % 11]
