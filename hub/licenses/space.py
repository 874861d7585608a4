"""The whole space of one enterprise as values: what it holds, owes, lacks, and what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from hub.kernel.messages import Message
from hub.licenses.catalogue.rules import LicenseType, RenewalPhase, Window
from hub.licenses.colours.reasons import REASONS
from hub.licenses.colours.rules import UNTOLD, Colour, ColourFace, ColourVerdict, face_of, needs_reason, runs
from hub.licenses.rules import LicenseState
from hub.licenses.tiers.rules import TierItem, Tiers
from hub.licenses.tiers.vocabulary import TIER_REASONS, Severity, TierStatus
from hub.licenses.todos import Deadline, Todo
from hub.registry.queries import EnterpriseView, PremisesView, ScopeLineView


@dataclass(frozen=True, slots=True)
class LicenseView:
    """One license with the colour it has on the day of the space; `kind` None: not in the catalogue.

    `verdict` None: its colour is not told to whoever reads (`hub.licenses.visibility`).
    """

    id: UUID
    type_code: str
    kind: LicenseType | None
    number: str
    holder_name: str
    issuer: str
    address: str
    issued_on: date | None
    valid_from: date | None
    valid_to: date | None
    inspection_due: date | None
    state: LicenseState
    premises_id: UUID | None
    quality: tuple[str, ...]
    source_version: int
    version: int
    source: str
    received_at: datetime
    verdict: ColourVerdict | None
    window: Window | None

    @property
    def title(self) -> Message:
        return Message(self.type_code, self.type_code) if self.kind is None else self.kind.title

    @property
    def colour(self) -> Colour | None:
        return None if self.verdict is None else self.verdict.colour

    @property
    def face(self) -> ColourFace:
        return face_of(self.colour)

    @property
    def reason(self) -> Message:
        return _said(self.verdict)

    @property
    def is_explained(self) -> bool:
        """Whether the reason of its colour is shown beside it."""
        return needs_reason(self.colour)

    @property
    def counts_down(self) -> bool:
        """Whether it matters how far its last day is away."""
        return runs(self.colour)

    def renewal(self, on: date) -> RenewalPhase | None:
        """Return how far its renewal has come on a day; None: there is none, or it has ended."""
        if self.window is None or self.valid_to is None or on > self.valid_to or not self.counts_down:
            return None
        return self.window.phase(on)


@dataclass(frozen=True, slots=True)
class TierRow:
    """One duty ready to be shown: which permit, where, because of which words of the scope, and what became of it."""

    item: TierItem
    title: Message
    kind: LicenseType | None
    premises: PremisesView | None
    scope: tuple[ScopeLineView, ...]
    covered_by: tuple[LicenseView, ...]

    @property
    def is_done(self) -> bool:
        return self.item.status is TierStatus.DONE

    @property
    def is_overdue(self) -> bool:
        return self.item.severity is Severity.OVERDUE

    @property
    def reason(self) -> Message | None:
        return None if self.item.reason is None else TIER_REASONS[self.item.reason]


@dataclass(frozen=True, slots=True)
class WaiverView:
    """A standing declaration 不涉及."""

    id: UUID
    type_code: str
    title: Message
    premises_id: UUID | None
    premises: PremisesView | None
    reason: str
    declared_at: datetime
    declared_by: str


@dataclass(frozen=True, slots=True)
class ScopeSegment:
    """A piece of the licence's scope text; `line` None: boilerplate between the items."""

    text: str
    line: ScopeLineView | None
    tone: str  # "" nothing to do · done · missing · unread · unsure (to be confirmed) · branch (left to branches)

    @property
    def is_missing(self) -> bool:
        return self.tone == "missing"

    @property
    def is_done(self) -> bool:
        return self.tone == "done"

    @property
    def is_left_to_branches(self) -> bool:
        return self.tone == "branch"

    @property
    def is_being_checked(self) -> bool:
        return self.tone in {"unread", "unsure"}


@dataclass(frozen=True)
class Space:
    """What one audience is told of an enterprise on one legal day.

    Colours are computed for that day, never read from a column; `verdict` None: the colour is not told.
    """

    on: date
    enterprise: EnterpriseView
    verdict: ColourVerdict | None
    premises: tuple[PremisesView, ...]
    scope: tuple[ScopeLineView, ...]
    licenses: tuple[LicenseView, ...]
    tiers: Tiers
    tier_rows: tuple[TierRow, ...]
    waivers: tuple[WaiverView, ...]
    due: tuple[Deadline, ...]
    todos: tuple[Todo, ...]
    unconfirmed: tuple[
        TierRow, ...
    ] = ()  # duties of items that are only thought to be meant; counted nowhere

    @property
    def colour(self) -> Colour | None:
        return None if self.verdict is None else self.verdict.colour

    @property
    def reason(self) -> Message:
        return _said(self.verdict)

    @property
    def is_explained(self) -> bool:
        """Whether the reason of the business license's colour is shown beside it."""
        return needs_reason(self.colour)

    @cached_property
    def counts(self) -> Mapping[Colour, int]:
        """Licenses per colour, every colour present."""
        return {colour: sum(1 for one in self.licenses if one.colour is colour) for colour in Colour}

    @cached_property
    def done(self) -> tuple[TierRow, ...]:
        return tuple(row for row in self.tier_rows if row.is_done)

    @cached_property
    def missing(self) -> tuple[TierRow, ...]:
        return tuple(row for row in self.tier_rows if not row.is_done)

    @cached_property
    def others(self) -> tuple[LicenseView, ...]:
        """Held, alive, and called for by no item of the scope."""
        wanted = set(self.tiers.others)
        return tuple(one for one in self.licenses if one.id in wanted)

    @cached_property
    def premises_by_id(self) -> Mapping[UUID, PremisesView]:
        return {place.id: place for place in self.premises}

    @cached_property
    def segments(self) -> tuple[ScopeSegment, ...]:
        return _segments(self.enterprise.scope_text, self.scope, self.tier_rows, self.unconfirmed)

    def place_of(self, one: LicenseView) -> PremisesView | None:
        """Return the premises that a license holds at; None: at none in particular, or at none that is told."""
        return None if one.premises_id is None else self.premises_by_id.get(one.premises_id)

    def license(self, license_id: UUID) -> LicenseView | None:
        return next((one for one in self.licenses if one.id == license_id), None)


def _said(verdict: ColourVerdict | None) -> Message:
    """The sentence of a colour's reason, or that it is not shown to whoever reads."""
    return UNTOLD.word if verdict is None or not verdict.reason else REASONS[verdict.reason]


def _segments(
    text: str,
    scope: tuple[ScopeLineView, ...],
    rows: tuple[TierRow, ...],
    unconfirmed: tuple[TierRow, ...],
) -> tuple[ScopeSegment, ...]:
    tones = {code: "unsure" for row in unconfirmed for code in row.item.items}
    tones |= {code: "done" for row in rows if row.is_done for code in row.item.items}
    tones |= {code: "missing" for row in rows if not row.is_done for code in row.item.items}
    out: list[ScopeSegment] = []
    at = 0
    for line in sorted(scope, key=lambda one: one.start):
        if not at <= line.start < line.end <= len(text):
            continue  # offsets of an older text: the text itself is still shown whole
        out.append(ScopeSegment(text[at : line.start], None, ""))
        out.append(ScopeSegment(text[line.start : line.end], line, _tone(line, tones)))
        at = line.end
    out.append(ScopeSegment(text[at:], None, ""))
    return tuple(segment for segment in out if segment.text)


def _tone(line: ScopeLineView, tones: Mapping[str, str]) -> str:
    if line.item_code is None:
        return "unread"
    return "branch" if line.branch_only else tones.get(line.item_code, "")
