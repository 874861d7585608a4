"""Print a license: drawn, signed by the platform, put on record, and only then handed out."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hub.access.checks import require
from hub.access.matrix import AudienceColumn, Category
from hub.access.rules import Action
from hub.codes.plates.queries import PlateView, plates_of
from hub.config import Settings
from hub.documents.paper import PaperFacts, paper
from hub.documents.signing.signer import PdfSigning, PdfSource
from hub.kernel.actor import Doer
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.kernel.ids import new_id
from hub.licenses.models import LicenseIndex
from hub.licenses.queries import license_of
from hub.licenses.reference.rules import ReferenceTables
from hub.licenses.visibility import told_enterprise, told_licenses
from hub.registry import queries as registry
from hub.trust.record import events

REASON = "平台签名 Platform signature; not the seal of the issuing department"


@dataclass(frozen=True, slots=True)
class DocumentOffice:
    """What printing needs: who signs, the hub's address, the kinds of license, the legal zone, and whether the data is for show."""

    signing: PdfSigning
    base_url: str
    tables: ReferenceTables
    zone: ZoneInfo
    demo: bool


def print_shop(settings: Settings, tables: ReferenceTables) -> DocumentOffice:
    """Return the print shop of a hub. The operator's certificate is opened at once, the demonstration authority at its first use.

    Raises: PdfCertificateError.
    """
    source = PdfSource(
        folder=settings.home / "ca",
        passphrase=settings.keys_passphrase,
        host=settings.host,
        certificate=settings.pdf_certificate,
        key=settings.pdf_key,
        key_passphrase=settings.pdf_key_passphrase,
    )
    return DocumentOffice(PdfSigning(source), settings.base_url, tables, settings.timezone, settings.demo)


@dataclass(frozen=True, slots=True)
class PrintedLicense:
    """A signed copy: its number, a name for the file, the bytes."""

    document: UUID
    file_name: str
    body: bytes


def holder_of(license_id: UUID, *, db: Database) -> str:
    """Return the USCC of the enterprise that has the license. Raises: NotFoundError."""
    with db.read() as session:
        found = session.scalar(select(LicenseIndex.uscc).where(LicenseIndex.license_id == license_id))
    if found is None:
        raise NotFoundError
    return found


def print_license(
    license_id: UUID,
    *,
    uscc: str,
    shop: DocumentOffice,
    clearance: AudienceColumn,
    by: Doer,
    now: datetime,
    db: Database,
) -> PrintedLicense:
    """Make a signed copy of one license for those who may see it, with the fields visible to them.

    Raises: NotFoundError, NotAllowedError, GlyphMissingError, PdfCertificateExpiredError, KeysError.
    """
    require(by, Action.SEE_SPACE, uscc)
    if not clearance.tells(Category.PERMITS):
        raise NotFoundError
    document = new_id(now)
    facts = _visible(_facts(license_id, uscc=uscc, shop=shop, now=now, db=db), clearance)
    page = paper(
        facts, base_url=shop.base_url, demo=shop.demo, document=str(document), now=now, zone=shop.zone
    )
    from hub.documents.page import draw  # noqa: PLC0415  # ReportLab, for those who print alone

    body = shop.signing.sign(draw(page), reason=REASON, now=now)
    with db.write() as session:
        events.record(
            session,
            kind="license.printed",
            uscc=uscc,
            subject=str(license_id),
            by=by,
            data={"document": str(document), "sha256": hashlib.sha256(body).hexdigest()},
            now=now,
        )
    return PrintedLicense(document, f"license-{facts.license.type_code}-{document}.pdf", body)


def _facts(license_id: UUID, *, uscc: str, shop: DocumentOffice, now: datetime, db: Database) -> PaperFacts:
    on = now.astimezone(shop.zone).date()
    with db.read() as session:
        enterprise = registry.enterprise(session, uscc)
        found = license_of(session, uscc, license_id, on=on, reference=shop.tables.on(on))
        places = registry.premises(session, uscc)
    place = next((each for each in places if each.id == found.premises_id), None)
    main = next((each.id for each in places if each.is_main), None)
    plate = _plate(uscc, (found.premises_id, main), db=db)
    return PaperFacts(enterprise, found, place, plate)


def _visible(facts: PaperFacts, clearance: AudienceColumn) -> PaperFacts:
    (license_,) = told_licenses((facts.license,), clearance)
    place = facts.premises if clearance.tells(Category.PREMISES) else None
    return replace(
        facts,
        enterprise=told_enterprise(facts.enterprise, clearance),
        license=license_,
        premises=place,
    )


def _plate(uscc: str, wanted: tuple[UUID | None, ...], *, db: Database) -> PlateView | None:
    """The plate that leads to where the license is used: its own place's, the main one's, else any in use."""
    plates = [row.plate for row in plates_of(uscc, db=db) if row.plate.is_active]
    ranked = sorted(
        plates,
        key=lambda plate: wanted.index(plate.premises_id) if plate.premises_id in wanted else len(wanted),
    )
    return next(iter(ranked), None)
