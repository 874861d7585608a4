"""The metadata of licenses by GB/T 36903, of one license, one enterprise, or all of them a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.licenses.metadata.rules import LicenseMetadata, delivered
from hub.licenses.models import License
from hub.licenses.offline import BUSINESS_LICENSE
from hub.licenses.reference.rules import Reference
from hub.registry.models import Enterprise

PAGE = 500  # enterprises read at once; with their licenses some 1 500 rows

_ORDER = (License.uscc, License.type_code, License.number)


@dataclass(frozen=True, slots=True)
class HeldMetadata:
    """What an enterprise holds: its business license, then every license by kind and number."""

    uscc: str
    business: LicenseMetadata
    licenses: tuple[LicenseMetadata, ...]


def enterprise_metadata(session: Session, uscc: str, *, reference: Reference) -> HeldMetadata:
    """`reference` names the kinds of license. Two statements. Raises: NotFoundError."""
    row = session.get(Enterprise, uscc)
    if row is None:
        raise NotFoundError
    rows = session.scalars(select(License).where(License.uscc == uscc).order_by(*_ORDER))
    return HeldMetadata(uscc, _business(row), tuple(_license(each, reference) for each in rows))


def license_metadata(
    session: Session, uscc: str, license_id: UUID, *, reference: Reference
) -> LicenseMetadata:
    """Return one license of this enterprise. Raises: NotFoundError."""
    row = session.get(License, (uscc, license_id))
    if row is None:
        raise NotFoundError
    return _license(row, reference)


def all_metadata(db: Database, *, reference: Reference, page: int = PAGE) -> Iterator[HeldMetadata]:
    """Return every enterprise by credit code, read in pages: memory stays flat whatever the city's size.

    Each page is read in one transaction of two statements; a row that changes meanwhile is told as before or after.
    """
    last = ""
    while held := _page(db, reference, after=last, count=page):
        yield from held
        last = held[-1].uscc


def _page(db: Database, reference: Reference, *, after: str, count: int) -> list[HeldMetadata]:
    chosen = select(Enterprise).where(Enterprise.uscc > after).order_by(Enterprise.uscc).limit(count)
    with db.read() as session:
        enterprises = session.scalars(chosen).all()
        if not enterprises:
            return []
        rows = session.scalars(
            select(License)
            .where(License.uscc > after, License.uscc <= enterprises[-1].uscc)
            .order_by(*_ORDER)
        )
        held = {
            uscc: tuple(_license(each, reference) for each in group)
            for uscc, group in groupby(rows, key=lambda row: row.uscc)
        }
        return [HeldMetadata(row.uscc, _business(row), held.get(row.uscc, ())) for row in enterprises]


def _business(row: Enterprise) -> LicenseMetadata:
    """The business license: its number is the credit code, and the registry is its issuer."""
    return LicenseMetadata(
        type_name=BUSINESS_LICENSE,
        number=row.uscc,
        holder=row.name,
        holder_code=row.uscc,
        issuer=row.authority,
        issued_on=row.approved_on,
        valid_from=row.established_on,
        valid_to=row.term_to,
        state=row.state,
    )


def _license(row: License, reference: Reference) -> LicenseMetadata:
    kind = reference.find(row.type_code)
    known = None if kind is None else kind.standard_code
    said = delivered({name: text for name, text in row.extra.items() if isinstance(text, str)})
    return LicenseMetadata(
        **(said if known is None else {**said, "type_code": known}),
        type_name=reference.title_of(row.type_code).zh,
        number=row.number,
        holder=row.holder_name,
        holder_code=row.uscc,
        issuer=row.issuer,
        issued_on=row.issued_on,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        state=row.state,
    )
