"""What a code is worth: one row per kind of facts."""

from dataclasses import replace

import pytest

from hub.codes.rules import ACTIVE, REASONS, CodeFacts, PlateState, judge
from hub.kernel.outcomes import Outcome
from hub.kernel.verdicts import Statement
from hub.licenses.colours.reasons import REASONS as COLOUR_REASONS
from hub.licenses.colours.rules import Colour, ColourVerdict
from signing import CodeKind, Reason
from signing.errors import CodeSignatureError

BLUE = ColourVerdict(Colour.BLUE, "BL_OK")
FORGED = Statement.of(CodeSignatureError())
GOOD_PLATE = CodeFacts(kind=CodeKind.PLATE, plate=PlateState.PLACED, business=BLUE)
GOOD_DYNAMIC = CodeFacts(kind=CodeKind.DYNAMIC, business=BLUE)
YELLOW = ColourVerdict(Colour.YELLOW, "BL_ABNORMAL")
RED = ColourVerdict(Colour.RED, "BL_REVOKED")
GREY = ColourVerdict(Colour.GREY, "BL_ENDED")

TABLE = [
    (GOOD_PLATE, Outcome.VALID, ("PLATE_ACTIVE", "BL_OK")),
    (replace(GOOD_PLATE, plate=PlateState.MADE), Outcome.VALID, ("PLATE_ACTIVE", "BL_OK")),
    (GOOD_DYNAMIC, Outcome.VALID, ("CODE_SHOWN", "BL_OK")),
    (replace(GOOD_PLATE, business=YELLOW), Outcome.ATTENTION, ("PLATE_ACTIVE", "BL_ABNORMAL")),
    (replace(GOOD_PLATE, business=RED), Outcome.ATTENTION, ("PLATE_ACTIVE", "BL_REVOKED")),
    (replace(GOOD_PLATE, business=GREY), Outcome.ATTENTION, ("PLATE_ACTIVE", "BL_ENDED")),
    (replace(GOOD_PLATE, has_red_permit=True), Outcome.ATTENTION, ("PLATE_ACTIVE", "BL_OK", "LICENSE_RED")),
    (
        replace(GOOD_DYNAMIC, business=RED, has_red_permit=True),
        Outcome.ATTENTION,
        ("CODE_SHOWN", "BL_REVOKED", "LICENSE_RED"),
    ),
    *(
        (replace(GOOD_PLATE, plate=state), Outcome.REFUSED, ("PLATE_ENDED",))
        for state in PlateState
        if state not in ACTIVE
    ),
    (replace(GOOD_PLATE, plate=None), Outcome.REFUSED, ("PLATE_ENDED",)),
    (CodeFacts(kind=CodeKind.PLATE), Outcome.REFUSED, ("PLATE_ENDED",)),
    (replace(GOOD_PLATE, business=None), Outcome.REFUSED, ("PLATE_ENDED",)),
    (CodeFacts(kind=CodeKind.DYNAMIC), Outcome.REFUSED, ("CODE_ENDED",)),
    (replace(GOOD_DYNAMIC, is_used_up=True), Outcome.REFUSED, ("CODE_USED",)),
    (CodeFacts(rejection=FORGED), Outcome.REFUSED, ("CODE_SIGNATURE",)),
    (CodeFacts(is_reachable=False), Outcome.UNKNOWN, ("RECORDS_AWAY",)),
]


@pytest.mark.parametrize(("facts", "outcome", "reasons"), TABLE)
def test_facts_are_judged_by_the_table(facts: CodeFacts, outcome: Outcome, reasons: tuple[str, ...]) -> None:
    judged = judge(facts)

    assert (judged.outcome, judged.reasons) == (outcome, reasons)


@pytest.mark.parametrize(("facts", "outcome", "reasons"), TABLE)
def test_genuine_is_said_exactly_of_what_is_valid_or_needs_attention(
    facts: CodeFacts, outcome: Outcome, reasons: tuple[str, ...]
) -> None:
    assert judge(facts).genuine is (outcome in {Outcome.VALID, Outcome.ATTENTION})
    assert reasons


@pytest.mark.parametrize(("facts", "outcome", "reasons"), TABLE)
def test_the_message_says_the_reasons_that_decided(
    facts: CodeFacts, outcome: Outcome, reasons: tuple[str, ...]
) -> None:
    message = judge(facts).message

    assert REASONS[reasons[-1]].zh in message.zh
    assert REASONS[reasons[-1]].en in message.en
    assert outcome


def test_an_unknown_plate_an_ended_one_and_one_of_no_enterprise_are_told_alike() -> None:
    told = {
        judge(facts)
        for facts in (
            CodeFacts(kind=CodeKind.PLATE),
            replace(GOOD_PLATE, plate=PlateState.VOID),
            replace(GOOD_PLATE, plate=PlateState.LOST),
            replace(GOOD_PLATE, plate=PlateState.SUSPENDED),
            replace(GOOD_PLATE, business=None),
        )
    }

    assert len(told) == 1


def test_a_bad_signature_outweighs_whatever_else_is_claimed() -> None:
    judged = judge(replace(GOOD_PLATE, rejection=FORGED))

    assert judged.outcome is Outcome.REFUSED


def test_every_reason_of_a_verdict_is_said_in_both_languages() -> None:
    wanted = {reason for _, _, reasons in TABLE for reason in reasons}
    wanted |= {reason for reason in COLOUR_REASONS if reason.startswith("BL_")}
    wanted |= {str(reason) for reason in Reason if reason.startswith(("CODE_", "PLATE_ID_"))}

    assert wanted <= set(REASONS)
