"""An enterprise as officers and officials see it once their purpose is on record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from hub.access.looks import OpenLook
from hub.access.matrix import AudienceColumn, Category
from hub.codes.plates.queries import PlateListRow, ScanView, plates_of, scans_of
from hub.codes.verification.visibility import PLATE
from hub.credit import queries as credit
from hub.credit.queries import PenaltyView
from hub.kernel.database import Database
from hub.licenses import queries as licenses
from hub.licenses.reference.rules import Reference
from hub.licenses.space import LicenseView, Space
from hub.licenses.visibility import told_enterprise
from hub.registry import queries as registry
from hub.registry.queries import PremisesView
from hub.supervision.queries import ReportView, reports_about
from hub.supervision.visibility import REPORT

T = TypeVar("T")

SCANS_SHOWN = 12  # the last few weeks of an ordinary shop
REPORTS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class PremisesLicenses:
    """The licenses that hold at one place; `place` None: those of the enterprise as a whole."""

    place: PremisesView | None
    licenses: tuple[LicenseView, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    look: OpenLook
    space: Space
    plates: tuple[PlateListRow, ...]
    penalties: tuple[PenaltyView, ...]
    scans: tuple[ScanView, ...]
    reports: tuple[ReportView, ...]
    by_place: tuple[PremisesLicenses, ...]
    clearance: AudienceColumn

    def shows(self, category: str) -> bool:
        """Return whether the reader's audience sees this category (a name of `Category`) at all."""
        return self.clearance.shows(Category[category])


def dossier(
    look: OpenLook, *, clearance: AudienceColumn, on: date, reference: Reference, db: Database
) -> Dossier:
    """Return everything an officer or official may see of the enterprise that was looked at, in nine statements.

    Who calls has a look that stands; nothing else makes a `OpenLook`. Raises: NotFoundError.
    """

    def given(category: Category, read: Callable[[], tuple[T, ...]]) -> tuple[T, ...]:
        """The rows of a category; what these views hold is at once the masked form: no person is in them."""
        return clearance.disclosed(category, full=read, summary=read, nothing=())

    def penalties_of() -> tuple[PenaltyView, ...]:
        return clearance.disclosed(
            Category.PENALTIES,
            full=lambda: credit.penalties(session, look.uscc, on=on),
            summary=published,
            nothing=(),
        )

    def published() -> tuple[PenaltyView, ...]:
        return tuple(one for one in credit.penalties(session, look.uscc, on=on) if one.is_public)

    with db.read() as session:
        space = licenses.space(session, look.uscc, on=on, reference=reference, clearance=clearance)
        penalties = penalties_of()
        reports = given(Category.COMPLAINTS, lambda: reports_about(session, look.uscc, limit=REPORTS_SHOWN))
    return Dossier(
        look=look,
        space=space,
        plates=clearance.each(plates_of(look.uscc, db=db), PLATE),
        penalties=penalties,
        scans=given(Category.USE_LOG, lambda: scans_of(look.uscc, db=db, limit=SCANS_SHOWN)),
        reports=clearance.each(reports, REPORT),
        by_place=_by_place(space),
        clearance=clearance,
    )


def name_of(uscc: str, *, clearance: AudienceColumn, db: Database) -> str:
    """Return the registered name as the audience is told it. Raises: NotFoundError."""
    with db.read() as session:
        return told_enterprise(registry.enterprise(session, uscc), clearance).name


def _by_place(space: Space) -> tuple[PremisesLicenses, ...]:
    places, known = (*space.premises, None), space.premises_by_id
    groups = (
        PremisesLicenses(
            place,
            tuple(one for one in space.licenses if _is_at(one, place, known)),
        )
        for place in places
    )
    return tuple(group for group in groups if group.licenses or group.place is not None)


def _is_at(one: LicenseView, place: PremisesView | None, known: Mapping[UUID, PremisesView]) -> bool:
    """A license of a place that is not told stands with those of no particular place."""
    # Otherwise a reader who may see licenses and not premises would miss some of the licenses.
    if place is None:
        return one.premises_id is None or one.premises_id not in known
    return one.premises_id == place.id
