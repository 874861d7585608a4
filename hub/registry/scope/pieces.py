"""What a business scope is cut into: pieces that are items or parts of one, and marks for everything else."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


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
    PAST = "past"  # what an earlier scope held, before a change
    NUMBERING = "numbering"
    NONE_STATED = "none_stated"
    SEPARATOR = "separator"


@dataclass(frozen=True, slots=True)
class ScopeMark:
    kind: MarkKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ScopePiece:
    """text[start:end] is an item or a part of one.

    `link`: the 、 or comma (or, for a blank, a comma) that alone parts it from the piece before, else "".
    `branch_only`: branches carry it on, not the enterprise; `doubtful`: a person must say whether that is so.
    `aside`: why the enterprise does not carry it on at all (EXCLUSION or PAST), None when it does.
    """

    start: int
    end: int
    section: Section
    link: str
    branch_only: bool = False
    doubtful: bool = False
    aside: MarkKind | None = None


GENERAL_TAIL: Final = "除依法须经批准的项目外,凭营业执照依法自主开展经营活动"
LICENSED_TAIL: Final = "依法须经批准的项目,经相关部门批准后方可开展经营活动,具体经营项目以审批结果为准"
