"""The shape of a unified social credit code (GB 32100-2015), for readers of codes without the hub."""

import re
from operator import mul

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015, table 3: no I, O, S, V, Z
BODY_CHARS = 17
MODULUS = 31

_SHAPE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}\Z")
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, position, MODULUS) for position in range(BODY_CHARS))


def check_character(body: str) -> str:
    """Compute the 18th character for the first 17 (GB 32100-2015, 4.4: ISO 7064 MOD 31-3)."""
    weighted = sum(map(mul, map(_VALUES.__getitem__, body), _WEIGHTS))
    return ALPHABET[-weighted % MODULUS]


def is_uscc(text: str) -> bool:
    """Check whether 18 characters of the code's alphabet end in their check character."""
    return _SHAPE.match(text) is not None and check_character(text[:BODY_CHARS]) == text[BODY_CHARS]
