"""Reference data: the tables by which licenses are judged, as they are in force on one legal day.

A `Reference` is a value that is handed in where the hub is put together, as the visibility matrix is; nothing below reads a
table from a module's memory.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, cached_property, lru_cache
from hashlib import sha256

from hub.kernel.calendar.rules import Calendar
from hub.kernel.messages import Message
from hub.licenses.catalogue.rows import type_texts
from hub.licenses.catalogue.rules import LicenseCatalogue, LicenseNature, LicenseType, Window, renewal_window
from hub.licenses.tiers.rules import RequiredPermit
from hub.licenses.tiers.vocabulary import PriorTerm, Reform
from hub.registry.scope.items import PermitNeed, ScopeCatalogue, ScopeItem

WINDOWS_KEPT = (
    65_536  # kinds × last days met in a city; a window in working days costs a walk over the calendar
)
VERSION_DIGITS = 12  # names one content among the few versions there will ever be
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

    @cached_property
    def types_version(self) -> str:
        """What colours and duties depend on besides records: the beginning of the SHA-256 of the kinds in force."""
        rows = sorted(tuple(type_texts(kind).items()) for kind in (*self.types.past, *self.types.types))
        return f"types@{sha256(repr(rows).encode()).hexdigest()[:VERSION_DIGITS]}"

    def find(self, type_code: str) -> LicenseType | None:
        """Return the kind of license with that code, None for a code outside the catalogue."""
        return self.types.find(type_code)

    def title_of(self, type_code: str) -> Message:
        """Return the name of a kind of license; its code when the catalogue does not know it."""
        kind = self.find(type_code)
        return Message(type_code, type_code) if kind is None else kind.title

    def nature_of(self, type_code: str) -> LicenseNature:
        """Return the nature of a kind; one outside the catalogue counts as a permit: the strictest reading."""
        kind = self.find(type_code)
        return LicenseNature.PERMIT if kind is None else kind.nature

    def requirements(self, item_codes: Iterable[str]) -> tuple[RequiredPermit, ...]:
        """Return what the items of a business scope call for, each item once; codes outside the catalogue call for nothing."""
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
        self.rows = tuple(types)
        self.items = items
        self.calendar = calendar
        self._days: dict[date, Reference] = {}

    def replace(self, types: Iterable[LicenseType]) -> None:
        """Go on with other dated rows of the catalogue; what was told before stays as it is."""
        self.rows, self._days = tuple(types), {}

    def on(self, day: date) -> Reference:
        """Return what is in force on that legal day; the same value while no table changes."""
        days, rows = self._days, self.rows  # of one moment: another thread may replace both
        known = days.get(day)
        if known is None:
            known = self._made(catalogue_on(rows, day), days)
            if len(days) >= DAYS_KEPT:
                days.clear()
            days[day] = known
        return known

    def _made(self, types: LicenseCatalogue, days: Mapping[date, Reference]) -> Reference:
        """Most days have the same rows as the one before: they share one value, and what is kept under it."""
        same = (each for each in tuple(days.values()) if each.types == types)
        return next(same, None) or Reference(types, self.items, self.calendar)


def catalogue_on(rows: Iterable[LicenseType], day: date) -> LicenseCatalogue:
    """Return the catalogue of a legal day: of each kind the row in force, the later begun of two, else the last that was.

    A kind whose first row begins later is not in it.
    Raises: ValueError when two kinds that are in force have one name.
    """
    begun = (row for row in rows if row.valid_from <= day)
    ranked = sorted(begun, key=lambda row: (_holds(row, day), row.valid_from))
    chosen = {row.code: row for row in ranked}.values()
    return LicenseCatalogue(
        tuple(row for row in chosen if _holds(row, day)), tuple(row for row in chosen if not _holds(row, day))
    )


def _holds(row: LicenseType, day: date) -> bool:
    """Both ends inclusive."""
    return row.valid_from <= day <= (row.valid_to or date.max)
