"""An enterprise's overview: its space, plates, penalties and who looked, put together for its own people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hub.access.checks import require
from hub.access.look_history import visits
from hub.access.looks import LookView
from hub.access.matrix import AudienceColumn, Category
from hub.access.rules import Action, may
from hub.codes.plates.queries import PlateListRow, PlateView, plates_of
from hub.codes.rules import PlateState
from hub.codes.verification.visibility import PLATE
from hub.credit import queries as credit
from hub.credit.queries import PenaltyView
from hub.kernel.actor import Actor
from hub.kernel.database import Database
from hub.licenses import queries as licenses
from hub.licenses.reference.rules import Reference
from hub.licenses.space import Space
from hub.registry.queries import PremisesView
from hub.steward.rules import Task, tasks

TASKS_SHOWN = 6  # what a phone shows on two screens; the others are one tap away
LOOKS_SHOWN = 3  # the overview shows the latest few; the page of its own shows all


@dataclass(frozen=True, slots=True)
class EnterpriseOverview:
    """`looks` is None for those who may not see them."""

    space: Space
    plates: tuple[PlateListRow, ...]
    penalties: tuple[PenaltyView, ...]
    looks: tuple[LookView, ...] | None
    tasks: tuple[Task, ...]

    @property
    def standing(self) -> Mapping[UUID, PlateView | None]:
        """The plate of each premises that is not void; None: it has none."""
        return plates_in_use(self.space.premises, self.plates)

    @property
    def first_tasks(self) -> tuple[Task, ...]:
        return self.tasks[:TASKS_SHOWN]

    @property
    def later_tasks(self) -> tuple[Task, ...]:
        return self.tasks[TASKS_SHOWN:]


def plates_in_use(
    premises: Iterable[PremisesView], plates: Iterable[PlateListRow]
) -> Mapping[UUID, PlateView | None]:
    """Return the plate of each premises that is not void; None: it has none."""
    # A void plate stays in the records beside the one that replaced it, and would hide it here.
    found = {row.plate.premises_id: row.plate for row in plates if row.plate.state is not PlateState.VOID}
    return {place.id: found.get(place.id) for place in premises}


def enterprise_overview(
    uscc: str, *, actor: Actor, clearance: AudienceColumn, on: date, reference: Reference, db: Database
) -> EnterpriseOverview:
    """Return everything the first page of an enterprise shows, in eight statements.

    Raises: NotFoundError, NotAllowedError.
    """
    require(actor, Action.SEE_SPACE, uscc)
    with db.read() as session:
        space = licenses.space(session, uscc, on=on, reference=reference, clearance=clearance)
        penalties = credit.penalties(session, uscc, on=on) if clearance.tells(Category.PENALTIES) else ()
    plates = clearance.each(plates_of(uscc, db=db), PLATE)
    looks = (
        tuple(visits(uscc, limit=LOOKS_SHOWN, db=db))
        if may(actor, Action.SEE_LOOKS, uscc) and clearance.tells(Category.USE_LOG)
        else None
    )
    return EnterpriseOverview(
        space=space,
        plates=plates,
        penalties=penalties,
        looks=looks,
        tasks=tasks(
            space.todos,
            premises=space.premises,
            plates=(row.plate for row in plates),
            penalties=penalties,
        ),
    )
