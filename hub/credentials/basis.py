"""The record that a credential rests on: one license, or the face of the business license, as it stands now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from hub.credentials.rules import LicenseTerms
from hub.credentials.types import BUSINESS_LICENSE
from hub.kernel.errors import NotFoundError
from hub.kernel.instants import instant
from hub.licenses.models import License, LicenseIndex
from hub.licenses.reference.rules import Reference
from hub.licenses.rules import LicenseState
from hub.registry.models import Enterprise
from hub.registry.rules import EntityState

NO_DATES = (
    "issued_on",
    "valid_from",
    "established_on",
    "approved_on",
    "capital",
    "address",
)  # left out when absent

_LICENSE = (
    select(License, Enterprise.state)
    .join(Enterprise, Enterprise.uscc == License.uscc)
    .where(License.uscc == bindparam("of"), License.id == bindparam("license"))
)


@dataclass(frozen=True, slots=True)
class RecordSource:
    """Whose record it is, when it was received; departments do not sign what they send yet."""

    department: str
    feed: str
    received_at: datetime

    def claim(self, *, demo: bool) -> dict[str, object]:
        told: dict[str, object] = {
            "department": self.department,
            "feed": self.feed,
            "received_at": instant(self.received_at),
            "signed_by_department": False,
        }
        return told | ({"demonstration": True} if demo else {})


@dataclass(frozen=True, slots=True)
class Basis:
    """`license_id` None: the business license itself. `face` holds the claims, a date as ISO text, no end as None."""

    uscc: str
    subject: str
    license_id: UUID | None
    type_code: str
    version: int
    entity: EntityState
    state: LicenseState
    valid_from: date | None
    valid_to: date | None
    face: Mapping[str, object]
    source: RecordSource

    def terms(self, on: date) -> LicenseTerms:
        return LicenseTerms(self.entity, self.state, self.valid_from, self.valid_to, on)


def uscc_of(session: Session, subject: str) -> str:
    """Return whose license it is: `subject` is a license's id, or the USCC for the business license. Raises: NotFoundError."""
    license_id = _id(subject)
    if license_id is None:
        if session.get(Enterprise, subject) is None:
            raise NotFoundError
        return subject
    found = session.get(LicenseIndex, license_id)
    if found is None:
        raise NotFoundError
    return found.uscc


def basis_of(session: Session, uscc: str, subject: str, reference: Reference) -> Basis:
    """In one statement; `reference` names the kind of license. Raises: NotFoundError when this enterprise has no such license."""
    license_id = _id(subject)
    if license_id is None:
        enterprise = session.get(Enterprise, uscc)
        if enterprise is None or subject != uscc:
            raise NotFoundError
        return _of_business(enterprise)
    row = session.execute(_LICENSE, {"of": uscc, "license": license_id}).one_or_none()
    if row is None:
        raise NotFoundError
    return _of_license(row[0], EntityState(row[1]), reference)


def _id(subject: str) -> UUID | None:
    """None for what is not written as the hub writes a license's id."""
    try:
        found = UUID(subject)
    except ValueError:
        return None
    return found if str(found) == subject else None


def _of_license(row: License, entity: EntityState, reference: Reference) -> Basis:
    kind = reference.find(row.type_code)
    face = {
        "license_type": row.type_code if kind is None else kind.name,
        "number": row.number,
        "holder_name": row.holder_name,
        "uscc": row.uscc,
        "authority": row.issuer,
        "issued_on": _day(row.issued_on),
        "valid_from": _day(row.valid_from),
        "valid_to": _day(row.valid_to),
        "address": row.address,
    }
    return Basis(
        uscc=row.uscc,
        subject=str(row.id),
        license_id=row.id,
        type_code=row.type_code,
        version=row.version,
        entity=entity,
        state=LicenseState(row.state),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        face=_present(face),
        source=RecordSource(
            row.issuer if kind is None else kind.department.zh,
            row.source,
            row.received_at,
        ),
    )


def _of_business(row: Enterprise) -> Basis:
    face = {
        "uscc": row.uscc,
        "name": row.name,
        "entity_type": row.type_text,
        "person": row.person,
        "capital": row.capital,
        "established_on": _day(row.established_on),
        "term_to": _day(row.term_to),
        "authority": row.authority,
        "approved_on": _day(row.approved_on),
        "address": row.address,
        "scope": row.scope_text,
    }
    return Basis(
        uscc=row.uscc,
        subject=row.uscc,
        license_id=None,
        type_code=BUSINESS_LICENSE,
        version=row.version,
        entity=EntityState(row.state),
        state=LicenseState.VALID,
        valid_from=None,
        valid_to=row.term_to,
        face=_present(face),
        source=RecordSource(row.authority, row.source, row.received_at),
    )


def _present(face: Mapping[str, object]) -> Mapping[str, object]:
    return {name: value for name, value in face.items() if value or name not in NO_DATES}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
