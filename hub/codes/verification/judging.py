"""From the rows of a lookup to what is said of a code on one day: colours computed afresh, addresses masked."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import attrgetter
from uuid import UUID

from hub.access.matrix import Audience, AudienceColumn, Category, DetailLevel, Matrix
from hub.codes.rules import CodeFacts, PlateState, judge
from hub.codes.verification.lookup import CodeRecord, Lookup, LookupRow, PermitRecord
from hub.codes.verification.verdicts import CodeFace, EnterpriseFace, LicenseFace, PremisesFace
from hub.codes.verification.visibility import told_enterprise, told_licenses, told_premises, untold
from hub.kernel.messages import Message
from hub.licenses.colours.facts import business_facts, permit_facts
from hub.licenses.colours.rules import Colour, business_license_colour, permit_colour
from hub.licenses.reference.rules import Reference, ReferenceTables
from hub.licenses.rules import LicenseState
from hub.registry.rules import EntityState, Overlay, public_address
from signing import CodeKind

FACES_KEPT = 512  # about 4 MB; keyed by the rows read in this very request, so none is ever stale
KINDRED_KEPT = 16_384  # about 4 MB; a day's scans meet fewer kinds and terms than that
GONE = frozenset(
    {LicenseState.REPLACED, LicenseState.TRANSFERRED}
)  # told by another row, or another registry

_KIND_AND_NUMBER = attrgetter("type_code", "number")


@dataclass(frozen=True, slots=True)
class _Kindred:
    """What all permits of one kind, state and term have in common on a day."""

    title: Message
    valid_to: date | None
    colour: Colour
    reason: str


class CodeJudge:
    """Judges what a lookup found. Equal rows on the same day give one audience the same face, which is kept."""

    def __init__(self, lookup: Lookup, tables: ReferenceTables, matrix: Matrix) -> None:
        self._lookup = lookup
        self._tables = tables
        self._clearances = {audience: matrix.clearance(audience) for audience in Audience}
        self._kept = lru_cache(maxsize=FACES_KEPT)(self._judge)
        self._kindred = lru_cache(maxsize=KINDRED_KEPT)(self._judge_permit)

    def judge(self, found: LookupRow, kind: CodeKind, on: date, audience: Audience) -> CodeFace | CodeFacts:
        """Return what is shown to an audience on a legal day, or the facts for which the code is refused."""
        return self._kept(found, kind, on, audience, self._tables.on(on))

    def _judge(
        self, found: LookupRow, kind: CodeKind, on: date, audience: Audience, reference: Reference
    ) -> CodeFace | CodeFacts:
        clearance = self._clearances[audience]
        head = self._lookup.head(found)
        state = EntityState(head.state)
        overlays = tuple(Overlay(each["kind"]) for each in json.loads(head.overlays))
        business = business_license_colour(
            business_facts(
                state=state,
                term_to=head.term_to,
                established_on=head.established_on,
                overlays=overlays,
                reports=None if head.reports is None else json.loads(head.reports),
            ),
            on,
        )
        licenses = self._licenses(found, head, state, on, reference)
        facts = CodeFacts(
            kind=kind,
            plate=None if head.plate_state is None else PlateState(head.plate_state),
            business=business,
            has_red_permit=any(each.colour is Colour.RED for each in licenses),
        )
        judgement = judge(facts, untold(clearance))
        if not judgement.genuine:
            return facts
        return CodeFace(
            judgement,
            head.plate_id,
            told_enterprise(
                EnterpriseFace(head.uscc, head.name, state, business.colour, business.reason, overlays),
                clearance,
            ),
            told_premises(_premises(head, clearance), clearance),
            told_licenses(licenses, clearance),
        )

    def _licenses(
        self, found: LookupRow, head: CodeRecord, state: EntityState, on: date, reference: Reference
    ) -> tuple[LicenseFace, ...]:
        """Permits of the enterprise and of these premises, in the order of their kinds and numbers."""
        shown = [each for each in self._lookup.permits(found) if _is_shown(each, head.premises_id)]
        shown.sort(key=_KIND_AND_NUMBER)
        return tuple(self._face(each, state, on, reference) for each in shown)

    def _face(
        self, permit: PermitRecord, entity_state: EntityState, on: date, reference: Reference
    ) -> LicenseFace:
        kind = permit.type_code
        days = (permit.valid_from, permit.valid_to, permit.inspection_due)
        kindred = self._kindred(kind, permit.state, days, entity_state, on, reference)
        return LicenseFace(
            kind, kindred.title, permit.number, kindred.valid_to, kindred.colour, kindred.reason
        )

    def _judge_permit(
        self,
        kind: str,
        state: str,
        days: tuple[str | None, ...],
        entity_state: EntityState,
        on: date,
        reference: Reference,
    ) -> _Kindred:
        first, last, inspection_due = map(_day, days)
        facts = permit_facts(
            type_code=kind,
            state=LicenseState(state),
            entity_state=entity_state,
            valid_from=first,
            valid_to=last,
            reference=reference,
            inspection_due=inspection_due,
        )
        verdict = permit_colour(facts, on)
        return _Kindred(reference.title_of(kind), last, verdict.colour, verdict.reason)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _is_shown(permit: PermitRecord, here: UUID | None) -> bool:
    """A permit bound to another place of business says nothing here."""
    if permit.state in GONE:
        return False
    return permit.premises_id is None or here is None or UUID(permit.premises_id) == here


def _premises(head: CodeRecord, clearance: AudienceColumn) -> PremisesFace | None:
    """The address is masked where somebody lives, and always for those who are told a summary."""
    if head.premises_id is None:
        return None
    is_masked = bool(head.is_residence) or clearance.level(Category.PREMISES) is DetailLevel.SUMMARY
    address = public_address(head.address or "", is_residence=is_masked)
    return PremisesFace(head.premises_id, head.premises_name or "", address, head.area or "")
