"""What is read of licenses and of the scope behind them, asked of whoever reads it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from hub.access.checks import reading, require
from hub.access.looks import require_entry
from hub.access.matrix import AudienceColumn, Category
from hub.access.rules import Action, may
from hub.kernel.actor import Actor
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.licenses import queries
from hub.licenses.overview import EnterpriseFilter, EnterprisePage, enterprises_page
from hub.licenses.queries import LicenseVersionView
from hub.licenses.reference.rules import Reference
from hub.licenses.space import LicenseView, Space, TierRow
from hub.licenses.visibility import ROW, UNMATCHED
from hub.registry import queries as registry
from hub.registry.queries import EnterpriseView, VersionView
from hub.registry.scope.items import ScopeCatalogue
from hub.registry.scope.review import (
    MAX_PAGE,
    UnmatchedLine,
    UnmatchedPage,
    UnmatchedText,
    commonest_unmatched,
    unmatched_count,
    unmatched_page,
)


@dataclass(frozen=True, slots=True)
class OwnLicense:
    """A license of the reader's enterprise with its history, and the duties of the scope that it fulfils."""

    space: Space
    license: LicenseView
    versions: tuple[LicenseVersionView, ...]

    @property
    def duties(self) -> tuple[TierRow, ...]:
        return tuple(row for row in self.space.tier_rows if self.license in row.covered_by)


@dataclass(frozen=True, slots=True)
class OwnChanges:
    """The space of the reader's enterprise with the history of its business license."""

    space: Space
    versions: tuple[VersionView, ...]


@dataclass(frozen=True, slots=True)
class UnmatchedFilter:
    """Which items of scopes are wanted: those that hold `words`; `guessed`: those only thought to be known."""

    words: str
    guessed: bool


@dataclass(frozen=True, slots=True)
class ScopeReview:
    """Items of scopes that nobody could read: how many, the commonest, and a page of them in their place."""

    total: int
    commonest: tuple[UnmatchedText, ...]
    page: UnmatchedPage


def own_space(
    uscc: str, *, by: Actor, clearance: AudienceColumn, on: date, reference: Reference, db: Database
) -> Space:
    """Return the space of the reader's enterprise. Raises: NotFoundError, NotAllowedError."""
    require(by, Action.SEE_SPACE, uscc)
    with db.read() as session:
        return queries.space(session, uscc, on=on, reference=reference, clearance=clearance)


def own_license(
    uscc: str,
    license_id: UUID,
    *,
    by: Actor,
    clearance: AudienceColumn,
    on: date,
    reference: Reference,
    db: Database,
) -> OwnLicense:
    """Return one license of the reader's enterprise. Raises: NotFoundError, NotAllowedError."""
    require(by, Action.SEE_SPACE, uscc)
    with db.read() as session:
        space = queries.space(session, uscc, on=on, reference=reference, clearance=clearance)
        told = clearance.tells(Category.CHANGES)
        versions = queries.license_versions(session, uscc, license_id) if told else ()
    found = space.license(license_id)
    if found is None:
        raise NotFoundError
    return OwnLicense(space, found, versions)


def own_licenses(
    uscc: str, *, by: Actor, on: date, reference: Reference, db: Database
) -> tuple[LicenseView, ...]:
    """Return the licenses of the reader's enterprise. Raises: NotFoundError, NotAllowedError."""
    require(by, Action.SEE_SPACE, uscc)
    return _held(uscc, on=on, reference=reference, db=db)


def enterprise_for(uscc: str, *, by: Actor, now: datetime, db: Database) -> EnterpriseView:
    """Return an enterprise to its own people, or under a look that stands.

    Raises: NotFoundError, NotAllowedError, LookNeededError.
    """
    require_entry(actor=by, uscc=uscc, now=now, db=db)
    with db.read() as session:
        return registry.enterprise(session, uscc)


def licenses_for(
    uscc: str, *, by: Actor, on: date, reference: Reference, now: datetime, db: Database
) -> tuple[LicenseView, ...]:
    """Return the licenses of an enterprise to its own people, or under a look that stands.

    Raises: NotFoundError, NotAllowedError, LookNeededError.
    """
    require_entry(actor=by, uscc=uscc, now=now, db=db)
    return _held(uscc, on=on, reference=reference, db=db)


def own_changes(
    uscc: str, *, by: Actor, clearance: AudienceColumn, on: date, reference: Reference, db: Database
) -> OwnChanges:
    """Return how the business license of the reader's enterprise came to be. Raises: NotFoundError, NotAllowedError."""
    space = own_space(uscc, by=by, clearance=clearance, on=on, reference=reference, db=db)
    with db.read() as session:
        versions = registry.versions(session, uscc) if clearance.tells(Category.CHANGES) else ()
    return OwnChanges(space, versions)


def may_declare(uscc: str, *, by: Actor) -> bool:
    """Return whether the reader may declare that a permit does not apply to an enterprise."""
    return may(by, Action.DECLARE_FACTS, uscc)


def duty_to_waive(space: Space, type_code: str, premises: str, *, by: Actor) -> TierRow:
    """Return the missing duty that a declaration would be about; `premises`: an id, or "" for one of the enterprise.

    Raises: NotAllowedError, NotFoundError when nothing of the kind is missing there.
    """
    require(by, Action.DECLARE_FACTS, space.enterprise.uscc)
    for row in space.missing:
        place = "" if row.item.premises_id is None else str(row.item.premises_id)
        if row.item.type_code == type_code and place == premises:
            return row
    raise NotFoundError


def enterprises(
    wanted: EnterpriseFilter,
    *,
    by: Actor,
    clearance: AudienceColumn,
    cursor: str | None,
    limit: int,
    db: Database,
) -> EnterprisePage:
    """Return a page of the enterprises that are wanted. Raises: NotAllowedError."""
    with reading(Action.SEARCH, by=by, db=db) as session:
        page = enterprises_page(session, wanted, cursor=cursor, limit=limit)
    return replace(page, rows=clearance.each(page.rows, ROW))


def scope_review(
    *,
    by: Actor,
    clearance: AudienceColumn,
    wanted: UnmatchedFilter,
    items: ScopeCatalogue,
    cursor: str | None,
    limit: int,
    db: Database,
) -> ScopeReview:
    """Return what the catalogue `items` does not know. Raises: NotAllowedError."""
    with reading(Action.EDIT_CATALOGUE, by=by, db=db) as session:
        total = unmatched_count(session)
        commonest = commonest_unmatched(session) if clearance.tells(Category.BUSINESS_LICENSE) else ()
        page = unmatched_page(
            session, items, words=wanted.words, cursor=cursor, limit=limit, guessed=wanted.guessed
        )
    return ScopeReview(total, commonest, replace(page, rows=clearance.each(page.rows, UNMATCHED)))


def _held(uscc: str, *, on: date, reference: Reference, db: Database) -> tuple[LicenseView, ...]:
    with db.read() as session:
        state = registry.enterprise(session, uscc).state
        return queries.licenses(session, uscc, entity_state=state, on=on, reference=reference)


def unmatched_to_take_away(*, items: ScopeCatalogue, by: Actor, db: Database) -> Iterator[UnmatchedLine]:
    """Return every item that the catalogue does not know, read in pieces. Raises: NotAllowedError."""
    require(by, Action.EXPORT)
    return _unmatched(items, db)


def _unmatched(items: ScopeCatalogue, db: Database) -> Iterator[UnmatchedLine]:
    cursor: str | None = None
    while True:
        with db.read() as session:
            page = unmatched_page(session, items, cursor=cursor, limit=MAX_PAGE)
        yield from page.rows
        cursor = page.next_cursor
        if cursor is None:
            return
