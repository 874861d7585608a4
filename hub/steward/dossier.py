"""An enterprise as officers and officials see it once their purpose is on record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar

from hub.access.looks import StandingLook
from hub.access.rules import Audience, Category
from hub.access.visibility import audience_of, disclosed, shows
from hub.codes.queries import PlateRow, ScanView, plates_of, scans_of
from hub.credit import queries as credit
from hub.credit.queries import PenaltyView
from hub.kernel.database import Database
from hub.licenses import queries as licenses
from hub.licenses.space import LicenseView, Space
from hub.registry import queries as registry
from hub.registry.queries import PremisesView
from hub.supervision.queries import ReportView, reports_about

T = TypeVar("T")

SCANS_SHOWN = 12  # the last few weeks of an ordinary shop
REPORTS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class PlaceLicenses:
    """The licenses that hold at one place; `place` None: those of the enterprise as a whole."""

    place: PremisesView | None
    licenses: tuple[LicenseView, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    look: StandingLook
    space: Space
    plates: tuple[PlateRow, ...]
    penalties: tuple[PenaltyView, ...]
    scans: tuple[ScanView, ...]
    reports: tuple[ReportView, ...]
    by_place: tuple[PlaceLicenses, ...]

    def shows(self, category: str) -> bool:
        """Whether the reader's audience sees this category (a name of `Category`) at all."""
        return shows(Category[category], audience_of(self.look.role))


def dossier(look: StandingLook, *, on: date, db: Database) -> Dossier:
    """Everything an officer or official may see of the enterprise that was looked at, in nine statements.

    Who calls has a look that stands; nothing else makes a `StandingLook`. Raises: NotFoundError.
    """
    given = partial(_given, audience_of(look.role))
    with db.read() as session:
        space = licenses.space(session, look.uscc, on=on)
        penalties = given(Category.PENALTIES, lambda: credit.penalties(session, look.uscc, on=on))
        reports = given(Category.COMPLAINTS, lambda: reports_about(session, look.uscc, limit=REPORTS_SHOWN))
    return Dossier(
        look=look,
        space=space,
        plates=plates_of(look.uscc, db=db),
        penalties=penalties,
        scans=given(Category.USE_LOG, lambda: scans_of(look.uscc, db=db, limit=SCANS_SHOWN)),
        reports=reports,
        by_place=_by_place(space),
    )


def _given(audience: Audience, category: Category, read: Callable[[], tuple[T, ...]]) -> tuple[T, ...]:
    """The rows of a category for these readers; what these views hold is at once the masked form: no person is in them."""
    return disclosed(category, audience, full=read, summary=read, nothing=())


def name_of(uscc: str, *, db: Database) -> str:
    """The registered name, which the public sees too. Raises: NotFoundError."""
    with db.read() as session:
        return registry.enterprise(session, uscc).name


def _by_place(space: Space) -> tuple[PlaceLicenses, ...]:
    places = (*space.premises, None)
    groups = (
        PlaceLicenses(
            place,
            tuple(one for one in space.licenses if one.premises_id == (place.id if place else None)),
        )
        for place in places
    )
    return tuple(group for group in groups if group.licenses or group.place is not None)
