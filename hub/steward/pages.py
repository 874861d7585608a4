"""What is read across capabilities, asked of whoever reads it: the record of acts, penalties, work that waits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hub.access.checks import reading, require
from hub.access.look_figures import LookFigure, look_figures
from hub.access.matrix import AudienceColumn, Category
from hub.access.passkey_doubts import unseen_count
from hub.access.proposals.queries import open_count
from hub.access.rules import Action
from hub.credit import queries as credit
from hub.credit.queries import PenaltyView
from hub.kernel.actor import Actor
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.licenses.visibility import told_enterprise
from hub.registry import queries as registry
from hub.registry.queries import EnterpriseView
from hub.supervision.clones.queries import open_suspicions
from hub.trust.keys.issuer import Issuer
from hub.trust.log.queries import MAX_PAGE, Entry, EntryPage, entries_about
from hub.trust.receipts import ReceiptReader, make_receipt
from hub.trust.record.queries import EventFilter, EventPage, events_page


@dataclass(frozen=True, slots=True)
class WaitingCounts:
    """How much waits for a person, besides what `CityNow` counts."""

    doubts: int
    copies: int
    proposals: int


@dataclass(frozen=True, slots=True)
class CreditPage:
    """An enterprise with the penalties that it is told of."""

    enterprise: EnterpriseView
    penalties: tuple[PenaltyView, ...]


@dataclass(frozen=True, slots=True)
class ReceiptOffice:
    """What making a receipt needs: the keys, and the address under which the hub answers."""

    issuer: Issuer
    base_url: str


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """What the public log holds about one enterprise, for somebody who may read it (`own_record`)."""

    uscc: str
    db: Database

    def page(self, cursor: str | None, *, limit: int) -> EntryPage:
        return entries_about(self.db, self.uscc, cursor, limit=limit)

    def entries(self) -> Iterator[Entry]:
        """Return every entry, newest first, read in pieces."""
        cursor: str | None = None
        while True:
            found = self.page(cursor, limit=MAX_PAGE)
            yield from found.rows
            cursor = found.next_cursor
            if cursor is None:
                return

    def receipt(self, event_id: UUID, *, office: ReceiptOffice, now: datetime) -> str:
        """Return the receipt of one entry, with its opening. Raises: as `hub.trust.receipts.make_receipt`."""
        return make_receipt(
            event_id,
            issuer=office.issuer,
            base_url=office.base_url,
            now=now,
            db=self.db,
            opened_for=ReceiptReader(self.uscc),
        )


def waiting_counts(*, by: Actor, now: datetime, db: Database) -> WaitingCounts:
    """Return how much waits for a person. Raises: NotAllowedError."""
    with reading(Action.SEE_SOURCES, by=by, db=db) as session:
        return WaitingCounts(
            doubts=unseen_count(session),
            copies=open_suspicions(session),
            proposals=open_count(session, by=by, now=now),
        )


def own_credit(uscc: str, *, by: Actor, clearance: AudienceColumn, on: date, db: Database) -> CreditPage:
    """Return the penalties of the reader's enterprise. Raises: NotFoundError, NotAllowedError."""
    require(by, Action.SEE_SPACE, uscc)
    with db.read() as session:
        enterprise = told_enterprise(registry.enterprise(session, uscc), clearance)
        told = clearance.tells(Category.PENALTIES)
        return CreditPage(enterprise, credit.penalties(session, uscc, on=on) if told else ())


def own_record(uscc: str, *, by: Actor, clearance: AudienceColumn, db: Database) -> OwnRecord:
    """Return what the log holds about the reader's enterprise.

    Raises: NotAllowedError, NotFoundError, also where the record is not told to whoever asks.
    """
    require(by, Action.SEE_LOOKS, uscc)
    if not clearance.tells(Category.USE_LOG):
        raise NotFoundError
    return OwnRecord(uscc, db)


def acts(
    wanted: EventFilter, *, by: Actor, clearance: AudienceColumn, cursor: str | None, limit: int, db: Database
) -> EventPage:
    """Return a page of the acts on record to an auditor. Raises: NotAllowedError, NotFoundError where untold."""
    _require_told(clearance)
    with reading(Action.AUDIT, by=by, db=db) as session:
        return events_page(session, wanted, cursor=cursor, limit=limit)


def looks_of(day: date, *, by: Actor, clearance: AudienceColumn, db: Database) -> tuple[LookFigure, ...]:
    """Return who looked how often on a day and in its month. Raises: NotAllowedError, NotFoundError where untold."""
    _require_told(clearance)
    with reading(Action.AUDIT, by=by, db=db) as session:
        return look_figures(session, day=day)


def receipt_of_act(
    event_id: UUID,
    *,
    office: ReceiptOffice,
    by: Actor,
    clearance: AudienceColumn,
    now: datetime,
    db: Database,
) -> str:
    """Return the receipt of any act to an auditor, with its opening.

    Raises: NotAllowedError, NotFoundError, also where untold, and as `hub.trust.receipts.make_receipt`.
    """
    _require_told(clearance)
    require(by, Action.AUDIT)
    return make_receipt(
        event_id, issuer=office.issuer, base_url=office.base_url, now=now, db=db, opened_for=ReceiptReader()
    )


def _require_told(clearance: AudienceColumn) -> None:
    """Who looked and who used what is told to auditors as the matrix says. Raises: NotFoundError."""
    if not clearance.shows(Category.USE_LOG):
        raise NotFoundError
