"""Reads about people and their roles."""

from base64 import urlsafe_b64encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from hub.access.models import Appointment, Passkey, Person
from hub.access.rules import passkey_name
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.kernel.personal import folded, may_be

MAX_ACCOUNTS = 1_000  # one screen of a command line; a hub has tens of officials


@dataclass(frozen=True, slots=True)
class Account:
    """A person in one role."""

    appointment_id: UUID
    person_id: UUID
    name: str
    role: Role
    uscc: str | None
    department: str | None
    certificate_no: str | None
    since: datetime
    ended_at: datetime | None
    passkeys: int


@dataclass(frozen=True, slots=True)
class PasskeyView:
    id: bytes
    label: str
    created_at: datetime
    used_at: datetime | None
    is_backed_up: bool

    @property
    def name(self) -> str:
        """What stands for it on record and in a session."""
        return passkey_name(self.id)

    @property
    def text(self) -> str:
        """Its identifier in base64url, as it stands in addresses."""
        return urlsafe_b64encode(self.id).rstrip(b"=").decode("ascii")


def accounts(db: Database, *, limit: int = MAX_ACCOUNTS) -> list[Account]:
    """Return the newest appointments of the whole hub first, ended ones included."""
    return _accounts(db, _statement().order_by(Appointment.id.desc()).limit(limit))


def accounts_of(*, name: str | None = None, certificate_no: str | None = None, db: Database) -> list[Account]:
    """Return the appointments of whoever has exactly this name, or this enforcement certificate, newest first.

    Both are sealed, and looked up by their blind index; what was found is compared when it is open.
    Raises: KeysError leaves.
    """
    wanted = [(Person.name, name), (Appointment.certificate_no, certificate_no)]
    statement = _statement().order_by(Appointment.id.desc()).limit(MAX_ACCOUNTS)
    with db.read() as session:
        asked = [may_be(session, column, text) for column, text in wanted if text is not None]
    found = _accounts(db, statement.where(*asked)) if asked else []
    return [row for row in found if _is(row.name, name) and _is(row.certificate_no, certificate_no)]


def _is(kept: str | None, wanted: str | None) -> bool:
    return wanted is None or folded(kept or "") == folded(wanted)


def people_of(uscc: str, *, db: Database) -> list[Account]:
    """Return everyone who acts or acted for an enterprise: those who still may first."""
    statement = _statement().where(Appointment.uscc == uscc)
    found = _accounts(db, statement.order_by(Appointment.id.desc()).limit(MAX_ACCOUNTS))
    return sorted(found, key=lambda account: account.ended_at is not None)


def roles_of(person_id: UUID, *, now: datetime, db: Database) -> list[Account]:
    """Return the roles in which this person may go on now."""
    statement = _statement().where(Appointment.person_id == person_id, Appointment.ended_at.is_(None))
    statement = statement.where(Appointment.valid_from <= now)
    statement = statement.where(Appointment.valid_to.is_(None) | (Appointment.valid_to > now))
    return _accounts(db, statement.order_by(Appointment.id))


def passkeys_of(person_id: UUID, *, db: Database) -> list[PasskeyView]:
    statement = select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.created_at)
    with db.read() as session:
        return [
            PasskeyView(row.credential_id, row.label, row.created_at, row.used_at, bool(row.is_backed_up))
            for row in session.scalars(statement)
        ]


def _statement() -> Select[Appointment, str, int]:
    keys = select(func.count()).where(Passkey.person_id == Person.id).correlate(Person).scalar_subquery()
    return select(Appointment, Person.name, keys).join(Person, Person.id == Appointment.person_id)


def _accounts(db: Database, statement: Select[Appointment, str, int]) -> list[Account]:
    with db.read() as session:
        return [
            Account(
                appointment_id=row.id,
                person_id=row.person_id,
                name=name,
                role=Role(row.role),
                uscc=row.uscc,
                department=row.department,
                certificate_no=row.certificate_no,
                since=row.valid_from,
                ended_at=row.ended_at,
                passkeys=passkeys,
            )
            for row, name, passkeys in session.execute(statement)
        ]


def names_of(person_ids: Collection[UUID], *, db: Database) -> dict[UUID, str]:
    """Return the names of those of these persons who are known. One statement."""
    with db.read() as session:
        rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
        return {row.id: row.name for row in rows}
