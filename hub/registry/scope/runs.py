"""Runs of pieces that only 、 or commas part: which of them say what is not carried on, and which are no items alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hub.registry.scope.exclusions import (
    closes_exclusion,
    is_except,
    is_of_all_above,
    opens_exclusion,
    stated_behind,
)
from hub.registry.scope.pieces import ScopePiece
from hub.registry.scope.text import item_key

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
_LONGEST_LIST: Final = 20  # things between 除 and 外


@dataclass(frozen=True, slots=True)
class PieceGroup:
    """Pieces of one run that are read alike: excluded, or one item as a `whole` (除…外的…), or tried for spellings."""

    pieces: list[ScopePiece]
    is_excluded: bool = False
    is_whole: bool = False


def runs_of(pieces: Sequence[ScopePiece]) -> Iterator[list[ScopePiece]]:
    """Yield pieces that belong together: nothing but 、 or a comma parts each from the one before, and all are set aside or none."""
    run: list[ScopePiece] = []
    for piece in pieces:
        if run and (not piece.link or piece.aside is not run[-1].aside):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def is_bare(text: str) -> bool:
    """Return whether a piece says only what is done, so that it belongs to the piece before it."""
    return len(text) <= _LONGEST_VERB and item_key(text) in _BARE_VERBS


def without_exclusions(run: Sequence[ScopePiece], text: str) -> Iterator[PieceGroup]:
    """Yield a run in groups. A list that 不含 begins goes on over every 、; behind a comma after it a person decides.

    Unless 以上项目不含 began it: that names all of the list.

    Where a list ends in 除外 nobody is told where it began: what 、 joins to it is left to a person as well.
    """
    keys = [item_key(text[piece.start : piece.end]) for piece in run]
    before_closing = _before_closing(run, keys)
    place = 0
    doubtful = False
    while place < len(run):
        end = _list_end(run, keys, place)
        if end == place:
            unsure = doubtful or place in before_closing
            yield PieceGroup([replace(run[place], doubtful=True) if unsure else run[place]])
            place += 1
        else:
            whole = is_except(keys[place]) and stated_behind(keys[end - 1])
            yield PieceGroup(list(run[place:end]), is_excluded=not whole, is_whole=whole)
            doubtful = doubtful or not whole
            place = end


def _list_end(run: Sequence[ScopePiece], keys: Sequence[str], place: int) -> int:
    """Behind the last piece of the excluded list that begins at `place`; `place` itself when none does."""
    if closes_exclusion(keys[place]):
        return place + 1
    if not opens_exclusion(keys[place]):
        return place
    end = place + 1
    if is_except(keys[place]) and not stated_behind(keys[place]):
        behind = next(
            (i for i in range(end, min(len(run), end + _LONGEST_LIST)) if stated_behind(keys[i])), None
        )
        if behind is not None:
            return behind + 1
    joints = "、," if is_of_all_above(keys[place]) else "、"  # what speaks of the whole scope closes it
    while end < len(run) and run[end].link in joints:
        end += 1
    return end


def _before_closing(run: Sequence[ScopePiece], keys: Sequence[str]) -> set[int]:
    """The places whose piece 、 joins to a later one that closes a list."""
    found: set[int] = set()
    closing = False
    for place in range(len(run) - 1, -1, -1):
        if closing:
            found.add(place)
        closing = (closing or closes_exclusion(keys[place])) and run[place].link == "、"
    return found
