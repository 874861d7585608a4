"""Which characters a person cannot see: one list for names, reasons and cells.

Private-use characters and those of a newer Unicode than this Python's are seen where a font has them; registries
hold names with both.
"""

import re
import unicodedata
from typing import Final

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # control, format, surrogate, line and paragraph separator


def is_visible(text: str) -> bool:
    """Return whether every character of `text` is one that a person can see."""
    return text.isprintable() or not any(unicodedata.category(one) in UNSEEN for one in text)


# Default_Ignorable_Code_Point outside the category Cf, and the empty Braille cell: joiners, selectors of variants,
# fillers.
_SHOWS_NOTHING: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def shows_nothing(text: str) -> bool:
    """Return whether joiners, selectors of variants or letters that show nothing are in the text."""
    return _SHOWS_NOTHING.search(text) is not None


def without_unseen(text: str) -> str:
    """Return the text without what a copy from a document or a message brings along and nobody sees.

    Control characters stay: they are damage, which whoever reads the text names.
    """
    if text.isascii():
        return text
    plain = _SHOWS_NOTHING.sub("", text)
    return plain if plain.isprintable() else "".join(c for c in plain if unicodedata.category(c) != "Cf")
