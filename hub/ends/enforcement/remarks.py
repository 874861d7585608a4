"""Where an officer stands, when the phone was asked to tell: compared with the plate's place, and dropped."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.codes.verification.verdicts import CodeVerdict
from hub.kernel.errors import NotFoundError
from hub.supervision.clones.geography import Nearness, Position
from hub.supervision.clones.queries import open_suspicion
from hub.supervision.clones.rules import SightingSource
from hub.supervision.clones.service import Asker, SeenPlate, note_sighting
from hub.web.context import now, require_actor, services
from schemas.positions import PhonePositionSchema

FIELDS = ("latitude", "longitude", "accuracy")


@dataclass(frozen=True, slots=True)
class OfficerRemarks:
    """What the officer is told beside the verdict, which stays what it is."""

    near: Nearness | None = None  # None: no position was sent
    is_suspected: bool = False

    @property
    def is_here(self) -> bool:
        return self.near is Nearness.HERE

    @property
    def is_away(self) -> bool:
        return self.near is Nearness.AWAY


def split_position(form: Mapping[str, str]) -> tuple[dict[str, str], Position | None]:
    """Return the form without a position, and the position if it holds one. Raises: ValidationError for half of one."""
    told = {name: form[name] for name in FIELDS if form.get(name)}
    rest = {name: value for name, value in form.items() if name not in FIELDS}
    return rest, Position(**PhonePositionSchema().load(told)) if told else None


def place_of(verdict: CodeVerdict, position: Position | None) -> OfficerRemarks:
    """Compare, let it count once for this officer, and say whether the plate is under suspicion."""
    if verdict.enterprise is None or verdict.plate_id is None or verdict.premises is None:
        return OfficerRemarks()
    plate = SeenPlate(verdict.enterprise.uscc, verdict.plate_id, verdict.premises.id)
    near = None if position is None else _note(plate, position)
    suspicion = open_suspicion(plate.uscc, plate.plate_id, db=services().db)
    return OfficerRemarks(near, suspicion is not None)


def _note(plate: SeenPlate, position: Position) -> Nearness | None:
    who = f"person:{require_actor().person_id}"
    asker = Asker(who, services().settings.secret_key, SightingSource.OFFICER)
    try:
        return note_sighting(plate, position, asker=asker, now=now(), db=services().db)
    except NotFoundError:  # the place was struck off between the verdict and this
        return None
