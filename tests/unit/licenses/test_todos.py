from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.kernel.messages import Message
from hub.licenses.catalogue.rules import LicenseNature, Window
from hub.licenses.colours.reasons import REASONS
from hub.licenses.colours.rules import BusinessFacts, Colour, ColourVerdict, PermitFacts, permit_colour
from hub.licenses.rules import LicenseState
from hub.licenses.tiers.rules import TierItem
from hub.licenses.tiers.vocabulary import Severity, TierStatus
from hub.licenses.todos import DUE_NAMES, TODO_FACES, DueKind, HeldLicense, Todo, TodoKind, dues, todos
from hub.registry.rules import EntityState, Overlay

TODAY = date(2026, 11, 21)
OK = ColourVerdict(Colour.BLUE, "BL_OK")
ACTIVE = BusinessFacts(EntityState.ACTIVE)
TITLE = Message("食品经营许可证", "Food business permit")


def held(
    number: int = 1, *, reason: str = "PM_OK", valid_to: date | None = date(2027, 3, 1), **changes: object
) -> HeldLicense:
    colour = Colour.RED if reason in {"PM_EXPIRED", "PM_SUSPENDED"} else Colour.YELLOW
    base = HeldLicense(
        id=UUID(int=number),
        type_code="food-operation",
        title=TITLE,
        premises_id=None,
        state=LicenseState.VALID,
        valid_to=valid_to,
        window=None,
        verdict=ColourVerdict(colour, reason),
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # field by field the value's own types


def missing(severity: Severity = Severity.ORDINARY) -> tuple[TierItem, Message]:
    item = TierItem(
        "food-operation",
        None,
        ("S0001",),
        LicenseNature.PERMIT,
        TierStatus.MISSING,
        "TIER_NEVER",
        severity,
        (),
    )
    return item, TITLE


def asked(
    facts: BusinessFacts = ACTIVE,
    verdict: ColourVerdict = OK,
    *,
    own: Sequence[HeldLicense] = (),
    duties: Sequence[object] = (),
) -> tuple[Todo, ...]:
    return todos(facts, verdict, held=own, missing=duties, on=TODAY)  # type: ignore[arg-type]


def test_every_kind_has_a_face_and_every_deadline_a_name() -> None:
    assert set(TODO_FACES) == set(TodoKind)
    assert set(DUE_NAMES) == set(DueKind)


def test_nothing_held_and_nothing_missing_is_nothing_to_do() -> None:
    assert asked() == ()


@pytest.mark.parametrize(
    ("overlay", "kind", "overdue"),
    [
        (Overlay.SERIOUS, TodoKind.LEAVE_SERIOUS, True),
        (Overlay.ABNORMAL, TodoKind.LEAVE_ABNORMAL, True),
        (Overlay.REPORT_MISSING, TodoKind.FILE_REPORT, False),
    ],
)
def test_a_list_asks_to_be_left(overlay: Overlay, kind: TodoKind, overdue: bool) -> None:  # noqa: FBT001  # a table's column
    (todo,) = asked(BusinessFacts(EntityState.ACTIVE, overlays=frozenset({overlay})))

    assert (todo.kind, todo.is_overdue) == (kind, overdue)


def test_frozen_equity_asks_for_nothing_here() -> None:
    assert asked(BusinessFacts(EntityState.ACTIVE, overlays=frozenset({Overlay.EQUITY_FROZEN}))) == ()


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("PM_SUSPENDED", TodoKind.RECOVER),
        ("PM_EXPIRED", TodoKind.REAPPLY),
        ("PM_INSPECTION", TodoKind.INSPECTION),
        ("PM_DUE", TodoKind.RENEW),
    ],
)
def test_a_license_asks_for_what_its_colour_says(reason: str, kind: TodoKind) -> None:
    (todo,) = asked(own=[held(reason=reason)])

    assert (todo.kind, todo.license_id, todo.about) == (kind, UUID(int=1), TITLE)


def test_a_renewal_names_the_last_day_to_apply_and_says_when_it_has_passed() -> None:
    ahead = Window(TODAY - timedelta(days=5), TODAY, opens_is_advice=False)
    passed = Window(TODAY - timedelta(days=5), TODAY - timedelta(days=1), opens_is_advice=False)

    (in_time,) = asked(own=[held(reason="PM_DUE", window=ahead)])
    (late,) = asked(own=[held(reason="PM_DUE", window=passed)])

    assert (in_time.kind, in_time.due_on, in_time.is_overdue) == (TodoKind.RENEW, TODAY, False)
    assert (late.kind, late.due_on, late.is_overdue) == (TodoKind.RENEW_LATE, date(2027, 3, 1), True)


def test_an_expired_license_is_not_asked_for_beside_the_duty_it_leaves_open() -> None:
    kinds = [todo.kind for todo in asked(own=[held(reason="PM_EXPIRED")], duties=[missing(Severity.OVERDUE)])]

    assert kinds == [TodoKind.APPLY]


def test_what_is_overdue_comes_first_then_what_is_urgent_then_what_ends_soonest() -> None:
    found = asked(
        own=[
            held(1, reason="PM_DUE", valid_to=date(2027, 5, 1)),
            held(2, reason="PM_DUE", valid_to=date(2027, 1, 1)),
        ],
        duties=[missing()],
        facts=BusinessFacts(EntityState.ACTIVE, overlays=frozenset({Overlay.ABNORMAL})),
    )

    assert [todo.kind for todo in found] == [
        TodoKind.LEAVE_ABNORMAL,
        TodoKind.RENEW,
        TodoKind.RENEW,
        TodoKind.APPLY,
    ]
    assert [todo.license_id for todo in found[1:3]] == [UUID(int=2), UUID(int=1)]


@pytest.mark.parametrize("state", [state for state in EntityState if state.ended])
def test_an_enterprise_that_ended_has_neither_to_dos_nor_deadlines(state: EntityState) -> None:
    facts = BusinessFacts(state, term_to=date(2030, 1, 1), overlays=frozenset(Overlay))

    assert asked(facts, own=[held(reason="PM_EXPIRED")], duties=[missing()]) == ()
    assert dues(facts, [held()], on=TODAY) == ()


@pytest.mark.parametrize("state", [EntityState.REVOKED, EntityState.ORDERED_CLOSED])
def test_an_enterprise_that_may_not_do_business_has_only_to_deregister(state: EntityState) -> None:
    facts = BusinessFacts(state, term_to=date(2030, 1, 1), overlays=frozenset(Overlay))

    (todo,) = asked(facts, own=[held(reason="PM_DUE")], duties=[missing()])

    assert (todo.kind, todo.is_overdue) == (TodoKind.DEREGISTER, True)
    assert dues(facts, [held()], on=TODAY) == ()


def test_a_deadline_is_the_last_day_to_apply_until_that_has_passed() -> None:
    window = Window(date(2026, 12, 1), date(2027, 1, 15), opens_is_advice=False)
    one = held(window=window)

    (before,) = dues(ACTIVE, [one], on=date(2027, 1, 15))
    (after,) = dues(ACTIVE, [one], on=date(2027, 1, 16))

    assert (before.kind, before.on, before.days_left) == (DueKind.RENEWAL, date(2027, 1, 15), 0)
    assert (after.kind, after.on) == (DueKind.EXPIRY, date(2027, 3, 1))


def test_what_has_no_end_is_being_renewed_has_ended_or_is_past_is_no_deadline() -> None:
    own = [
        held(1, valid_to=None),
        held(2, reason="PM_RENEWING"),
        held(3, state=LicenseState.REVOKED),
        held(4, valid_to=TODAY - timedelta(days=1)),
    ]

    assert dues(ACTIVE, own, on=TODAY) == ()


def test_the_term_of_business_is_a_deadline_of_its_own() -> None:
    (due,) = dues(BusinessFacts(EntityState.ACTIVE, term_to=TODAY), [], on=TODAY)

    assert (due.kind, due.days_left, due.license_id) == (DueKind.TERM, 0, None)


@given(
    st.sampled_from(LicenseState),
    st.sampled_from(EntityState),
    st.none() | st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    st.booleans(),
)
def test_whatever_a_license_is_each_to_do_has_one_action_and_a_reason_in_words(
    state: LicenseState,
    entity: EntityState,
    valid_to: date | None,
    with_duty: bool,  # noqa: FBT001  # drawn
) -> None:
    verdict = permit_colour(PermitFacts(state, entity, valid_to=valid_to), TODAY)
    one = held(valid_to=valid_to, state=state, verdict=verdict)

    found = asked(BusinessFacts(entity), own=[one], duties=[missing()] if with_duty else [])

    assert verdict.reason in REASONS
    assert all(todo.face.action.zh and todo.face.action.en for todo in found)
    assert len({(todo.kind, todo.license_id, todo.type_code) for todo in found}) == len(found)
