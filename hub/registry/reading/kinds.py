"""A kind of row that departments report, declared: its fields and how they are read, how it is stored, what a change is.

A new kind is such a declaration, its table and the file of a source (docs/feeds.md).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, tzinfo
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol, TypeVar

from sqlalchemy.orm import Session

from hub.registry.reading.amounts import read_amount
from hub.registry.reading.cells import CellForm
from hub.registry.reading.days import read_day, read_optional_day
from hub.registry.reading.errors import RowRefusedError
from hub.registry.reading.holders import registered
from hub.registry.reading.values import read_text, read_uscc
from hub.registry.records import DepartmentRecord
from hub.registry.versioned import Versioned

T = TypeVar("T")
Texts = Mapping[str, str]  # by the names of fields


class ReadingContext(Protocol):
    """What a check knows besides the row: today's legal day, and the zone of days written with a time.

    `exceptions`: credit codes that are taken though they fail their check.
    """

    @property
    def today(self) -> date: ...
    @property
    def zone(self) -> tzinfo: ...
    @property
    def exceptions(self) -> frozenset[str]: ...


Finder = Callable[[Session, Sequence[Any]], Sequence[DepartmentRecord | RowRefusedError]]
Reader = Callable[[str, str, ReadingContext], Any]  # text, field, context → value. Raises: RowRefusedError


def uscc(text: str, name: str, context: ReadingContext) -> str:
    return read_uscc(text, name, context.exceptions)[0]


def line(text: str, name: str, _context: ReadingContext) -> str:
    return read_text(text, name)


def day(text: str, name: str, context: ReadingContext) -> date:
    return read_day(text, name, context.zone)


def optional_day(text: str, name: str, context: ReadingContext) -> date | None:
    return read_optional_day(text, name, context.zone)


def yuan(text: str, name: str, _context: ReadingContext) -> Decimal | None:
    return read_amount(text, name)


def one_of(words: Mapping[str, T], refusal: type[RowRefusedError]) -> Callable[[str, str, ReadingContext], T]:
    """Make a reader of a vocabulary; another word raises `refusal`."""

    def read(text: str, name: str, _context: ReadingContext) -> T:
        if text not in words:
            raise refusal(name, text)
        return words[text]

    return read


@dataclass(frozen=True, slots=True)
class FieldText:
    """One field of a kind: how its text is taken, how long it may be, and what it means.

    `max_chars`: what the table holds, or more where the text is longer than its value. `member`: of the record, when
    it is not called like the field. `read`: for kinds without a check of their own.
    """

    name: str
    form: CellForm
    max_chars: int
    read: Reader = line
    member: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What of the rows that stand a file must not change much of without a person (`hub.feeds.differences`).

    `told`: names of changes → members of the record, which the table calls alike. `days`: which of two records is the
    newer one, the first of these days that is there; before them the department's own `version`. `changes_hands`:
    whether a number that stands under another credit code is a change.
    """

    told: Mapping[str, str]
    days: tuple[str, ...]
    version: str | None = None
    changes_hands: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class RowKind:
    """One kind of row. `name`: in the files of sources. `fields`: in the order in which faults are looked for.

    `check`: makes the record, where fields depend on one another; by default each field is read for itself. `refusals`:
    those of which only rows of this kind are refused. `finders`: find out in the database what a record speaks of, and
    answer for each with the record, completed, or a refusal. `recoloured`: whether colours and counts of its enterprises
    are computed anew.
    """

    name: str
    record: type[DepartmentRecord]
    fields: tuple[FieldText, ...]
    stored: Versioned
    check: Callable[[Texts, Texts, Any], DepartmentRecord] | None = None
    watched: Watched | None = None
    refusals: tuple[type[RowRefusedError], ...] = ()
    finders: tuple[Finder, ...] = (registered,)
    recoloured: bool = False

    @cached_property
    def by_name(self) -> Mapping[str, FieldText]:
        return {each.name: each for each in self.fields}

    @cached_property
    def ends(self) -> frozenset[str]:
        """Return the fields whose absence means that there is no end."""
        return frozenset(each.name for each in self.fields if each.form is CellForm.END)

    @cached_property
    def keeps_rest(self) -> bool:
        """Whether a record keeps the columns that no field reads."""
        return "extra" in self._members

    @cached_property
    def keeps_doubts(self) -> bool:
        """Whether a record keeps marks of what is odd about it."""
        return "quality" in self._members

    @cached_property
    def _members(self) -> frozenset[str]:
        return frozenset(each.name for each in fields(self.record))  # type: ignore[arg-type]  # records are dataclasses

    def read(self, texts: Texts, rest: Texts, context: ReadingContext) -> DepartmentRecord:
        """Make the record of a row. Raises: RowRefusedError."""
        if self.check is not None:
            return self.check(texts, rest, context)
        return self.record(
            **{
                each.member or each.name: each.read(texts.get(each.name, ""), each.name, context)
                for each in self.fields
            }
        )
