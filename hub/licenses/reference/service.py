"""Editing the catalogue: dated rows are added, on record; what was in force on an earlier day stays what it was."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.checks import require
from hub.access.rules import Action
from hub.kernel.actor import Doer
from hub.kernel.calendar.rules import shift_days
from hub.kernel.database import Database
from hub.kernel.locks import Lock, hold
from hub.licenses.catalogue.errors import CatalogueNotBegunError, TypeNameTakenError, TypeTwiceError
from hub.licenses.catalogue.rows import KEY, check_type, read_type, type_texts
from hub.licenses.catalogue.rules import LicenseType
from hub.licenses.reference.models import LicenseTypeRow
from hub.licenses.reference.rules import catalogue_on
from hub.trust.record import events

_CATALOGUE: Final = Lock("", "license-types")  # two who add names at once see each other's


def put_license_types(kinds: Sequence[LicenseType], *, by: Doer, now: datetime, db: Database) -> int:
    """Add rows to the catalogue, all or none; how many say anything new.

    A row counts from its first day on, until its last one or until a later row of its kind. One with the first day of a
    row that is there corrects that row. Colours and duties of the whole city follow within minutes (the worker).
    Raises: NotAllowedError, LicenseTypeError leaves, TypeNameTakenError, CatalogueNotBegunError.
    """
    require(by, Action.EDIT_CATALOGUE)
    for kind in kinds:
        check_type(kind)
    if len({(kind.code, kind.valid_from) for kind in kinds}) < len(kinds):
        raise TypeTwiceError
    return db.run(partial(_put, kinds=kinds, by=by, now=now))


def begin_catalogue(shipped: Iterable[LicenseType], *, by: Doer, now: datetime, db: Database) -> int:
    """Store the shipped row of every kind that the catalogue does not know yet; how many. Safe to run again."""

    def work(session: Session) -> int:
        hold(session, [_CATALOGUE])
        known = set(session.scalars(select(LicenseTypeRow.code).distinct()))
        rows = [_row(kind, version=1, by=by, now=now) for kind in shipped if kind.code not in known]
        if rows:
            session.add_all(rows)
            events.record(
                session,
                kind="catalogue.begun",
                uscc="",
                subject="license-types",
                by=by,
                data={"types": len(rows)},
                now=now,
                rows=rows,
            )
        return len(rows)

    return db.run(work)


def stored_types(session: Session) -> tuple[LicenseType, ...]:
    """Return every dated row that counts, by code and first day; none before `hub init` was run. One statement."""
    return tuple(_type_of(row) for row in _rows(session).values())


def _rows(session: Session) -> dict[tuple[str, date], LicenseTypeRow]:
    keys = (LicenseTypeRow.code, LicenseTypeRow.valid_from, LicenseTypeRow.version)
    return {
        (row.code, row.valid_from): row for row in session.scalars(select(LicenseTypeRow).order_by(*keys))
    }


def _put(session: Session, *, kinds: Sequence[LicenseType], by: Doer, now: datetime) -> int:
    hold(session, [_CATALOGUE])
    rows = _rows(session)
    if not rows:
        raise CatalogueNotBegunError
    known = {key: _type_of(row) for key, row in rows.items()}
    new = [kind for kind in kinds if known.get((kind.code, kind.valid_from)) != kind]
    _require_own_names({**known, **{(kind.code, kind.valid_from): kind for kind in new}}.values())
    for kind in new:
        before = rows.get((kind.code, kind.valid_from))
        row = _row(kind, version=1 if before is None else before.version + 1, by=by, now=now)
        session.add(row)
        events.record(
            session,
            kind="catalogue.type_put",
            uscc="",
            subject=kind.code,
            by=by,
            data={"valid_from": kind.valid_from.isoformat(), "version": row.version},
            now=now,
            rows=[row],
        )
    return len(new)


def _require_own_names(kinds: Iterable[LicenseType]) -> None:
    """On no day may two kinds have one name: what is in force changes only where a row begins or has ended.

    Raises: TypeNameTakenError.
    """
    rows = tuple(kinds)
    days = {row.valid_from for row in rows}
    days |= {shift_days(row.valid_to, 1) for row in rows if row.valid_to is not None}
    for day in sorted(days):
        try:
            catalogue_on(rows, day)
        except ValueError as error:
            raise TypeNameTakenError(str(error)) from error


def _row(kind: LicenseType, *, version: int, by: Doer, now: datetime) -> LicenseTypeRow:
    texts = {name: text for name, text in type_texts(kind).items() if text and name not in KEY}
    return LicenseTypeRow(
        code=kind.code,
        valid_from=kind.valid_from,
        version=version,
        valid_to=kind.valid_to,
        content=texts,
        recorded_at=now,
        recorded_by=events.pseudonym(by),
    )


def _type_of(row: LicenseTypeRow) -> LicenseType:
    period = {"valid_from": row.valid_from.isoformat()}
    if row.valid_to is not None:
        period["valid_to"] = row.valid_to.isoformat()
    return read_type({**row.content, "code": row.code, **period})
