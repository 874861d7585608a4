"""Which characters a person cannot see: one list for names, reasons and cells.

Private-use characters and those of a newer Unicode than this Python's are seen where a font has them; registries
hold names with both.
"""

import unicodedata

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # control, format, surrogate, line and paragraph separator


def is_visible(text: str) -> bool:
    """Whether every character of `text` is one that a person can see."""
    return text.isprintable() or not any(unicodedata.category(one) in UNSEEN for one in text)
