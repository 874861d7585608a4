"""From received to closed: every step of the table, and every one that is not in it."""

from itertools import product

import pytest

from hub.kernel.errors import InvalidInputError
from hub.supervision.rules import (
    CLOSING,
    MAX_ANSWER_CHARS,
    MIN_ANSWER_CHARS,
    REPORT_ACTIONS,
    ReportAction,
    ReportState,
    ReportStepError,
    next_report_state,
    read_answer,
    report_actions,
)

STEPS = {
    (ReportState.RECEIVED, ReportAction.TAKE): ReportState.HANDLING,
    (ReportState.RECEIVED, ReportAction.ANSWER): ReportState.ANSWERED,
    (ReportState.RECEIVED, ReportAction.UNFOUNDED): ReportState.UNFOUNDED,
    (ReportState.HANDLING, ReportAction.ANSWER): ReportState.ANSWERED,
    (ReportState.HANDLING, ReportAction.UNFOUNDED): ReportState.UNFOUNDED,
}


@pytest.mark.parametrize(("state", "action"), list(product(ReportState, ReportAction)))
def test_a_report_moves_by_the_table_and_not_otherwise(state: ReportState, action: ReportAction) -> None:
    if (state, action) in STEPS:
        assert next_report_state(state, action) is STEPS[state, action]
    else:
        with pytest.raises(ReportStepError):
            next_report_state(state, action)


@pytest.mark.parametrize("state", list(ReportState))
def test_what_is_offered_is_what_is_allowed(state: ReportState) -> None:
    assert {(state, action) for action in report_actions(state)} == {
        step for step in STEPS if step[0] is state
    }


@pytest.mark.parametrize("state", [ReportState.ANSWERED, ReportState.UNFOUNDED])
def test_a_closed_report_stays_closed(state: ReportState) -> None:
    assert report_actions(state) == ()


def test_every_action_is_said_in_both_languages() -> None:
    assert set(REPORT_ACTIONS) == set(ReportAction)


@pytest.mark.parametrize("action", sorted(CLOSING))
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "REPORT_ANSWER"),
        ("   \n ", "REPORT_ANSWER"),
        ("字" * (MIN_ANSWER_CHARS - 1), "REPORT_ANSWER"),
        ("字" * (MAX_ANSWER_CHARS + 1), "REPORT_ANSWER"),
        ("已核实\u202e在营", "REPORT_HIDDEN"),
    ],
)
def test_closing_needs_words_that_say_something(action: ReportAction, text: str, reason: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read_answer(action, text)

    assert (caught.value.field, caught.value.reason) == ("answer", reason)


@pytest.mark.parametrize("length", [MIN_ANSWER_CHARS, MAX_ANSWER_CHARS])
def test_an_answer_is_kept_without_the_space_around_it(length: int) -> None:
    assert read_answer(ReportAction.ANSWER, f"  {'字' * length}\r\n") == "字" * length


def test_taking_a_report_on_needs_no_words() -> None:
    assert read_answer(ReportAction.TAKE, "ignored") is None
