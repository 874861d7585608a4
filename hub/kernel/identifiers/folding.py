"""How identifiers are written by people: full width, lower case, spaces, hyphens, invisible characters."""

import unicodedata
from typing import Final

from hub.kernel.visible_characters import without_unseen

MAX_INPUT_CHARS: Final = 512  # normalisation is not done to a megabyte; the longest identifier has about 130

_HYPHENS: Final = dict.fromkeys(map(ord, "-\u2010\u2011"))
_UPPER: Final = {ord(c): c.upper() for c in "abcdefghijklmnopqrstuvwxyz"}


def fold(text: str, *, keep_hyphens: bool = False) -> str:
    """NFKC, ASCII letters upper case, no white space, no invisible characters and, unless kept, no hyphens.

    Only ASCII letters are raised: `str.upper` would turn foreign letters into ones of the alphabet.
    Longer text than any identifier is cut, so that it fails by length and not by time.
    """
    if text.isascii() and text.isalnum() and len(text) <= MAX_INPUT_CHARS:
        return text.upper()
    folded = unicodedata.normalize("NFKC", without_unseen(text[:MAX_INPUT_CHARS]))
    ignored = {k: v for k, v in _HYPHENS.items() if not (keep_hyphens and k == ord("-"))}
    return "".join(folded.split()).translate(ignored).translate(_UPPER)
