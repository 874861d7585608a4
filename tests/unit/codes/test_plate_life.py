"""The states of a plate: every step of the table, and every step that is not in it."""

from itertools import product

import pytest

from hub.codes.rules import (
    ACTIVE,
    PLATE_ACTION_NAMES,
    PLATE_ENDS,
    PLATE_STATE_NAMES,
    PlateAction,
    PlateActionRefusedError,
    PlateEnd,
    PlateEndedError,
    PlateHeldError,
    PlateState,
    actions_from,
    next_state,
    require_own_hold,
)

P, A = PlateState, PlateAction

STEPS = {
    (P.PENDING, A.MAKE): P.MADE,
    (P.PENDING, A.VOID): P.VOID,
    (P.MADE, A.PLACE): P.PLACED,
    (P.MADE, A.SUSPEND): P.SUSPENDED,
    (P.MADE, A.REPORT_LOST): P.LOST,
    (P.MADE, A.VOID): P.VOID,
    (P.PLACED, A.SUSPEND): P.SUSPENDED,
    (P.PLACED, A.REPORT_LOST): P.LOST,
    (P.PLACED, A.VOID): P.VOID,
    (P.SUSPENDED, A.RESUME): P.MADE,
    (P.SUSPENDED, A.REPORT_LOST): P.LOST,
    (P.SUSPENDED, A.VOID): P.VOID,
    (P.LOST, A.FIND): P.MADE,
    (P.LOST, A.VOID): P.VOID,
}


@pytest.mark.parametrize(("state", "action"), list(product(P, A)))
def test_a_plate_takes_the_steps_of_the_table_and_no_other(state: PlateState, action: PlateAction) -> None:
    wanted = STEPS.get((state, action))

    if wanted is not None:
        assert next_state(state, action) is wanted
    else:
        with pytest.raises(PlateEndedError if state is P.VOID else PlateActionRefusedError):
            next_state(state, action)


@pytest.mark.parametrize("state", P)
def test_the_actions_offered_are_those_that_would_be_taken(state: PlateState) -> None:
    assert set(actions_from(state)) == {action for from_state, action in STEPS if from_state is state}


def test_only_made_and_placed_plates_are_believed() -> None:
    assert {P.MADE, P.PLACED} == ACTIVE


def test_every_state_action_and_end_is_said_in_both_languages() -> None:
    assert set(PLATE_STATE_NAMES) == set(P)
    assert set(PLATE_ACTION_NAMES) == set(A)
    assert set(PLATE_ENDS) == set(PlateEnd)
    assert all(state.value == PLATE_STATE_NAMES[state].zh for state in P)


@pytest.mark.parametrize("action", [A.RESUME, A.FIND])
@pytest.mark.parametrize("held_by", ["official:1", "officer:1", "operator:root", "system"])
def test_an_enterprise_cannot_bring_back_what_a_department_took_out_of_use(
    action: PlateAction, held_by: str
) -> None:
    with pytest.raises(PlateHeldError):
        require_own_hold(action, held_by=held_by, by_enterprise=True)

    require_own_hold(action, held_by=held_by, by_enterprise=False)


@pytest.mark.parametrize("held_by", ["owner:1", "manager:1"])
def test_an_enterprise_brings_back_what_it_suspended_itself(held_by: str) -> None:
    require_own_hold(A.RESUME, held_by=held_by, by_enterprise=True)


def test_an_enterprise_may_always_void_its_plate() -> None:
    require_own_hold(A.VOID, held_by="official:1", by_enterprise=True)
