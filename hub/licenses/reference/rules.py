"""Reference data: the tables by which licenses are judged, as they are in force on one legal day.

A `Reference` is a value that is handed in where the hub is put together, as the visibility matrix is; nothing below reads a
table from a module's memory.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache

from hub.kernel.calendar.rules import Calendar
from hub.kernel.messages import Message
from hub.licenses.catalogue.rules import LicenseCatalogue, LicenseNature, LicenseType, Window, renewal_window
from hub.licenses.tiers.rules import RequiredPermit
from hub.licenses.tiers.vocabulary import PriorTerm, Reform
from hub.registry.scope.items import PermitNeed, ScopeCatalogue, ScopeItem

WINDOWS_KEPT = (
    65_536  # kinds × last days met in a city; a window in working days costs a walk over the calendar
)
DAYS_KEPT = 64  # legal days asked for in one process: today, and a few that reports and tests look back to


class Reference:
    """Kinds of license, items of business scopes and working days, all of one legal day.

    Compared by identity: `ReferenceTables` makes one for each state of the tables, so that whatever was computed from
    it can be kept under it.
    """

    def __init__(self, types: LicenseCatalogue, items: ScopeCatalogue, calendar: Calendar) -> None:
        self.types = types
        self.items = items
        self.calendar = calendar
        self.window_of = lru_cache(maxsize=WINDOWS_KEPT)(self._window_of)
        self._permits_of = cache(self._read_permits)

    def find(self, type_code: str) -> LicenseType | None:
        """The kind of license with that code, None for a code outside the catalogue."""
        return self.types.find(type_code)

    def title_of(self, type_code: str) -> Message:
        """The name of a kind of license; its code when the catalogue does not know it."""
        kind = self.find(type_code)
        return Message(type_code, type_code) if kind is None else kind.title

    def nature_of(self, type_code: str) -> LicenseNature:
        """A kind outside the catalogue counts as a permit: the strictest reading."""
        kind = self.find(type_code)
        return LicenseNature.PERMIT if kind is None else kind.nature

    def requirements(self, item_codes: Iterable[str]) -> tuple[RequiredPermit, ...]:
        """What the items of a business scope call for, each item once; codes outside the catalogue call for nothing."""
        found = (self._permits_of(code) for code in sorted(set(item_codes)))
        return tuple(permit for permits in found for permit in permits)

    def _window_of(self, type_code: str, valid_to: date | None) -> Window | None:
        """When a license of this kind, valid through that day, is to be renewed; None for kinds outside the catalogue."""
        kind = self.find(type_code)
        return None if kind is None else renewal_window(kind, valid_to, self.calendar)

    def _read_permits(self, item_code: str) -> tuple[RequiredPermit, ...]:
        item = self.items.by_code.get(item_code)
        return () if item is None else tuple(self._required(item, need) for need in item.permits)

    def _required(self, item: ScopeItem, need: PermitNeed) -> RequiredPermit:
        """A permit that the license catalogue does not list is still called for, under its name."""
        kind = self.types.by_name(need.permit)
        return RequiredPermit(
            type_code=need.permit if kind is None else kind.code,
            item_code=item.code,
            nature=LicenseNature.PERMIT if kind is None else kind.nature,
            site_bound=item.site_bound if kind is None else kind.site_bound,
            reform=Reform.NONE if need.reform_mode is None else Reform(need.reform_mode.value),
            prior=PriorTerm(need.prior.value),
            condition=need.condition,
        )


class ReferenceTables:
    """All dated rows, from which the reference data of any legal day is told. Made once per process; shared by threads."""

    def __init__(self, types: Iterable[LicenseType], items: ScopeCatalogue, calendar: Calendar) -> None:
        self._types = tuple(types)
        self._items = items
        self._calendar = calendar
        self._days: dict[date, Reference] = {}

    def on(self, day: date) -> Reference:
        """What is in force on that legal day; the same value while no table changes."""
        known = self._days.get(day)
        if known is None:
            known = self._made(in_force(self._types, day))
            if len(self._days) >= DAYS_KEPT:
                self._days.clear()
            self._days[day] = known
        return known

    def _made(self, types: tuple[LicenseType, ...]) -> Reference:
        """Most days have the same rows as the one before: they share one value, and what is kept under it."""
        same = (each for each in tuple(self._days.values()) if each.types.types == types)
        return next(same, None) or Reference(LicenseCatalogue(types), self._items, self._calendar)


def in_force(rows: Iterable[LicenseType], day: date) -> tuple[LicenseType, ...]:
    """The row of each kind for a legal day: the one in force, or the last that was, since licenses outlive their kind.

    A kind whose first row begins later is not among them. Of two rows that are in force the later begun counts.
    """
    begun = (row for row in rows if row.valid_from <= day)
    ranked = sorted(begun, key=lambda row: (row.valid_to is None or day <= row.valid_to, row.valid_from))
    return tuple({row.code: row for row in ranked}.values())
