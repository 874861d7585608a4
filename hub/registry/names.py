"""Two spellings of one name; what is stored and shown stays as the registry wrote it."""

import unicodedata
from typing import Final

# Kinds of bracket, quotation mark, middle dot and nought that keyboards and registries exchange.
_ONE_MARK: Final = {
    ord(other): mark
    for mark, others in {
        "(": "[{〔【〖〘〚",
        ")": "]}〕】〗〙〛",
        "《": "〈",
        "》": "〉",
        '"': "“”„‟「」『』",
        "'": "‘’′",
        "·": "•‧∙⋅・",
        "〇": "○◯",
    }.items()
    for other in others
}


def is_same_name(one: str, other: str) -> bool:
    """Return whether two spellings are one name: width, case, spaces and kinds of bracket, quotation mark and dot count for nothing."""
    return one == other or _name_key(one) == _name_key(other)


def _name_key(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split()).translate(_ONE_MARK)
