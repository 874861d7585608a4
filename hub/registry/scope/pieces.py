"""Cutting a business scope into pieces: section headings, standing phrases, list numbers, separators.

What is not a piece is a mark with a kind, so that nothing of the text is ever unaccounted for. Linear in the
length of the text: the expressions repeat nothing without a bound.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from hub.registry.scope.phrases import Compact, Standing, standing_bracket, standing_sentence
from hub.registry.scope.text import bracket_spans, item_key


class Section(StrEnum):
    GENERAL = "一般项目"
    LICENSED = "许可项目"
    UNSTATED = "未分段"


class MarkKind(StrEnum):
    """Why a stretch of the text is not part of an item."""

    HEADING = "heading"
    BOILERPLATE = "boilerplate"
    BRANCH_ONLY = "branch_only"  # says that branches carry items on, and not the enterprise itself
    EXCLUSION = "exclusion"  # says what is not carried on
    NUMBERING = "numbering"
    NONE_STATED = "none_stated"
    SEPARATOR = "separator"


@dataclass(frozen=True, slots=True)
class Mark:
    kind: MarkKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """text[start:end] is an item or a part of one.

    `link`: the 、 or comma (or, for a blank, a comma) that alone parts it from the piece before, else "".
    `branch_only`: branches carry it on, not the enterprise; `doubtful`: a person must say whether that is so.
    """

    start: int
    end: int
    section: Section
    link: str
    branch_only: bool = False
    doubtful: bool = False


GENERAL_TAIL: Final = "除依法须经批准的项目外,凭营业执照依法自主开展经营活动"
LICENSED_TAIL: Final = "依法须经批准的项目,经相关部门批准后方可开展经营活动,具体经营项目以审批结果为准"
_NUMERALS: Final = "一二三四五六七八九十"
_COUNT: Final = rf"(?:[0-9]{{1,2}}|[{_NUMERALS}]{{1,3}})"
_AT_START: Final = r"(?<![^;。:\s、,)])"
_BEGINNINGS: Final = "依除凭仅限由具市经以上下法国涉凡不开请分该本许前述商企"  # of most standing sentences

# Nearly every place is passed over by its first character alone.
_TOKEN: Final = re.compile(
    rf"(?=[(\[【〔《;。、, \n\r\t\v\f\x85\u2028\u20290-9\u2460-\u2473{_NUMERALS}前后许经主兼{_BEGINNINGS}])(?:"
    r"(?P<heading>(?:前置|后置)?(?:一般|许可)(?:经营)?(?:项目|范围|事项)[是为]?[ ]*:|经营范围[是为]?[ ]*:"
    r"|(?<![^;。\s,)])(?:主营|兼营)(?:项目|范围)?[ ]*:)"
    rf"|(?P<numbering>{_AT_START}(?:{_COUNT}[、.](?![0-9{_NUMERALS}])|\({_COUNT}\))|[\u2460-\u2473])"
    r"|(?P<bracket>[(\[【〔《])"
    r"|(?P<hard>[;。\n\r\t\v\f\x85\u2028\u2029])"
    r"|(?P<soft>[、,]|(?<=[^\x00-\x7f])[ ]+(?=[^\x00-\x7f]))"
    rf"|(?P<sentence>{_AT_START}[{_BEGINNINGS}]|(?<![;。:\s、,)])(?:凭|依法|仅限|限于?分|限[^;。、,()]{{0,12}}分|经相关|除依法|由分|在分)))"
)
_MARKS: Final = {"heading": MarkKind.HEADING, "numbering": MarkKind.NUMBERING}
_NOTHING: Final = frozenset({"无", "暂无", "/", "*", "**", "***", "-", "—", "——"})
_ENDING: Final = " .\u200b\ufeff"  # around an item: space, a Western full stop, stray invisible characters
_OPENING: Final = frozenset("([【〔")


class _Cutter:
    """One pass over one text: where the open piece began, under which heading, and what was found."""

    def __init__(self, folded: str) -> None:
        self.folded = folded
        self.pieces: list[Piece] = []
        self.marks: list[Mark] = []
        self._compact = Compact(folded)
        self._section = Section.UNSTATED
        self._section_begun = 0  # the first piece under the heading
        self._below = False  # branches alone carry on what follows
        self._begun = 0
        self._link = ""

    def run(self) -> None:
        spans = bracket_spans(self.folded)
        at = 0
        while (found := _TOKEN.search(self.folded, at)) is not None:
            start, kind = found.start(), found.lastgroup or ""
            standing = self._standing(start, kind, spans.get(start))
            if standing is not None:
                at = self._mark_standing(start, *standing)
            elif start in spans and found.end() != spans[start]:
                at = spans[start]  # a bracketed stretch stays with its item
            elif kind in {"bracket", "sentence"}:
                at = found.end()  # without partner, or no whole sentence: a character like any other
            else:
                self._token(found)
                at = found.end()
        self._close(len(self.folded), link="")

    def _standing(self, start: int, kind: str, stop: int | None) -> tuple[Standing, int] | None:
        """What the bracket or sentence at this place says, and its end, when it is no part of an item."""
        if kind not in {"bracket", "sentence", "numbering"}:
            return None
        if stop is not None:
            said = standing_bracket(self._compact, start, stop) if self.folded[start] in _OPENING else None
            return None if said is None else (said, stop)
        if kind == "numbering":
            return None
        return standing_sentence(self._compact, start + (kind == "bracket"))

    def _mark_standing(self, start: int, said: Standing, end: int) -> int:
        before = len(self.pieces)
        self._close(start, link=self._link)
        if said is Standing.BRANCH_HERE and len(self.pieces) == before and not self._ends_at(start):
            self._leave_to_branches(self._section_begun, doubtful=True)
        elif said is Standing.BRANCH_HERE:
            self._leave_to_branches(self._run_begun(), doubtful=True)
        elif said is Standing.BRANCH_ABOVE:
            self._leave_to_branches(self._section_begun, doubtful=False)
        self._below = self._below or said is Standing.BRANCH_BELOW
        kind = MarkKind.BOILERPLATE if said is Standing.PLAIN else MarkKind.BRANCH_ONLY
        self.marks.append(Mark(kind, start, end))
        self._begun, self._link = end, ""
        return end

    def _ends_at(self, place: int) -> bool:
        """Whether the last piece, or a mark directly behind it, ends where another begins."""
        between = self.folded[self.pieces[-1].end : place] if self.pieces else ";"
        return not any(one in "；;。\n" for one in between)

    def _run_begun(self) -> int:
        """The first of the pieces that only 、 and commas part from the last one."""
        first = len(self.pieces) - 1
        while first > 0 and self.pieces[first].link:
            first -= 1
        return max(first, 0)

    def _leave_to_branches(self, first: int, *, doubtful: bool) -> None:
        """The last piece is for branches; of those before it since `first` this is certain, or in doubt."""
        last = len(self.pieces) - 1
        for place in range(first, last + 1):
            piece, unsure = self.pieces[place], doubtful and place < last
            self.pieces[place] = replace(
                piece, doubtful=piece.doubtful or unsure, branch_only=piece.branch_only or not unsure
            )

    def _token(self, found: re.Match[str]) -> None:
        kind = found.lastgroup or ""
        self._close(found.start(), link=found.group().strip() or "," if kind == "soft" else "")
        self._begun = found.end()
        if kind in _MARKS:
            self.marks.append(Mark(_MARKS[kind], found.start(), found.end()))
        if kind == "heading":
            self._section = _section(found.group())
            self._section_begun = len(self.pieces)
            self._below = False

    def _close(self, end: int, *, link: str) -> None:
        """End the open piece, if there is one; `link` is what ties the next one to its run."""
        raw = self.folded[self._begun : end]
        start = self._begun + len(raw) - len(raw.lstrip(_ENDING))
        stop = start + len(raw.strip(_ENDING))
        if stop > start and item_key(self.folded[start:stop]) in _NOTHING:
            self.marks.append(Mark(MarkKind.NONE_STATED, start, stop))
            link = ""
        elif stop > start:
            self.pieces.append(Piece(start, stop, self._section, self._link, branch_only=self._below))
        else:
            link = link if self._link else ""
        self._link = link


def _section(heading: str) -> Section:
    if "一般" in heading:
        return Section.GENERAL
    return Section.LICENSED if "许可" in heading else Section.UNSTATED


def cut(folded: str) -> tuple[list[Piece], list[Mark]]:
    """Pieces and marks of a folded text, each in order of place; separators between them are not yet marks."""
    cutter = _Cutter(folded)
    cutter.run()
    return cutter.pieces, cutter.marks
