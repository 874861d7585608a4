from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.licenses.rules import (
    EFFECTIVE,
    OPERATIONS,
    STATE_NAMES,
    TERMINAL,
    LicenseState,
    Operation,
    TransitionRefusedError,
    next_state,
    operations_from,
    parse_license_state,
)

# The dictionary of the construction departments, with our steps for renewal and replacement, spelt out by hand.
EXPECTED = {
    ("-", "issue"): "有效",
    ("-", "transfer-in"): "有效",
    ("有效", "renew"): "有效",
    ("有效", "suspend"): "暂扣",
    ("有效", "expire"): "失效",
    ("有效", "submit-renewal"): "延续审查中",
    ("有效", "replace"): "被替换",
    ("延续审查中", "renew"): "有效",
    ("延续审查中", "refuse-renewal"): "有效",
    ("延续审查中", "suspend"): "暂扣",
    ("延续审查中", "replace"): "被替换",
    ("暂扣", "restore"): "有效",
    ("暂扣", "expire"): "失效",
    **{
        (source, operation): target
        for source in ("有效", "延续审查中", "暂扣", "失效")
        for operation, target in (
            ("deregister", "注销"),
            ("annul", "撤销"),
            ("revoke", "吊销"),
            ("withdraw", "撤回"),
            ("transfer-out", "转出"),
        )
    },
}
STATES: tuple[LicenseState | None, ...] = (None, *LicenseState)


@pytest.mark.parametrize(("state", "operation"), list(product(STATES, Operation)))
def test_only_listed_operations_are_possible(state: LicenseState | None, operation: Operation) -> None:
    expected = EXPECTED.get((state.value if state else "-", operation.value))
    if expected is None:
        with pytest.raises(TransitionRefusedError):
            next_state(state, operation)
    else:
        assert next_state(state, operation) == expected


@given(st.lists(st.sampled_from(list(Operation)), max_size=30))
def test_no_way_leads_out_of_a_closed_license(operations: list[Operation]) -> None:
    state: LicenseState | None = None
    for operation in operations:
        if operation not in operations_from(state):
            with pytest.raises(TransitionRefusedError):
                next_state(state, operation)
            continue
        assert state not in TERMINAL
        state = next_state(state, operation)


@pytest.mark.parametrize("state", sorted(TERMINAL))
def test_a_closed_license_allows_nothing(state: LicenseState) -> None:
    assert operations_from(state) == ()


def test_every_state_and_operation_is_named_in_both_languages() -> None:
    assert set(STATE_NAMES) == set(LicenseState)
    assert set(OPERATIONS) == set(Operation)
    assert {name.zh for name in STATE_NAMES.values()} == {state.value for state in LicenseState}
    assert len({name.en for name in STATE_NAMES.values()}) == len(LicenseState)


def test_all_ways_to_close_share_one_wire_code() -> None:
    closing = {op.value for op, face in OPERATIONS.items() if face.code == "05"}

    assert closing == {"deregister", "annul", "revoke", "withdraw", "transfer-out"}


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("01", "有效"),
        ("02", "暂扣"),
        ("03", "撤销"),
        ("04", "注销"),
        ("05", "失效"),
        ("06", "转出"),
        ("07", "吊销"),
        ("办理转出", "转出"),
        (" 有 效 ", "有效"),
        ("\uff10\uff11", "有效"),  # full-width digits
        ("已过期", "失效"),
        ("延续办理中", "延续审查中"),
        ("撤回", "撤回"),
        ("被替换", "被替换"),
    ],
)
def test_words_and_codes_of_departments_are_understood(text: str, state: str) -> None:
    assert parse_license_state(text) == state


@pytest.mark.parametrize("text", ["", "很好", "99", "1", "08", "None"])
def test_words_nobody_has_mapped_are_not_guessed(text: str) -> None:
    assert parse_license_state(text) is None


def test_every_state_is_understood_by_its_own_name() -> None:
    assert [parse_license_state(state.value) for state in LicenseState] == list(LicenseState)


def test_effective_and_closed_states_are_apart() -> None:
    assert not EFFECTIVE & TERMINAL
    assert {"吊销", "撤销", "撤回", "注销", "转出", "被替换"} == TERMINAL
