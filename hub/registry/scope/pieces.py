"""Cutting a business scope into pieces: section headings, standing phrases, list numbers, separators.

What is not a piece is a mark with a kind, so that nothing of the text is ever unaccounted for. Linear in the
length of the text: the expressions repeat nothing without a bound.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hub.registry.scope.text import bracket_spans, item_key


class Section(StrEnum):
    GENERAL = "一般项目"
    LICENSED = "许可项目"
    UNSTATED = "未分段"


class MarkKind(StrEnum):
    """Why a stretch of the text is not part of an item."""

    HEADING = "heading"
    BOILERPLATE = "boilerplate"
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
    """text[start:end] is an item or a part of one; `joined`: only a 、 or comma stands before it."""

    start: int
    end: int
    section: Section
    joined: bool


GENERAL_TAIL: Final = "除依法须经批准的项目外,凭营业执照依法自主开展经营活动"
LICENSED_TAIL: Final = "依法须经批准的项目,经相关部门批准后方可开展经营活动,具体经营项目以审批结果为准"
# Standing phrases, each before those it contains; their commas may be missing or another kind.
_PHRASES: Final = (
    GENERAL_TAIL,
    LICENSED_TAIL,
    "依法须经批准的项目,经相关部门批准后方可开展经营活动,具体经营项目以相关部门批准文件或许可证件为准",
    "依法须经批准的项目,经相关部门批准后方可开展经营活动",
    "依法须经批准的项目,经相关部门批准后依批准的内容开展经营活动",
    "依法须经批准的项目,经相关部门批准后方可经营",
    "依法须经批准的项目,经批准后方可开展经营活动",
    "具体经营项目以审批结果为准",
    "以上经营范围不含国家法律法规规定禁止、限制和许可经营的项目",
    "上述经营范围不含国家法律法规规定禁止、限制和许可经营的项目",
    "法律、法规禁止的,不得经营;应经审批的,未获审批前不得经营",
    "法律、法规禁止的不得经营,应经审批的未获审批前不得经营",
    "法律、行政法规、国务院决定规定应当许可(审批)的,经审批机关批准后凭许可(审批)文件经营",
    "法律、行政法规、国务院决定规定无需许可(审批)的,市场主体自主选择经营",
    "法律、行政法规、国务院决定规定禁止的不得经营",
    "法律、行政法规、国务院决定禁止的项目不得经营",
    "法律、行政法规禁止的项目不得经营",
    "凡涉及许可证、专项审批的,凭有效证件经营",
    "涉及许可经营的,凭许可证经营",
    "涉及许可证的,凭许可证经营",
    "凭营业执照依法自主开展经营活动",
    "在许可证有效期内经营",
)
_ANY_COMMA: Final = "[,、;:]?"
_PHRASE: Final = "|".join(_ANY_COMMA.join(map(re.escape, re.split("[,、;]", phrase))) for phrase in _PHRASES)
_BY_PERMIT: Final = r"凭[^;。,、()凭]{0,30}?(?:许可证|批准文件|资质证书|备案凭证)[^;。,、()]{0,8}?经营"
_NUMERALS: Final = "一二三四五六七八九十"
_COUNT: Final = rf"(?:[0-9]{{1,2}}|[{_NUMERALS}]{{1,3}})"
_AT_START: Final = r"(?<![^;。:\s、,)])"

_FIRST: Final = "".join(sorted({phrase[0] for phrase in _PHRASES}))

# Nearly every place is passed over by its first character alone.
_TOKEN: Final = re.compile(
    rf"(?=[(\[【〔《;。、, \n\r\t\v\f\x85\u2028\u20290-9\u2460-\u2473{_NUMERALS}前后许经凭{_FIRST}])(?:"
    rf"(?P<boilerplate>\(?(?:{_PHRASE}|{_BY_PERMIT})[。.]?\)?)"
    r"|(?P<heading>(?:前置|后置)?(?:(?:一般|许可)(?:经营)?(?:项目|范围)|经营范围)[ ]?:)"
    rf"|(?P<numbering>{_AT_START}(?:{_COUNT}[、.](?![0-9{_NUMERALS}])|\({_COUNT}\))|[\u2460-\u2473])"
    r"|(?P<bracket>[(\[【〔《])"
    r"|(?P<hard>[;。\n\r\t\v\f\x85\u2028\u2029])"
    r"|(?P<soft>[、,]|(?<=[^\x00-\x7f])[ ]+(?=[^\x00-\x7f])))"
)
_MARKS: Final = {
    "boilerplate": MarkKind.BOILERPLATE,
    "heading": MarkKind.HEADING,
    "numbering": MarkKind.NUMBERING,
}
_NOTHING: Final = frozenset({"无", "暂无", "/", "*", "**", "***", "-", "—", "——"})
_ENDING: Final = " .\u200b\ufeff"  # around an item: space, a Western full stop, stray invisible characters


class _Cutter:
    """One pass over one text: where the open piece began, under which heading, and what was found."""

    def __init__(self, folded: str) -> None:
        self.folded = folded
        self.pieces: list[Piece] = []
        self.marks: list[Mark] = []
        self._section = Section.UNSTATED
        self._begun = 0
        self._joined = False

    def run(self) -> None:
        spans = bracket_spans(self.folded)
        at = 0
        while (found := _TOKEN.search(self.folded, at)) is not None:
            start, kind = found.start(), found.lastgroup
            inside = spans.get(start)
            if inside is not None and found.end() != inside:
                at = inside  # a bracketed stretch stays with its item
            elif kind == "bracket":
                at = found.end()  # without partner: a character like any other
            else:
                self._token(found)
                at = found.end()
        self._close(len(self.folded), joins=False)

    def _token(self, found: re.Match[str]) -> None:
        kind = found.lastgroup or ""
        self._close(found.start(), joins=kind == "soft")
        self._begun = found.end()
        if kind in _MARKS:
            self.marks.append(Mark(_MARKS[kind], found.start(), found.end()))
        if kind == "heading":
            self._section = _section(found.group())

    def _close(self, end: int, *, joins: bool) -> None:
        """End the open piece, if there is one; `joins` says whether the next belongs to the same run."""
        raw = self.folded[self._begun : end]
        start = self._begun + len(raw) - len(raw.lstrip(_ENDING))
        stop = start + len(raw.strip(_ENDING))
        if stop > start and item_key(self.folded[start:stop]) in _NOTHING:
            self.marks.append(Mark(MarkKind.NONE_STATED, start, stop))
            joins = False
        elif stop > start:
            self.pieces.append(Piece(start, stop, self._section, self._joined))
        else:
            joins = joins and self._joined
        self._joined = joins


def _section(heading: str) -> Section:
    if "一般" in heading:
        return Section.GENERAL
    return Section.LICENSED if "许可" in heading else Section.UNSTATED


def cut(folded: str) -> tuple[list[Piece], list[Mark]]:
    """Pieces and marks of a folded text, each in order of place; separators between them are not yet marks."""
    cutter = _Cutter(folded)
    cutter.run()
    return cutter.pieces, cutter.marks
