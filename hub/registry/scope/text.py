"""Business scope text as it is compared: one width, one comma, brackets that belong together. Offsets never move."""

import re
import unicodedata
from typing import Final

# Full width forms, ideographic space, small and vertical forms, half width 。「」、, Kangxi radicals, compatibility
# ideographs, typographic spaces: every one that NFKC turns into exactly one character, so offsets stay the same.
_RANGES: Final = (
    range(0x00A0, 0x00A1),
    range(0x2000, 0x200B),
    range(0x202F, 0x2030),
    range(0x2E80, 0x2FE0),
    range(0x3000, 0x3001),
    range(0xF900, 0xFB00),
    range(0xFE10, 0xFE70),
    range(0xFF01, 0xFFF0),
)
_FOLDED: Final = {
    point: folded
    for points in _RANGES
    for point in points
    if len(folded := unicodedata.normalize("NFKC", chr(point))) == 1 and folded != chr(point)
}
_INVISIBLE: Final = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_KEY: Final = dict.fromkeys(map(ord, _INVISIBLE)) | str.maketrans(",[]【】〔〕", "、()()()")

_CLOSER: Final = {"(": ")", "[": "]", "【": "】", "〔": "〕", "《": "》"}
_BRACKET: Final = re.compile(r"[()\[\]【】〔〕《》]")


def fold_scope(text: str) -> str:
    """Return the text in one width, character for character: `fold_scope(t)[i]` stands where `t[i]` stood."""
    return text.translate(_FOLDED)


def item_key(text: str) -> str:
    """Return what two spellings of one item have in common: NFKC, no space, no invisible characters, 、 for a comma, round brackets."""
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_KEY).casefold()


def bracket_spans(folded: str) -> dict[int, int]:
    """Start → end (exclusive) of every outermost bracketed stretch. A bracket without its partner opens nothing."""
    waiting: dict[str, list[int]] = {closer: [] for closer in _CLOSER.values()}
    pairs: list[tuple[int, int]] = []
    for found in _BRACKET.finditer(folded):
        bracket = found.group()
        if bracket in _CLOSER:
            waiting[_CLOSER[bracket]].append(found.start())
        elif waiting[bracket]:
            pairs.append((waiting[bracket].pop(), found.end()))
    spans: dict[int, int] = {}
    begin = end = -1
    for start, stop in sorted(pairs):
        if start >= end:
            begin, end = start, stop
        spans[begin] = end = max(end, stop)
    return spans
