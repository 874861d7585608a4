"""The list of exceptions as doors ask it and as officials see it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.kernel.identifiers import IdentifierError, normalise_uscc, parse_uscc
from hub.kernel.paging import NewestPage, newest_page
from hub.registry.exceptions.models import UsccException
from hub.registry.models import Enterprise


@dataclass(frozen=True, slots=True)
class ExceptionView:
    id: UUID
    code: str
    check_holds: bool
    reason: str
    source: str
    asked_by: str
    decided_by: str
    added_at: datetime
    ended_at: datetime | None
    end_reason: str | None
    end_asked_by: str | None
    end_decided_by: str | None


def codes_on_list(session: Session) -> frozenset[str]:
    """Return every code that stands on the list now; read once for a file. One statement."""
    return frozenset(session.scalars(select(UsccException.code).where(UsccException.ended_at.is_(None))))


def without_codes() -> Select[str]:
    """Select credit codes that no code for scanning can carry (`hub.registry.exceptions.rules.check_holds`), for a statement."""
    return select(UsccException.code).where(UsccException.check_holds.is_(False))


def known_code(text: str, *, db: Database) -> str:
    """Return the code that a person typed: one whose checks hold, that stands on the list, or of an enterprise of the hub.

    Raises: IdentifierError.
    """
    try:
        return parse_uscc(text).code
    # The code may hold data already although its exception has ended: its enterprise must still be found.
    except IdentifierError:
        code = normalise_uscc(text)
        listed = exists().where(UsccException.code == code, UsccException.ended_at.is_(None))
        with db.read() as session:
            is_known = session.scalar(select(or_(listed, exists().where(Enterprise.uscc == code))))
        if not is_known:
            raise
        return code


def exceptions_page(
    session: Session, *, words: str = "", is_ended: bool = False, before: UUID | None = None, limit: int = 50
) -> NewestPage[ExceptionView]:
    """Return a page of the list, newest first: codes, reasons and sources that hold `words`. One statement."""
    ended = UsccException.ended_at
    statement = select(UsccException).where(ended.is_not(None) if is_ended else ended.is_(None))
    if words:
        statement = statement.where(
            or_(
                UsccException.code.contains(normalise_uscc(words), autoescape=True),
                UsccException.reason.contains(words, autoescape=True),
                UsccException.source.contains(words, autoescape=True),
            )
        )
    return newest_page(
        session, statement, UsccException.id, lambda row: view_of(row[0]), before=before, limit=limit
    )


def exception_of(session: Session, exception_id: UUID) -> ExceptionView:
    """Return one entry of the list. Raises: NotFoundError."""
    row = session.get(UsccException, exception_id)
    if row is None:
        raise NotFoundError
    return view_of(row)


def view_of(row: UsccException) -> ExceptionView:
    return ExceptionView(**{name: getattr(row, name) for name in ExceptionView.__dataclass_fields__})
