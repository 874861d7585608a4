"""One engine for codes, credentials and receipts: one order of judgement, one form on the wire, any error told."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from hub.codes import rules as codes
from hub.credentials import verdicts as credentials
from hub.kernel.messages import Message
from hub.kernel.outcomes import Outcome
from hub.kernel.verdicts import Judgement, Rule, RuleTable, Statement, Verdict, VerificationFacts, judge
from hub.trust import receipts
from keys.messages import StatedError, leaves
from signing import CodeKind, SigningError
from signing.bundle import BundleError
from signing.errors import CodeSignatureError
from signing.log import LogError
from signing.sdjwt import CredentialError

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
KINDS: list[Any] = [
    pytest.param(codes.TABLE, codes.CodeFacts(CodeKind.PLATE), id="codes"),
    pytest.param(credentials.TABLE, credentials.CredentialFacts(), id="credentials"),
    pytest.param(receipts.TABLE, receipts.ReceiptFacts(), id="receipts"),
]
ERRORS = sorted(
    {leaf for kind in (SigningError, BundleError, LogError, CredentialError) for leaf in leaves(kind)},
    key=lambda leaf: leaf.reason,
)
FORGED = Statement.of(CodeSignatureError())
GOOD, ODD, GRAVE = (Statement(code, Message(f"{code}。", f"{code}.")) for code in ("GOOD", "ODD", "GRAVE"))


@dataclass(frozen=True, slots=True)
class Weighed(VerificationFacts):
    is_odd: bool = False
    is_ended: bool = False
    is_blank: bool = False


TABLE: RuleTable[Weighed] = RuleTable(
    stops=(Rule(Outcome.REFUSED, GRAVE, lambda f: f.is_ended),),
    findings=(
        Rule(Outcome.VALID, GOOD, lambda f: not f.is_blank),
        Rule(Outcome.ATTENTION, ODD, lambda f: f.is_odd),
    ),
)


@pytest.mark.parametrize(("table", "ended"), KINDS)
def test_the_order_of_judgement_is_the_same_for_every_kind(
    table: RuleTable[Any], ended: VerificationFacts
) -> None:
    """The clock outweighs the signature, the signature the records, and they what the records say."""
    away = replace(ended, is_reachable=False)
    forged = replace(away, rejection=FORGED)
    late = replace(forged, is_clock_right=False)

    told = [judge(table, facts) for facts in (late, forged, away)]

    assert [(each.outcome, each.reasons) for each in told] == [
        (Outcome.UNKNOWN, ("CLOCK_BEHIND",)),
        (Outcome.REFUSED, ("CODE_SIGNATURE",)),
        (Outcome.UNKNOWN, ("RECORDS_AWAY",)),
    ]
    assert judge(table, ended).reasons[0] not in {"CLOCK_BEHIND", "CODE_SIGNATURE", "RECORDS_AWAY"}


@pytest.mark.parametrize("leaf", ERRORS, ids=lambda leaf: leaf.reason)
@pytest.mark.parametrize(("table", "ended"), KINDS)
def test_whatever_error_a_verification_ends_with_is_told_in_its_own_words(
    table: RuleTable[Any], ended: VerificationFacts, leaf: Callable[[], StatedError]
) -> None:
    """No table of errors to forget one in: a kind of error that is new tomorrow is told too."""
    error = leaf()

    told = judge(table, type(ended).rejected(error))

    assert (told.outcome, told.reasons) == (Outcome.REFUSED, (error.reason,))
    assert told.message.zh.endswith(error.message.zh)
    assert told.message.en.endswith(error.message.en)


def test_the_first_stop_is_the_whole_answer_and_of_findings_the_gravest_decides() -> None:
    assert judge(TABLE, Weighed(is_odd=True, is_ended=True)).reasons == ("GRAVE",)
    assert judge(TABLE, Weighed()) == Judgement(Outcome.VALID, ("GOOD",), GOOD.message)
    assert judge(TABLE, Weighed(is_odd=True)) == Judgement(Outcome.ATTENTION, ("GOOD", "ODD"), ODD.message)


def test_a_hidden_reason_counts_and_is_not_named() -> None:
    headed = replace(TABLE, headlines={Outcome.ATTENTION: Message("请留意：", "Note:")})

    told = judge(headed, Weighed(is_odd=True), hidden=frozenset({"ODD"}))

    assert told == Judgement(Outcome.ATTENTION, ("GOOD",), Message("请留意：", "Note:"))


def test_where_nothing_is_found_nothing_is_said_to_be_valid() -> None:
    with pytest.raises(ValueError, match="empty"):
        judge(TABLE, Weighed(is_blank=True))


@pytest.mark.parametrize("facts", [Weighed(), Weighed(is_ended=True), Weighed(is_clock_right=False)])
def test_every_verdict_has_the_members_of_the_public_interface(facts: Weighed) -> None:
    verdict = Verdict(judge(TABLE, facts), "thing", NOW)

    document = verdict.as_json()

    assert list(document) == [
        "verdict",
        "genuine",
        "kind",
        "reasons",
        "message",
        "checked_at",
        "status_as_of",
    ]
    assert document["genuine"] is (verdict.outcome in {Outcome.VALID, Outcome.ATTENTION})
    assert document["status_as_of"] == (document["checked_at"] if verdict.genuine else None)
    assert json.loads(verdict.as_text()) == document


def test_outcomes_weigh_from_valid_to_refused() -> None:
    """One forgery among codes of which the hub cannot tell stays a forgery."""
    weighed = sorted(Outcome, key=lambda each: each.gravity)

    assert weighed == [Outcome.VALID, Outcome.ATTENTION, Outcome.UNKNOWN, Outcome.REFUSED]
