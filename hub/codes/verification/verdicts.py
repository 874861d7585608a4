"""The answer to whoever presents a code: frozen, and ready for the wire."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from hub.codes.rules import CodeFacts, Judgement, Kind, Outcome, judge
from hub.kernel.instants import instant
from hub.kernel.messages import Message
from hub.licenses.colours.rules import Colour, needs_reason, runs
from hub.registry.rules import EntityState, Overlay


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
class Standing:
    """Everything the records say of a genuine code on one day: judged, coloured, masked."""

    judgement: Judgement
    plate_id: str | None
    enterprise: EnterpriseFace
    premises: PremisesFace | None
    licenses: tuple[LicenseFace, ...]

    @cached_property
    def text(self) -> str:
        """Its members in a verdict, as JSON text."""
        return _written(_told(self.enterprise, self.premises, self.licenses))

    @cached_property
    def judged(self) -> Mapping[Kind, str]:
        """What a verdict says first of a code of each kind, before the moment of its check, as JSON text."""
        return {kind: _written(_said(self.judgement, kind)) for kind in Kind}


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
    standing: Standing | None = field(default=None, repr=False, compare=False)

    def as_json(self) -> dict[str, object]:
        """The members of the public interface, values ready for JSON."""
        if self.enterprise is None:
            return self._head()
        return self._head() | _told(self.enterprise, self.premises, self.licenses)

    def as_text(self) -> str:
        """The same as JSON text; what equal records share is written once."""
        if self.standing is None or self.kind is None:
            return _written(self._head())
        moment = instant(self.checked_at)  # and of the records it rests on
        head = self.standing.judged[self.kind]
        return f'{head[:-1]},"checked_at":"{moment}","status_as_of":"{moment}",{self.standing.text[1:]}'

    def _head(self) -> dict[str, object]:
        return _said(self, self.kind) | {
            "checked_at": instant(self.checked_at),
            "status_as_of": None if self.status_as_of is None else instant(self.status_as_of),
        }


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
        standing,
    )


def _said(judged: Judgement | Verdict, kind: Kind | None) -> dict[str, object]:
    return {
        "verdict": judged.outcome.value,
        "genuine": judged.genuine,
        "kind": None if kind is None else kind.value,
        "reasons": list(judged.reasons),
        "message": {"zh": judged.message.zh, "en": judged.message.en},
    }


def _written(document: Mapping[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _told(
    enterprise: EnterpriseFace, premises: PremisesFace | None, licenses: tuple[LicenseFace, ...]
) -> dict[str, object]:
    return {
        "enterprise": _enterprise(enterprise),
        "premises": None if premises is None else _premises(premises),
        "licenses": [_license(each) for each in licenses],
    }


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
