"""经营范围 into items: exact name, known spelling, rule of thumb, or left for a person. Nothing is ever dropped.

Two forms are met. The national one has headings 一般项目 and 许可项目, items between semicolons and two standing
phrases. Older licenses are free text with 、 and commas, both of which also occur inside the names of items, so
that the longest spelling in the catalogue is tried before any cut. The license text stays authoritative; what is
made of it here is derived, and points into the original by offsets so that it can be shown there.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Final

from hub.kernel.errors import InvalidInputError
from hub.kernel.messages import Message
from hub.registry.scope.items import Catalogue, Nature, ScopeItem
from hub.registry.scope.pieces import (
    GENERAL_TAIL,
    LICENSED_TAIL,
    Mark,
    MarkKind,
    Piece,
    Section,
    cut,
)
from hub.registry.scope.text import fold_scope, item_key

MAX_SCOPE_CHARS: Final = 100_000  # ten times the longest scope of a large group; more is not a scope
MAX_ITEM_CHARS: Final = 200  # a longer line is no item; it waits for a person without being guessed at
_MAX_CACHED_CHARS: Final = 2_000  # common scopes are short; the cache stays below some tens of megabytes
_CACHED_SCOPES: Final = 4_096

SCOPE_TOO_LONG: Final = Message(
    f"经营范围超过{MAX_SCOPE_CHARS}个字符。",
    f"The business scope is longer than {MAX_SCOPE_CHARS} characters.",
)


class ScopeTooLongError(InvalidInputError):
    """SCOPE_TOO_LONG: refused before any work is done on it."""

    def __init__(self) -> None:
        super().__init__("scope", "SCOPE_TOO_LONG", SCOPE_TOO_LONG)


class MatchKind(StrEnum):
    EXACT = "exact"
    ALIAS = "alias"
    KEYWORD = "keyword"
    UNMATCHED = "unmatched"


# How far each way is to be believed, 0 to 1. Below ALIAS a person confirms.
EXACT_CONFIDENCE: Final = 1.0
ALIAS_CONFIDENCE: Final = 0.95
BASE_CONFIDENCE: Final = 0.8  # the spelling without its own brackets is known
KEYWORD_CONFIDENCE: Final = 0.6


@dataclass(frozen=True, slots=True)
class ScopeLine:
    """One item as the license has it: `text` is the original from `start` to `end`."""

    text: str
    start: int
    end: int
    section: Section
    item_code: str | None
    match: MatchKind
    confidence: float


@dataclass(frozen=True, slots=True)
class ParsedScope:
    """Lines and marks lie side by side and cover the whole text, each character once."""

    lines: tuple[ScopeLine, ...]
    marks: tuple[Mark, ...]
    catalogue_version: str

    @property
    def item_codes(self) -> tuple[str, ...]:
        """The items found, in order of the text, each once."""
        return tuple(dict.fromkeys(line.item_code for line in self.lines if line.item_code is not None))

    @property
    def needs_review(self) -> bool:
        """Whether some line is unmatched or only thought to fit."""
        return any(line.confidence < ALIAS_CONFIDENCE for line in self.lines)


def parse_scope(text: str, catalogue: Catalogue) -> ParsedScope:
    """The items of a business scope. Pure; equal short texts are parsed once.

    Raises: ScopeTooLongError over `MAX_SCOPE_CHARS`.
    """
    if len(text) > MAX_SCOPE_CHARS:
        raise ScopeTooLongError
    return _cached(text, catalogue) if len(text) <= _MAX_CACHED_CHARS else _parse(text, catalogue)


def national_text(items: Iterable[ScopeItem]) -> str:
    """The items in the national format, full width, general ones first: the derived 规范表述 of a scope."""
    chosen = tuple(items)
    sections = (
        (Nature.GENERAL, Section.GENERAL, GENERAL_TAIL),
        (Nature.LICENSED, Section.LICENSED, LICENSED_TAIL),
    )
    return "".join(
        f"{section.value}:{';'.join(item.name for item in chosen if item.nature is nature)}({tail})。"
        for nature, section, tail in sections
        if any(item.nature is nature for item in chosen)
    ).translate(_FULL_WIDTH)


_FULL_WIDTH: Final = str.maketrans(":;(),", "：；（），")
_OWN_BRACKETS: Final = re.compile(r"\([^()]{0,80}\)\Z")
# Words that say what is done but not with what: they belong to the piece before them.
_BARE_VERBS: Final = frozenset(
    {
        "生产",
        "销售",
        "加工",
        "制造",
        "零售",
        "批发",
        "服务",
        "运输",
        "维修",
        "安装",
        "调试",
        "租赁",
        "经营",
        "收购",
        "研发",
        "开发",
        "设计",
        "代理",
        "制作",
        "施工",
        "养殖",
        "种植",
        "咨询",
        "策划",
        "推广",
        "配送",
        "储存",
        "仓储",
        "贮藏",
        "保养",
        "修理",
        "出租",
        "批零",
        "进出口",
        "包装",
        "发布",
        "出版",
        "发行",
        "及销售",
        "及零售",
        "及加工",
        "及服务",
        "及安装",
        "及维修",
        "批发及零售",
        "批发兼零售",
        "批发零售",
    }
)
_LONGEST_VERB: Final = max(map(len, _BARE_VERBS))


def _parse(text: str, catalogue: Catalogue) -> ParsedScope:
    folded = fold_scope(text)
    pieces, marks = cut(folded)
    lines: list[ScopeLine] = []
    for run in _runs(pieces):
        lines += _lines_of(run, text, catalogue)
    return ParsedScope(tuple(lines), _with_separators(len(text), lines, marks), catalogue.version)


_cached = lru_cache(maxsize=_CACHED_SCOPES)(_parse)


def _runs(pieces: Sequence[Piece]) -> Iterable[list[Piece]]:
    run: list[Piece] = []
    for piece in pieces:
        if run and not piece.joined:
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _lines_of(run: list[Piece], text: str, catalogue: Catalogue) -> list[ScopeLine]:
    """A run of pieces joined by 、: known spellings first, the longest that fits; the rest by what is left."""
    lines: list[ScopeLine] = []
    rest: list[Piece] = []
    place = 0
    while place < len(run):
        taken, known = _longest(run[place : place + catalogue.most_pieces], text, catalogue)
        if known is None:
            rest.append(run[place])
        else:
            lines += _unknown(rest, text, catalogue)
            rest = []
            lines.append(known)
        place += taken
    return lines + _unknown(rest, text, catalogue, alone=not lines)


def _longest(ahead: Sequence[Piece], text: str, catalogue: Catalogue) -> tuple[int, ScopeLine | None]:
    """How many pieces the longest known spelling takes, and its line; one piece and None when there is none."""
    for count in range(len(ahead), 0, -1):
        first, last = ahead[0], ahead[count - 1]
        if count > 1 and last.end - first.start > 2 * catalogue.longest_key:
            continue
        line = _known(first, last.end, text, catalogue)
        if line is not None:
            return count, line
    return 1, None


def _known(first: Piece, end: int, text: str, catalogue: Catalogue) -> ScopeLine | None:
    if end - first.start > MAX_ITEM_CHARS:
        return None
    key = item_key(text[first.start : end])
    if (item := catalogue.names.get(key)) is not None:
        return _line(first, end, text, (item.code, MatchKind.EXACT, EXACT_CONFIDENCE))
    if (item := catalogue.aliases.get(key)) is not None:
        return _line(first, end, text, (item.code, MatchKind.ALIAS, ALIAS_CONFIDENCE))
    return None


def _unknown(rest: list[Piece], text: str, catalogue: Catalogue, *, alone: bool = False) -> list[ScopeLine]:
    """Lines for pieces no spelling fits. Under a heading only semicolons part items, so a run `alone` stays whole."""
    if not rest:
        return []
    if alone and rest[0].section is not Section.UNSTATED:
        groups = [(rest[0], rest[-1].end)]
    else:
        starts = [i for i, piece in enumerate(rest) if i == 0 or not _is_bare(piece, text)]
        groups = [(rest[i], rest[j - 1].end) for i, j in pairwise([*starts, len(rest)])]
    return [_guess(first, end, text, catalogue) for first, end in groups]


def _is_bare(piece: Piece, text: str) -> bool:
    return piece.end - piece.start <= _LONGEST_VERB and item_key(text[piece.start : piece.end]) in _BARE_VERBS


def _guess(first: Piece, end: int, text: str, catalogue: Catalogue) -> ScopeLine:
    nothing = (None, MatchKind.UNMATCHED, 0.0)
    if end - first.start > MAX_ITEM_CHARS:
        return _line(first, end, text, nothing)
    key = item_key(text[first.start : end])
    if (item := _without_brackets(key, catalogue)) is not None:
        return _line(first, end, text, (item.code, MatchKind.KEYWORD, BASE_CONFIDENCE))
    for keyword, item in catalogue.hinted(key):
        if keyword.fits(key):
            return _line(first, end, text, (item.code, MatchKind.KEYWORD, KEYWORD_CONFIDENCE))
    return _line(first, end, text, nothing)


def _without_brackets(key: str, catalogue: Catalogue) -> ScopeItem | None:
    """The item whose spelling is left when a narrowing bracket is taken off; a widening one (含…) changes the item."""
    bracket = _OWN_BRACKETS.search(key)
    if bracket is None or bracket.group().startswith("(含"):
        return None
    base = key[: bracket.start()]
    return catalogue.names.get(base) or catalogue.aliases.get(base)


def _line(first: Piece, end: int, text: str, found: tuple[str | None, MatchKind, float]) -> ScopeLine:
    code, match, confidence = found
    return ScopeLine(text[first.start : end], first.start, end, first.section, code, match, confidence)


def _with_separators(length: int, lines: Sequence[ScopeLine], marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """The marks, and a separator for every stretch that neither a line nor a mark covers."""
    taken = sorted([(line.start, line.end) for line in lines] + [(mark.start, mark.end) for mark in marks])
    edges = [(0, 0), *taken, (length, length)]
    gaps = [
        Mark(MarkKind.SEPARATOR, before[1], after[0])
        for before, after in pairwise(edges)
        if after[0] > before[1]
    ]
    return tuple(sorted([*marks, *gaps], key=lambda mark: mark.start))
