"""经营范围 into items: exact name, known spelling, rule of thumb, or left for a person. Nothing is ever dropped.

Two forms are met. The national one has headings 一般项目 and 许可项目, items between semicolons and two standing
phrases. Older licenses are free text with 、 and commas, both of which also occur inside the names of items, so
that the longest spelling in the catalogue is tried before any cut. The license text stays authoritative; what is
made of it here is derived, and points into the original by offsets so that it can be shown there.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Final

from hub.kernel.errors import InvalidInputError
from hub.registry.scope.cutter import cut
from hub.registry.scope.exclusions import excludes_itself
from hub.registry.scope.guesses import guess
from hub.registry.scope.items import Nature, ScopeCatalogue, ScopeItem
from hub.registry.scope.phrases import without_branch
from hub.registry.scope.pieces import (
    GENERAL_TAIL,
    LICENSED_TAIL,
    MarkKind,
    ScopeMark,
    ScopePiece,
    Section,
)
from hub.registry.scope.runs import is_bare, runs_of, without_exclusions
from hub.registry.scope.text import fold_scope, item_key

MAX_SCOPE_CHARS: Final = 100_000  # ten times the longest scope of a large group; more is not a scope
MAX_ITEM_CHARS: Final = 200  # a longer line is no item; it waits for a person without being guessed at
_MAX_CACHED_CHARS: Final = 2_000  # common scopes are short; the cache stays below some tens of megabytes
_CACHED_SCOPES: Final = 4_096


class ScopeTooLongError(InvalidInputError):
    """Refused before any work is done on it."""

    reason = "SCOPE_TOO_LONG"
    field = "scope"
    zh = f"经营范围超过{MAX_SCOPE_CHARS}个字符。"
    en = f"The business scope is longer than {MAX_SCOPE_CHARS} characters."


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
READER: Final = (
    5  # raised with every change that reads any text differently, so that stored lines are read again
)


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """One item as the license has it: `text` is the original from `start` to `end`.

    `branch_only`: the license leaves it to branches, so that the enterprise itself needs no permit for it.
    """

    text: str
    start: int
    end: int
    section: Section
    item_code: str | None
    match: MatchKind
    confidence: float
    branch_only: bool = False


def is_settled(item_code: str | None, confidence: float) -> bool:
    """Return whether a line's item is certain enough to call for permits; a guess waits for a person."""
    return item_code is not None and confidence >= ALIAS_CONFIDENCE


def reading_version(catalogue: ScopeCatalogue) -> str:
    """Return what stored lines depend on besides the license text: this reader and the content of the catalogue."""
    return f"{READER}/{catalogue.version}"


@dataclass(frozen=True, slots=True)
class ParsedScope:
    """Lines and marks lie side by side and cover the whole text, each character once."""

    lines: tuple[ParsedLine, ...]
    marks: tuple[ScopeMark, ...]


def parse_scope(text: str, catalogue: ScopeCatalogue) -> ParsedScope:
    """Return the items of a business scope. Pure; equal short texts are parsed once.

    Raises: ScopeTooLongError over `MAX_SCOPE_CHARS`.
    """
    if len(text) > MAX_SCOPE_CHARS:
        raise ScopeTooLongError
    return _cached(text, catalogue) if len(text) <= _MAX_CACHED_CHARS else _parse(text, catalogue)


def national_text(items: Iterable[ScopeItem]) -> str:
    """Return the items in the national format, full width, general ones first: the derived 规范表述 of a scope."""
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


def _parse(text: str, catalogue: ScopeCatalogue) -> ParsedScope:
    folded = fold_scope(text)
    pieces, marks = cut(folded)
    found = _Found(text, catalogue)
    for run in runs_of(pieces):
        found.read(run)
    marked = _with_separators(len(text), found.lines, [*marks, *found.marks])
    return ParsedScope(tuple(found.lines), marked)


_cached = lru_cache(maxsize=_CACHED_SCOPES)(_parse)


@dataclass(slots=True)
class _Found:
    """What is made of one scope text, in order of place."""

    text: str
    catalogue: ScopeCatalogue
    lines: list[ParsedLine] = field(default_factory=list)
    marks: list[ScopeMark] = field(default_factory=list)

    def read(self, run: list[ScopePiece]) -> None:
        """Read a run of pieces joined by 、: lists of what is excluded apart, of the rest known spellings first."""
        if (aside := run[0].aside) is not None:
            self.marks += [ScopeMark(aside, one.start, one.end) for one in run]
            return
        open_piece: list[ScopePiece] = []
        for group in without_exclusions(run, self.text):
            if group.is_excluded:
                self._read_stated(open_piece)
                open_piece = []
                self.marks += [ScopeMark(MarkKind.EXCLUSION, one.start, one.end) for one in group.pieces]
            elif group.is_whole:
                self._read_stated(open_piece)
                open_piece = []
                self.lines.append(self._guess(group.pieces[0], group.pieces[-1].end))
            else:
                open_piece += group.pieces
        self._read_stated(open_piece)

    def _read_stated(self, run: list[ScopePiece]) -> None:
        """The longest spelling that fits at each place; the rest by what is left."""
        rest: list[ScopePiece] = []
        place, found = 0, False
        while place < len(run):
            taken, known = self._longest(run[place : place + self.catalogue.most_pieces])
            if known is None:
                rest.append(run[place])
            else:
                self._read_unknown(rest, alone=False)
                rest, found = [], True
                self.lines.append(known)
            place += taken
        self._read_unknown(rest, alone=not found)

    def _longest(self, ahead: Sequence[ScopePiece]) -> tuple[int, ParsedLine | None]:
        """How many pieces the longest known spelling takes, and its line; one piece and None when there is none."""
        for count in range(len(ahead), 0, -1):
            first, last = ahead[0], ahead[count - 1]
            if count > 1 and last.end - first.start > 2 * self.catalogue.longest_key:
                continue
            line = self._known(ahead[:count])
            if line is not None:
                return count, line
        return 1, None

    def _known(self, pieces: Sequence[ScopePiece]) -> ParsedLine | None:
        first, end = pieces[0], pieces[-1].end
        if end - first.start > MAX_ITEM_CHARS:
            return None
        key = item_key(self.text[first.start : end])
        found = _spelling(key, self.catalogue)
        if found is not None:
            return self._line(first, end, found, branch_only=any(one.branch_only for one in pieces))
        left = without_branch(key)
        found = None if left is None else _spelling(left, self.catalogue)
        return None if found is None else self._line(first, end, found, branch_only=True)

    def _read_unknown(self, rest: list[ScopePiece], *, alone: bool) -> None:
        """Lines for pieces no spelling fits. Under a heading only semicolons part items, so a run `alone` stays whole."""
        if not rest:
            return
        if alone and rest[0].section is not Section.UNSTATED:
            groups = [(rest[0], rest[-1].end)]
        else:
            starts = [
                i for i, piece in enumerate(rest) if i == 0 or not is_bare(self.text[piece.start : piece.end])
            ]
            groups = [(rest[i], rest[j - 1].end) for i, j in pairwise([*starts, len(rest)])]
        self.lines += [self._guess(first, end) for first, end in groups]

    def _guess(self, first: ScopePiece, end: int) -> ParsedLine:
        nothing = (None, MatchKind.UNMATCHED, 0.0)
        if end - first.start > MAX_ITEM_CHARS:
            return self._line(first, end, nothing, branch_only=first.branch_only)
        key = item_key(self.text[first.start : end])
        left = without_branch(key)
        key = key if left is None else left
        branch_only = first.branch_only or left is not None
        if (item := _without_brackets(key, self.catalogue)) is not None:
            return self._line(
                first, end, (item.code, MatchKind.KEYWORD, BASE_CONFIDENCE), branch_only=branch_only
            )
        item = guess(key, self.catalogue, under_general=first.section is Section.GENERAL)
        found = nothing if item is None else (item.code, MatchKind.KEYWORD, KEYWORD_CONFIDENCE)
        return self._line(first, end, found, branch_only=branch_only)

    def _line(
        self, first: ScopePiece, end: int, found: tuple[str | None, MatchKind, float], *, branch_only: bool
    ) -> ParsedLine:
        code, match, confidence = found
        return ParsedLine(
            text=self.text[first.start : end],
            start=first.start,
            end=end,
            section=first.section,
            item_code=code,
            match=MatchKind.KEYWORD if code is not None and first.doubtful else match,
            confidence=min(confidence, BASE_CONFIDENCE) if first.doubtful else confidence,
            branch_only=branch_only,
        )


def _spelling(key: str, catalogue: ScopeCatalogue) -> tuple[str, MatchKind, float] | None:
    if (item := catalogue.names.get(key)) is not None:
        return item.code, MatchKind.EXACT, EXACT_CONFIDENCE
    if (item := catalogue.aliases.get(key)) is not None:
        return item.code, MatchKind.ALIAS, ALIAS_CONFIDENCE
    return None


def _without_brackets(key: str, catalogue: ScopeCatalogue) -> ScopeItem | None:
    """The item whose spelling is left when a narrowing bracket is taken off; a widening one (含…) changes the item."""
    bracket = _OWN_BRACKETS.search(key)
    if bracket is None or bracket.group().startswith("(含") or excludes_itself(key):
        return None
    base = key[: bracket.start()]
    return catalogue.names.get(base) or catalogue.aliases.get(base)


def _with_separators(
    length: int, lines: Sequence[ParsedLine], marks: Sequence[ScopeMark]
) -> tuple[ScopeMark, ...]:
    """The marks, and a separator for every stretch that neither a line nor a mark covers."""
    taken = sorted([(line.start, line.end) for line in lines] + [(mark.start, mark.end) for mark in marks])
    edges = [(0, 0), *taken, (length, length)]
    gaps = [
        ScopeMark(MarkKind.SEPARATOR, before[1], after[0])
        for before, after in pairwise(edges)
        if after[0] > before[1]
    ]
    return tuple(sorted([*marks, *gaps], key=lambda mark: mark.start))
