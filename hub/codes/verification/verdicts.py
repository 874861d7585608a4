"""The answer to whoever presents a code: frozen, and ready for the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from hub.codes.rules import CodeFacts, judge
from hub.kernel.instants import instant
from hub.kernel.messages import Message
from hub.kernel.verdicts import Judgement, Verdict, written
from hub.licenses.colours.rules import Colour, needs_reason, runs
from hub.registry.rules import EntityState, Overlay
from signing import CodeKind


@dataclass(frozen=True, slots=True)
class EnterpriseFace:
    """`state`, `colour` None: not told to whoever asks (`hub.codes.verification.visibility`)."""

    uscc: str
    name: str
    state: EntityState | None
    colour: Colour | None
    reason: str
    overlays: tuple[Overlay, ...] = ()


@dataclass(frozen=True, slots=True)
class PremisesFace:
    """Where the plate belongs; `address` is masked where somebody lives there."""

    id: UUID
    name: str
    address: str
    area: str = ""


_ABOUT_THE_LAST_DAY = frozenset({"PM_DUE", "PM_EXPIRED", "PM_RENEWING"})


@dataclass(frozen=True, slots=True)
class LicenseFace:
    type_code: str
    type_name: Message
    number: str
    valid_to: date | None  # None: no end (长期)
    colour: Colour | None  # None: not told to whoever asks
    reason: str

    @property
    def is_explained(self) -> bool:
        """Whether the reason of its colour is shown beside it."""
        return bool(self.reason) and needs_reason(self.colour)

    @property
    def counts_down(self) -> bool:
        """Whether it matters how far its last day is away."""
        return runs(self.colour)

    @property
    def is_over(self) -> bool:
        """Whether it has ended for good, so that no day of it is said."""
        return self.reason == "PM_ENDED"

    @property
    def is_dated(self) -> bool:
        """Whether its reason is about its last day."""
        return self.reason in _ABOUT_THE_LAST_DAY


@dataclass(frozen=True)
class CodeFace:
    """Everything that is shown of a genuine code on one day: judged, coloured, masked."""

    judgement: Judgement
    plate_id: str | None
    enterprise: EnterpriseFace
    premises: PremisesFace | None
    licenses: tuple[LicenseFace, ...]

    def members(self) -> dict[str, object]:
        """Its members in a verdict."""
        return {
            "enterprise": _enterprise(self.enterprise),
            "premises": None if self.premises is None else _premises(self.premises),
            "licenses": [_license(each) for each in self.licenses],
        }

    @cached_property
    def text(self) -> str:
        """The same as JSON text."""
        return written(self.members())

    @cached_property
    def judged(self) -> Mapping[CodeKind, str]:
        """What a verdict says first of a code of each kind, before the moment of its check, as JSON text."""
        return {kind: written(self.judgement.as_json(kind)) for kind in CodeKind}


@dataclass(frozen=True, slots=True)
class CodeVerdict(Verdict):
    """What a code is worth at `checked_at`. A refused one shows nothing of any enterprise: `face` is None."""

    kind: CodeKind | None
    face: CodeFace | None = None

    @property
    def plate_id(self) -> str | None:
        return None if self.face is None else self.face.plate_id

    @property
    def enterprise(self) -> EnterpriseFace | None:
        return None if self.face is None else self.face.enterprise

    @property
    def premises(self) -> PremisesFace | None:
        return None if self.face is None else self.face.premises

    @property
    def licenses(self) -> tuple[LicenseFace, ...]:
        return () if self.face is None else self.face.licenses

    def shown(self) -> Mapping[str, object]:
        return {} if self.face is None else self.face.members()

    def as_text(self) -> str:
        """As JSON text; what equal records share is written once."""
        if self.face is None or self.kind is None:
            return written(self.as_json())
        moment = instant(self.checked_at)  # and of the records it rests on
        head = self.face.judged[self.kind]
        return f'{head[:-1]},"checked_at":"{moment}","status_as_of":"{moment}",{self.face.text[1:]}'


def answer(facts: CodeFacts, *, now: datetime) -> CodeVerdict:
    """Return a verdict without an enterprise: refused, or unknown."""
    judgement = judge(facts)
    if judgement.genuine:
        raise AssertionError("a genuine code is answered with its face")
    return CodeVerdict(judgement, facts.kind, now)


def answer_genuine(face: CodeFace, kind: CodeKind, *, now: datetime) -> CodeVerdict:
    """Return the verdict on a code of this kind whose records were judged."""
    return CodeVerdict(face.judgement, kind, now, face)


def _enterprise(face: EnterpriseFace) -> dict[str, object]:
    return {"uscc": face.uscc, "name": face.name, "status": face.state, "colour": face.colour}


def _premises(face: PremisesFace) -> dict[str, object]:
    return {"id": str(face.id), "address": face.address}


def _license(face: LicenseFace) -> dict[str, object]:
    return {
        "type": face.type_name.zh,
        "number": face.number,
        "valid_to": None if face.valid_to is None else face.valid_to.isoformat(),
        "colour": face.colour,
        "reason": face.reason,
    }
