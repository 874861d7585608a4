"""应办 / 已办 / 未办: which permits the business scope calls for, which are held, which are missing and why.

Pure set arithmetic over what the scope items require, place by place:
required = done ⊎ missing; a further scope item never makes the required set smaller; one certificate may serve
several items; a filing (备案) satisfies only a filing. What is only guessed counts nowhere before a person confirms it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from hub.licenses.catalogue.rules import LicenseNature
from hub.licenses.errors import WaiverReasonError
from hub.licenses.rules import EFFECTIVE, TERMINAL, LicenseState
from hub.licenses.tiers.vocabulary import PriorTerm, Reform, Severity, TierStatus
from hub.registry.rules import EntityState


class UnlinkedCertificates(StrEnum):
    """What a site-bound certificate covers when nobody linked it to a place, as in most departments' data.

    MAIN, the default: the registered address, for that is what a permit names when it names none other.
    ALL trusts every place to it, NONE trusts none.
    """

    MAIN = "main"
    ALL = "all"
    NONE = "none"


OVERDUE_REASONS = frozenset({"TIER_EXPIRED", "TIER_ENDED", "TIER_SUSPENDED", "TIER_LOST"})
LOSABLE_REASONS = frozenset({"TIER_NEVER", "TIER_EXPIRED", "TIER_ENDED"})


@dataclass(frozen=True)
class RequiredPermit:
    """One permit that one scope item calls for.

    `condition` names a declared fact; the permit is required unless that fact is declared untrue, so that silence
    hides nothing.
    """

    type_code: str
    item_code: str
    nature: LicenseNature
    site_bound: bool
    reform: Reform = Reform.NONE
    prior: PriorTerm = PriorTerm.LICENSE_FIRST
    condition: str | None = None

    @property
    def asks_for_filing(self) -> bool:
        return self.nature is LicenseNature.FILING or self.reform is Reform.FILING


@dataclass(frozen=True)
class HeldCertificate:
    """A certificate as the department last reported it. `items`: scope items it is limited to; None: its whole kind."""

    license_id: UUID
    type_code: str
    nature: LicenseNature
    state: LicenseState
    valid_to: date | None
    premises_id: UUID | None = None
    renewal_pending: bool = False
    items: frozenset[str] | None = None


@dataclass(frozen=True)
class WaiverFact:
    """不涉及: a reasoned, revocable declaration, seen by regulators. `premises_id` None: everywhere.

    Raises: WaiverReasonError without a reason.
    """

    type_code: str
    reason: str
    premises_id: UUID | None = None

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise WaiverReasonError


@dataclass(frozen=True)
class TierFacts:
    """All that the tiers of one enterprise depend on; `main` is the registered address, None when unmarked.

    `guessed`: of items only thought to be meant; `branches`: of items left to branches (仅限分支机构经营).
    """

    requirements: tuple[RequiredPermit, ...]
    held: tuple[HeldCertificate, ...]
    premises: tuple[UUID, ...]
    main: UUID | None
    entity_state: EntityState
    waivers: tuple[WaiverFact, ...] = ()
    declared: Mapping[str, bool] = field(default_factory=dict)
    guessed: tuple[RequiredPermit, ...] = ()
    branches: tuple[RequiredPermit, ...] = ()

    @property
    def registered_place(self) -> UUID | None:
        """`main`, or the first place when nobody said which is the registered address."""
        return self.main if self.main is not None else next(iter(self.premises), None)


@dataclass(frozen=True)
class TierItem:
    """One duty: a kind of permit, at a place when bound to one (`premises_id` None: the enterprise itself)."""

    type_code: str
    premises_id: UUID | None
    items: tuple[str, ...]
    nature: LicenseNature
    status: TierStatus
    reason: str | None
    severity: Severity | None
    covered_by: tuple[UUID, ...]


@dataclass(frozen=True)
class Tiers:
    """应办 with what became of it; `others`: live certificates called for by nothing; `unconfirmed`: of guessed items."""

    required: tuple[TierItem, ...]
    others: tuple[UUID, ...]
    unconfirmed: tuple[TierItem, ...] = ()

    @property
    def done(self) -> tuple[TierItem, ...]:
        return tuple(item for item in self.required if item.status is TierStatus.DONE)

    @property
    def missing(self) -> tuple[TierItem, ...]:
        return tuple(item for item in self.required if item.status is TierStatus.MISSING)


@dataclass(frozen=True)
class _Duty:
    """The requirements of one kind, filing or permit, at one place."""

    type_code: str
    asks_for_filing: bool
    premises_id: UUID | None
    site_bound: bool
    requirements: tuple[RequiredPermit, ...]

    @property
    def items(self) -> tuple[str, ...]:
        return tuple(sorted({permit.item_code for permit in self.requirements}))


def tiers(
    holding: TierFacts, on: date, *, unlinked: UnlinkedCertificates = UnlinkedCertificates.MAIN
) -> Tiers:
    """Return the tiers of an enterprise on a day (Asia/Shanghai). An enterprise that has ended owes nothing;
    one whose state awaits confirmation still does.
    """
    ended = holding.entity_state.ended
    duties = () if ended else _duties(holding, holding.requirements)
    guessed = () if ended else _duties(holding, holding.guessed)
    certain = {(duty.type_code, duty.asks_for_filing, duty.premises_id) for duty in duties}
    owed = tuple(duty for duty in duties if not _is_waived(duty, holding.waivers))
    unsure = tuple(
        duty
        for duty in guessed
        if (duty.type_code, duty.asks_for_filing, duty.premises_id) not in certain
        and not _is_waived(duty, holding.waivers)
    )
    called_for = {duty.type_code for duty in (*owed, *unsure)}
    called_for |= set() if ended else {permit.type_code for permit in holding.branches}
    return Tiers(
        required=tuple(_judge(duty, holding, on, unlinked) for duty in owed),
        others=tuple(
            sorted(
                held.license_id
                for held in holding.held
                if held.type_code not in called_for and held.state not in TERMINAL
            )
        ),
        unconfirmed=tuple(_judge(duty, holding, on, unlinked) for duty in unsure),
    )


def _duties(holding: TierFacts, requirements: Iterable[RequiredPermit]) -> tuple[_Duty, ...]:
    grouped: dict[tuple[str, bool, bool], list[RequiredPermit]] = {}
    for permit in requirements:
        if permit.reform is not Reform.ABOLISHED and _applies(permit, holding):
            key = (permit.type_code, permit.asks_for_filing, permit.site_bound)
            grouped.setdefault(key, []).append(permit)
    places: tuple[UUID | None, ...] = holding.premises or (None,)
    return tuple(
        _Duty(type_code, filing, place, site_bound, tuple(permits))
        for (type_code, filing, site_bound), permits in sorted(grouped.items(), key=lambda entry: entry[0])
        for place in (places if site_bound else (None,))
    )


def _applies(permit: RequiredPermit, holding: TierFacts) -> bool:
    return permit.condition is None or holding.declared.get(permit.condition, True)


def _is_waived(duty: _Duty, waivers: Iterable[WaiverFact]) -> bool:
    return any(
        waiver.type_code == duty.type_code and waiver.premises_id in {None, duty.premises_id}
        for waiver in waivers
    )


def _judge(duty: _Duty, holding: TierFacts, on: date, unlinked: UnlinkedCertificates) -> TierItem:
    same_kind = [held for held in holding.held if _is_of_kind(held, duty)]
    here = [held for held in same_kind if _is_here(held, duty, holding, unlinked)]
    effective = [held for held in here if _is_effective(held, on)]
    serving = [held for held in effective if _serves(held, duty)]
    if _all_served(duty, serving):
        return _item(duty, None, serving)
    reason = _why_missing(here, effective, [held for held in same_kind if _is_effective(held, on)], on)
    if reason in LOSABLE_REASONS and any(p.prior is PriorTerm.PERMIT_FIRST for p in duty.requirements):
        reason = "TIER_LOST"
    return _item(duty, reason, serving)


def _item(duty: _Duty, reason: str | None, serving: list[HeldCertificate]) -> TierItem:
    severity = Severity.OVERDUE if reason in OVERDUE_REASONS else Severity.ORDINARY
    return TierItem(
        type_code=duty.type_code,
        premises_id=duty.premises_id,
        items=duty.items,
        nature=LicenseNature.FILING if duty.asks_for_filing else duty.requirements[0].nature,
        status=TierStatus.DONE if reason is None else TierStatus.MISSING,
        reason=reason,
        severity=None if reason is None else severity,
        covered_by=tuple(sorted(held.license_id for held in serving)),
    )


def _is_of_kind(held: HeldCertificate, duty: _Duty) -> bool:
    return held.type_code == duty.type_code and (held.nature is LicenseNature.FILING) == duty.asks_for_filing


def _is_here(held: HeldCertificate, duty: _Duty, holding: TierFacts, unlinked: UnlinkedCertificates) -> bool:
    if not duty.site_bound:
        return True
    if held.premises_id is not None:
        return held.premises_id == duty.premises_id
    match unlinked:
        case UnlinkedCertificates.MAIN:
            return duty.premises_id == holding.registered_place
        case UnlinkedCertificates.ALL:
            return True
        case UnlinkedCertificates.NONE:
            return False


def _is_effective(held: HeldCertificate, on: date) -> bool:
    return held.state in EFFECTIVE and not _is_out_of_date(held, on)


def _is_out_of_date(held: HeldCertificate, on: date) -> bool:
    renewing = held.renewal_pending or held.state is LicenseState.RENEWING
    return held.valid_to is not None and on > held.valid_to and not renewing


def _serves(held: HeldCertificate, duty: _Duty) -> bool:
    return held.items is None or not held.items.isdisjoint(duty.items)


def _all_served(duty: _Duty, serving: list[HeldCertificate]) -> bool:
    return all(any(held.items is None or item in held.items for held in serving) for item in duty.items)


# The most alive certificate of the place says why it does not serve.
_FAULTS: tuple[tuple[str, Callable[[HeldCertificate, date], bool]], ...] = (
    (
        "TIER_SUSPENDED",
        lambda held, on: held.state is LicenseState.SUSPENDED and not _is_out_of_date(held, on),
    ),
    ("TIER_EXPIRED", lambda held, _: held.state not in TERMINAL),
    ("TIER_ENDED", lambda _held, _on: True),
)


def _why_missing(
    here: list[HeldCertificate], effective: list[HeldCertificate], elsewhere: list[HeldCertificate], on: date
) -> str:
    if effective:
        return "TIER_SCOPE"
    faults = (reason for reason, applies in _FAULTS if any(applies(held, on) for held in here))
    return next(faults, "TIER_SITE" if elsewhere else "TIER_NEVER")
