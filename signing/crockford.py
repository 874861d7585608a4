"""Plate ids and nonces: Crockford base32 (no I, L, O, U), plate ids with a check character.

The check character makes the ten characters a code word over GF(2^5), with x^5 + x^2 + 1: read from the left,
accumulator = accumulator * x + character, starting at 1, must end at 0. Every position has its own non-zero weight
(a power of x, whose order is 31), so that every wrong character, every exchange of two different characters (not of
neighbours only) and every pair of equal neighbours mistyped as another pair is found, always. The check character
is one of the same 32 symbols.
"""

import re
import secrets
import unicodedata
from collections.abc import Callable

from signing.errors import PlateIdAlphabetError, PlateIdCheckError, PlateIdLengthError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PLATE_ID_CHARS = 10  # 9 random characters (45 bits) and the check character
NONCE_CHARS = 8  # 40 bits, unique among the codes of five minutes
MAX_TYPED_CHARS = 64  # ten characters with generous spacing

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_TIMES_X = tuple((value << 1) ^ (0b100101 if value & 0b10000 else 0) for value in range(32))
_PLATE_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{10}\Z")
_NONCE = re.compile(r"[0-9A-HJKMNP-TV-Z]{8}\Z")
_SEPARATORS = re.compile(r"[\s\-‐-―−_.·]+")
_LOOK_ALIKES = str.maketrans("abcdefghijklmnopqrstuvwxyzILO", "ABCDEFGH1JK1MN0PQRSTUVWXYZ110")

RandomBytes = Callable[[int], bytes]


def new_plate_id(random_bytes: RandomBytes = secrets.token_bytes) -> str:
    """Draw nine random characters and append their check character."""
    body = _random_characters(PLATE_ID_CHARS - 1, random_bytes)
    return body + ALPHABET[_TIMES_X[_remainder(body)]]


def new_nonce(random_bytes: RandomBytes = secrets.token_bytes) -> str:
    """Draw the eight random characters of a nonce."""
    return _random_characters(NONCE_CHARS, random_bytes)


def is_plate_id(text: str) -> bool:
    """Check whether the text is a plate id in its canonical form: upper case, no separators, right check character."""
    return _PLATE_ID.match(text) is not None and _remainder(text) == 0


def is_nonce(text: str) -> bool:
    """Check whether the text is a nonce in its canonical form."""
    return _NONCE.match(text) is not None


def normalise_plate_id(typed: str) -> str:
    """Read the plate id that a person typed from under the symbol.

    Spaces, hyphens, dots and full-width forms are forgiven; lower case is raised; o is read as 0, i and l as 1.

    Raises: PlateIdLengthError, PlateIdAlphabetError, PlateIdCheckError.
    """
    if len(typed) > MAX_TYPED_CHARS:
        raise PlateIdLengthError
    text = _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed)).translate(_LOOK_ALIKES)
    if len(text) != PLATE_ID_CHARS:
        raise PlateIdLengthError
    if not _PLATE_ID.match(text):
        raise PlateIdAlphabetError
    if _remainder(text) != 0:
        raise PlateIdCheckError
    return text


def _remainder(text: str) -> int:
    accumulator = 1
    for character in text:
        accumulator = _TIMES_X[accumulator] ^ _VALUES[character]
    return accumulator


def _random_characters(count: int, random_bytes: RandomBytes) -> str:
    # 256 is a multiple of 32: the low five bits of a random byte prefer no character.
    return "".join(ALPHABET[byte & 0b11111] for byte in random_bytes(count))
