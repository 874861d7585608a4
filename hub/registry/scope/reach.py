"""How far what a scope says of other items reaches, and what becomes of the pieces in reach.

A heading (不得从事: · 下属分支机构经营: · 原经营范围:) holds to the next heading; one directly behind it, or 无, is no end of it
yet. Behind a full stop or a line end the list may be over or go on: what follows is left to a person, up to the next
heading. So it is behind the next number when the heading had a number of the same kind; where the list itself is
numbered, its next number goes on with it. 以上项目 reaches back to the heading; 后两项 counts items, and where semicolons and
commas give different items, those in one count only are left to a person. What 原经营范围 begins ends with 现经营范围 alone.
"""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Final

from hub.registry.scope.pieces import MarkKind, ScopePiece, Section
from hub.registry.scope.statements import ChosenItems, Effect

_ASIDE: Final = {Effect.EXCLUDED: MarkKind.EXCLUSION, Effect.PAST: MarkKind.PAST}
_ENDS: Final = frozenset("。\n\r\v\f\x85\u2028\u2029")
_LONGEST_COUNTED: Final = 200  # pieces; whoever counts items counts few, and counting again stays bounded


class ScopeReach:
    """The pieces of one text, as far as it is read, and what holds for the next one."""

    def __init__(self) -> None:
        self.pieces: list[ScopePiece] = []
        self.section_begun = 0  # the first piece under the heading
        self._below: Effect | None = None
        self._is_fresh = False  # nothing stands behind its heading yet
        self._is_unsure = False  # its list may be over
        self._ends = _ENDS
        self._told: dict[Effect, int] = {}  # up to which piece an effect was told of everything above
        self._since = 0  # the first piece of the scope before a change
        self._is_past = False
        self._number = ""  # the kind of the number directly before
        self._heading_number = self._list_number = ""

    def add(self, start: int, stop: int, section: Section, link: str) -> None:
        """Add a piece, with what the heading above says of it."""
        if link == "," and link in self._ends:
            self._is_unsure = True
        doubtful = self._below is Effect.UNCLEAR or (self._below is not None and self._is_unsure)
        below = None if doubtful else self._below
        aside = None if below is None else _ASIDE.get(below)
        self.pieces.append(ScopePiece(start, stop, section, link, below is Effect.BRANCH, doubtful, aside))
        self.pass_none()

    def pass_none(self) -> None:
        """Pass by 无, or anything else that stands where an item would."""
        self._is_fresh, self._number = False, ""

    def heading(self) -> None:
        """End what holds at 一般项目 and the like, unless a heading of reach stands directly before."""
        self.section_begun = len(self.pieces)
        self._number = ""
        if self._is_past and not self._is_fresh:
            self._below, self._is_unsure = Effect.PAST, True
        elif not self._is_fresh:
            self._below = None

    def part(self, separator: str) -> None:
        """Note a separator that may end a list."""
        if separator in self._ends and not self._is_fresh:
            self._is_unsure = True

    def number(self, kind: str) -> None:
        """Note a list number; `kind` is the same for 1、 and 2、."""
        if self._is_fresh:
            self._list_number = kind
        elif kind == self._list_number:
            self._is_unsure = False
        elif kind == self._heading_number:
            self._is_unsure = True
        self._number = kind

    def begin(self, effect: Effect, *, ends: str = "") -> None:
        """Begin what a heading of reach says. `ends`: separators that leave what follows to a person, beside those that always do."""
        if effect is Effect.OWN:
            self._is_fresh = False
            self.heading()
            return
        if effect is Effect.CURRENT:
            self._change()
            return
        if effect is Effect.PAST:
            self._is_past, self._since = True, len(self.pieces)
        self.section_begun = len(self.pieces)
        self._below, self._is_fresh, self._is_unsure = effect, True, False
        self._heading_number, self._list_number, self._number = self._number, "", ""
        self._ends = _ENDS | frozenset(ends)

    def _change(self) -> None:
        """What follows is the scope of today; what came before is past, or in doubt when nothing said so."""
        places = range(self._since, len(self.pieces))
        if self._is_past:
            self._tell(places, Effect.PAST)
        else:
            self._tell(places, Effect.UNCLEAR)
        self._since = self.section_begun = len(self.pieces)
        self._below, self._is_past, self._is_fresh, self._is_unsure = None, False, False, False
        self._number = ""

    def above(self, effect: Effect, chosen: ChosenItems | None) -> None:
        """Apply what is said of everything since the heading, or of the items chosen of it."""
        if chosen is None:
            self._tell_above(effect)
            return
        certain, possible = self._counted(chosen)
        self._tell(certain, effect)
        if possible is None:
            self._tell_above(Effect.UNCLEAR)
        else:
            self._tell(possible - certain, Effect.UNCLEAR)

    def here(self, effect: Effect) -> None:
        """Apply what is said of the last piece; of those that only 、 and commas part from it a person decides."""
        last = len(self.pieces) - 1
        first = last
        while first > 0 and self.pieces[first].link:
            first -= 1
        self._tell(range(max(first, 0), last), Effect.UNCLEAR)
        self._tell(range(max(last, 0), last + 1), effect)

    def loose(self, effect: Effect) -> None:
        """Apply what is said behind a separator: of the last piece, or of more of them."""
        last = len(self.pieces) - 1
        self._tell_above(Effect.UNCLEAR, last)
        self._tell(range(max(last, self.section_begun), last + 1), effect)

    def _tell_above(self, effect: Effect, end: int | None = None) -> None:
        end = len(self.pieces) if end is None else end
        self._tell(range(max(self.section_begun, self._told.get(effect, 0)), end), effect)
        self._told[effect] = max(end, 0)

    def _tell(self, places: Iterable[int], effect: Effect) -> None:
        for place in places:
            piece = self.pieces[place]
            if effect is Effect.UNCLEAR:
                self.pieces[place] = replace(piece, doubtful=True)
            elif effect is Effect.BRANCH:
                self.pieces[place] = replace(piece, branch_only=True)
            else:
                self.pieces[place] = replace(piece, aside=_ASIDE.get(effect, piece.aside))

    def _counted(self, chosen: ChosenItems) -> tuple[set[int], set[int] | None]:
        """The pieces chosen for certain, and those perhaps chosen; None for these when the list is shorter."""
        first, end = self.section_begun, len(self.pieces)
        if end - first > _LONGEST_COUNTED:
            return set(), None
        starts = [i for i in range(first, end) if i == first or not self.pieces[i].link]
        runs = list(pairwise([*starts, end])) if starts else []
        single = [(i, i + 1) for i in range(first, end)]
        counts = [single] if len(runs) == 1 else [runs, single]
        found: list[set[int]] = []
        for units in counts:
            places = chosen.places(len(units))
            if places is None:
                return set(), None
            found.append({i for place in places for i in range(*units[place])})
        return set.intersection(*found), set.union(*found)
