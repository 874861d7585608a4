"""Cutting a business scope into pieces: section headings, standing phrases, list numbers, separators.

What is not a piece is a mark with a kind, so that nothing of the text is ever unaccounted for. Linear in the
length of the text: the expressions repeat nothing without a bound.
"""

import re
from typing import Final

from hub.registry.scope.headings import LONGEST, change_opening, heading, opening
from hub.registry.scope.phrases import CompactText, standing_bracket, standing_sentence, told_by_bracket
from hub.registry.scope.pieces import MarkKind, ScopeMark, ScopePiece, Section
from hub.registry.scope.reach import ScopeReach
from hub.registry.scope.statements import Effect, ScopeStatement, StatementPosition
from hub.registry.scope.text import bracket_spans, item_key

_NUMERALS: Final = "一二三四五六七八九十"
_COUNT: Final = rf"(?:[0-9]{{1,2}}|[{_NUMERALS}]{{1,3}})"
_AT_START: Final = r"(?<![^;。:\s、,)])"
_BEGINNINGS: Final = (  # of most standing sentences
    "依除凭仅限由具市经以上下法国涉凡不开请分该本许前述商企后第最末其上需须持取按在未"
    "有应可自筹此另无属限详生一卫食药国审批《"
)

# Nearly every place is passed over by its first character alone.
_TOKEN: Final = re.compile(
    rf"(?=[(\[【〔《;。、,: \n\r\t\v\f\x85\u2028\u2029→*※■★变更调修现0-9\u2460-\u2473{_NUMERALS}前后许经主兼{_BEGINNINGS}])(?:"
    r"(?P<heading>(?:前置|后置)?(?:一般|许可)(?:经营)?(?:项目|范围|事项)[是为]?[ ]*:|经营范围[是为]?[ ]*:"
    r"|(?<![^;。\s,)])(?:主营|兼营)(?:项目|范围)?[ ]*:)"
    rf"|(?P<numbering>{_AT_START}(?:{_COUNT}[、.](?![0-9{_NUMERALS}])|\({_COUNT}\))|[\u2460-\u2473])"
    r"|(?P<colon>:)"
    r"|(?P<change>(?:现(?:已)?(?:经营范围)?)?(?:变更|更改|调整|修改|变动)(?:登记)?[为成])"
    r"|(?P<stars>(?<=[^;。、,:(\n\r→*※■★])[*※■★]{2,}+[ ]*+(?=[^;。、,:()\s#→])|(?<=[^\x00-\x7f。、→])[*※■★]++(?=[^\x00-\x7f。、→]))"
    r"|(?P<bracket>[(\[【〔《])"
    r"|(?P<hard>[;。\n\r\t\v\f\x85\u2028\u2029→])"
    r"|(?P<soft>[、,]|(?<=[^\x00-\x7f])[ ]+(?=[^\x00-\x7f]))"
    rf"|(?P<sentence>{_AT_START}[{_BEGINNINGS}]|(?<![;。:\s、,)])(?:凭|依法|仅限|限于?分|限[^;。、,()]{{0,12}}分|经相关|除依法|由分|在分)))"
)
_MARKS: Final = {"heading": MarkKind.HEADING, "numbering": MarkKind.NUMBERING}
_NOTHING: Final = frozenset({"无", "暂无", "/", "*", "**", "***", "-", "—", "——"})
_ENDING: Final = " .\u200b\ufeff"  # around an item: space, a Western full stop, stray invisible characters
_FILLING: Final = "*※■★# "  # fills the rest of a line behind the last item
_OPENING: Final = frozenset("([【〔")
_KINDS: Final = {
    Effect.PLAIN: MarkKind.BOILERPLATE,
    Effect.BRANCH: MarkKind.BRANCH_ONLY,
    Effect.EXCLUDED: MarkKind.EXCLUSION,
    Effect.UNCLEAR: MarkKind.EXCLUSION,
    Effect.PAST: MarkKind.PAST,
    Effect.CURRENT: MarkKind.HEADING,
    Effect.OWN: MarkKind.HEADING,
}
_OPENS: Final = frozenset("下前后原现为分子由")  # in the words of every heading that needs no colon


class _Cutter:
    """One pass over one text: where the open piece began, under which heading, and what was found."""

    def __init__(self, folded: str) -> None:
        self.folded = folded
        self.reach = ScopeReach()
        self.marks: list[ScopeMark] = []
        self._compact = CompactText(folded)
        self._section = Section.UNSTATED
        self._begun = 0
        self._last_change = max(
            folded.rfind(word) for word in ("变更为", "更改为", "调整为", "修改为", "变动为")
        )
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
            elif kind == "change":
                at = self._changed(start, found.end())
            elif kind in {"colon", "heading"} and self._headed(found.end(), found.group()):
                at = found.end()
            elif kind in {"bracket", "sentence", "colon"}:
                at = found.end()  # without partner, or no whole sentence: a character like any other
            else:
                self._token(found)
                at = found.end()
        self._close(len(self.folded), link="")

    def _standing(self, start: int, kind: str, stop: int | None) -> tuple[ScopeStatement, int] | None:
        """What the bracket or sentence at this place says, and its end, when it is no part of an item."""
        if kind not in {"bracket", "sentence", "numbering"}:
            return None
        if stop is not None:
            said = self._bracket(start, stop) if self.folded[start] in _OPENING else None
            return None if said is None else (said, stop)
        return standing_sentence(self._compact, start + (kind == "bracket"))

    def _bracket(self, start: int, stop: int) -> ScopeStatement | None:
        said = standing_bracket(self._compact, start, stop)
        if said is None and not self._is_open(start):
            told = told_by_bracket(self._compact, start, stop)
            # What such a bracket lists is listed in it: nothing outside is in reach.
            said = (
                ScopeStatement(told, StatementPosition.HERE)
                if told in {Effect.EXCLUDED, Effect.PAST}
                else None
            )
        return said

    def _is_open(self, end: int) -> bool:
        """Whether a piece is open before this place."""
        return any(one not in _ENDING for one in self.folded[max(self._begun, end - 200) : end])

    def _mark_standing(self, start: int, said: ScopeStatement, end: int) -> int:
        is_open = self._is_open(start)
        end = self._behind_colon(end)
        self._close(start, link=self._link)
        effect, pieces = said.effect, self.reach.pieces
        follows = self._is_followed(end)
        if effect is not Effect.PLAIN:
            if said.place is StatementPosition.ABOVE:
                self.reach.above(effect, said.chosen)
            elif said.place is StatementPosition.BELOW:
                self._below(effect, attached=is_open and not follows)
            elif effect is not Effect.BRANCH:
                self.reach.pass_none()
            elif not is_open and follows and self._is_parted(start):
                first = len(pieces) == self.reach.section_begun
                self.reach.begin(effect, ends="" if first else ";")
            elif not is_open and self._is_parted(start, ";。\n"):
                self.reach.loose(effect)
            else:
                self.reach.here(effect)
        self.marks.append(ScopeMark(_KINDS[effect], start, end))
        self._begun, self._link = end, ""
        return end

    def _below(self, effect: Effect, *, attached: bool) -> None:
        """A statement about what follows; 变更前 and 变更后 in a bracket behind an item speak of that item."""
        if not attached or effect not in {Effect.PAST, Effect.CURRENT}:
            self.reach.begin(effect)
        elif effect is Effect.PAST:
            self.reach.here(effect)

    def _behind_colon(self, end: int) -> int:
        """The same place, or behind the colon that makes a heading of what ends here."""
        colon = _COLON.match(self.folded, end)
        return end if colon is None else colon.end()

    def _changed(self, start: int, end: int) -> int:
        """变更为 within a clause: what follows is the scope of today."""
        self._close(start, link=self._link)
        end = self._behind_colon(end)
        self.reach.begin(Effect.CURRENT)
        self.marks.append(ScopeMark(MarkKind.HEADING, start, end))
        self._begun, self._link = end, ""
        return end

    def _is_followed(self, end: int) -> bool:
        """Whether an item stands directly behind."""
        rest = self.folded[end : end + 8].lstrip(" ")
        return bool(rest) and rest[0] not in _AFTER

    def _is_parted(self, start: int, by: str = ";。\n、,→") -> bool:
        """Whether one of these stands between the last piece of the section and this place, or there is no such piece."""
        pieces = self.reach.pieces
        if len(pieces) == self.reach.section_begun:
            return True
        return any(one in by for one in self.folded[max(pieces[-1].end, start - 200) : start])

    def _headed(self, end: int, token: str) -> bool:
        """Whether the words before a colon are a heading of reach; if so, it holds from here."""
        first, stop = self._compact.at(self._begun), self._compact.at(end) - 1
        first = max(first, stop - LONGEST - 1)
        found = heading(self._compact.text[first:stop])
        if found is None:
            return False
        start = self._compact.start(first + found[1])
        self._close(start, link=self._link)
        if len(token) > 1:
            self._section = _section(token)
        self.reach.begin(found[0].effect)
        self.marks.append(ScopeMark(_KINDS[found[0].effect], start, end))
        self._begun, self._link = end, ""
        return True

    def _token(self, found: re.Match[str]) -> None:
        kind, text = found.lastgroup or "", found.group()
        self._close(found.start(), link=text.strip() or "," if kind == "soft" else "")
        self._begun = found.end()
        if kind in _MARKS:
            self.marks.append(ScopeMark(_MARKS[kind], found.start(), found.end()))
        if kind == "heading":
            self._section = _section(text)
            self.reach.heading()
        elif kind == "numbering":
            self.reach.number(_number_kind(text))
        elif kind == "hard":
            self.reach.part(text)

    def _close(self, end: int, *, link: str) -> None:
        """End the open piece, if there is one; `link` is what ties the next one to its run."""
        raw = self.folded[self._begun : end]
        start = self._begun + len(raw) - len(raw.lstrip(_ENDING))
        stop = start + len(raw.strip(_ENDING))
        start = self._opened(start, stop)
        if stop > start and _is_nothing(self.folded[start:stop]):
            self.marks.append(ScopeMark(MarkKind.NONE_STATED, start, stop))
            self.reach.pass_none()
            link = ""
        elif stop > start:
            stop = start + len(self.folded[start:stop].rstrip(_FILLING)) or stop
            self.reach.add(start, max(stop, start + 1), self._section, self._link)
        else:
            link = link if self._link else ""
        self._link = link

    def _opened(self, start: int, stop: int) -> int:
        """Where the piece begins behind a heading that no colon ends."""
        if _OPENS.isdisjoint(self.folded[start : min(stop, start + LONGEST)]):
            return start
        first = self._compact.at(start)
        said = self._compact.text[first : min(self._compact.at(stop), first + LONGEST)]
        changed = change_opening(said) if start < self._last_change else 0
        found = (ScopeStatement(Effect.PAST, StatementPosition.BELOW), changed) if changed else opening(said)
        if found is None:
            return start
        end = self._compact.place(first + found[1])
        self.reach.begin(found[0].effect, ends=";," if found[0].place is StatementPosition.HERE else "")
        self.marks.append(ScopeMark(_KINDS[found[0].effect], start, end))
        self._link = ""
        return end + len(self.folded[end:stop]) - len(self.folded[end:stop].lstrip(_ENDING))


_AFTER: Final = frozenset(";。、,:.()[]【】〔〕\n\r\t→")


_COLON: Final = re.compile("[ ]*+:")


def _is_nothing(said: str) -> bool:
    """Whether a piece is 无, or filling alone."""
    return not said.strip(_FILLING) or item_key(said) in _NOTHING


def _number_kind(text: str) -> str:
    """The same for all numbers of one list: their bracket or circle, and Chinese or Western figures."""
    first = text.strip("()")[0]
    if not first.isascii() and first not in _NUMERALS:
        return "①"
    return f"{'(' if text.startswith('(') else ''}{'1' if first.isascii() else '一'}"


def _section(heading: str) -> Section:
    if "一般" in heading:
        return Section.GENERAL
    return Section.LICENSED if "许可" in heading else Section.UNSTATED


def cut(folded: str) -> tuple[list[ScopePiece], list[ScopeMark]]:
    """Return pieces and marks of a folded text, each in order of place; separators between them are not yet marks."""
    cutter = _Cutter(folded)
    cutter.run()
    return cutter.reach.pieces, cutter.marks
