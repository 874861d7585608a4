"""The answer to whoever presents a code: frozen, and ready for the wire."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from hub.codes.rules import CodeFacts, Judgement, Kind, Outcome, judge
from hub.kernel.messages import Message
from hub.licenses.colours.rules import Colour
from hub.registry.rules import EntityState, Overlay


@dataclass(frozen=True, slots=True)
class EnterpriseFace:
    uscc: str
    name: str
    state: EntityState
    colour: Colour
    reason: str
    overlays: tuple[Overlay, ...] = ()


@dataclass(frozen=True, slots=True)
class PremisesFace:
    """Where the plate belongs; `address` is masked where somebody lives there."""

    id: UUID
    name: str
    address: str
    area: str = ""


@dataclass(frozen=True, slots=True)
class LicenseFace:
    type_code: str
    type_name: Message
    number: str
    valid_to: date | None  # None: no end (长期)
    colour: Colour
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a code is worth at `checked_at`. A refused one carries nothing of any enterprise.

    `status_as_of` is the moment of the records it rests on, here always the request's own; None without status.
    """

    outcome: Outcome
    genuine: bool
    kind: Kind | None
    reasons: tuple[str, ...]
    message: Message
    checked_at: datetime
    status_as_of: datetime | None = None
    plate_id: str | None = None
    enterprise: EnterpriseFace | None = None
    premises: PremisesFace | None = None
    licenses: tuple[LicenseFace, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The members of the public interface, values ready for JSON."""
        document: dict[str, object] = {
            "verdict": self.outcome.value,
            "genuine": self.genuine,
            "kind": None if self.kind is None else self.kind.value,
            "reasons": list(self.reasons),
            "message": {"zh": self.message.zh, "en": self.message.en},
            "checked_at": instant(self.checked_at),
            "status_as_of": None if self.status_as_of is None else instant(self.status_as_of),
        }
        if self.enterprise is not None:
            document["enterprise"] = _enterprise(self.enterprise)
            document["premises"] = None if self.premises is None else _premises(self.premises)
            document["licenses"] = [_license(each) for each in self.licenses]
        return document


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything the records say of a genuine code on one day: judged, coloured, masked."""

    judgement: Judgement
    plate_id: str | None
    enterprise: EnterpriseFace
    premises: PremisesFace | None
    licenses: tuple[LicenseFace, ...]


def answer(facts: CodeFacts, *, now: datetime) -> Verdict:
    """A verdict without an enterprise: refused, or unknown."""
    judged = judge(facts)
    if judged.genuine:
        raise AssertionError("a genuine code is answered with its standing")
    return Verdict(judged.outcome, judged.genuine, facts.kind, judged.reasons, judged.message, now)


def answer_standing(standing: Standing, kind: Kind, *, now: datetime) -> Verdict:
    judged = standing.judgement
    return Verdict(
        judged.outcome,
        judged.genuine,
        kind,
        judged.reasons,
        judged.message,
        now,
        now,
        standing.plate_id,
        standing.enterprise,
        standing.premises,
        standing.licenses,
    )


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _enterprise(face: EnterpriseFace) -> dict[str, object]:
    return {"uscc": face.uscc, "name": face.name, "status": face.state.value, "colour": face.colour.value}


def _premises(face: PremisesFace) -> dict[str, object]:
    return {"id": str(face.id), "address": face.address}


def _license(face: LicenseFace) -> dict[str, object]:
    return {
        "type": face.type_name.zh,
        "number": face.number,
        "valid_to": None if face.valid_to is None else face.valid_to.isoformat(),
        "colour": face.colour.value,
        "reason": face.reason,
    }
