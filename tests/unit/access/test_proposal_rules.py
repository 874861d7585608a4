"""Who is the second person of a proposal, whose business it is, and when it has lapsed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from hub.access.authenticator_answers import PasskeyAssertion
from hub.access.models import Passkey
from hub.access.passkey_doubts import doubt_of
from hub.access.proposals.rules import ProposalState, ProposalView, account_of, is_second, reaches
from hub.access.rules import Doubt
from hub.kernel.actor import Actor, Operator, Role

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
TICK = timedelta(microseconds=1)
FIRST, SECOND = UUID(int=1), UUID(int=2)
ASKED = ProposalView(
    id=UUID(int=9),
    kind="test",
    uscc=None,
    subject="",
    data={},
    reason="",
    department="局",
    by="official:1",
    person_id=FIRST,
    passkey="aa",
    decided_passkey=None,
    created_at=NOW - timedelta(days=1),
    expires_at=NOW,
    state=ProposalState.OPEN,
    decided_at=None,
    decided_by=None,
    words="",
)


def official(person: UUID, *, passkey: str | None = "bb", department: str = "局") -> Actor:
    return Actor(person, "测试员", Role.OFFICIAL, department=department, passkey=passkey)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (NOW - TICK, ProposalState.OPEN),
        (NOW, ProposalState.LAPSED),
        (NOW + TICK, ProposalState.LAPSED),
    ],
    ids=["before", "at-the-end", "after"],
)
def test_an_open_proposal_has_lapsed_from_its_end_on(now: datetime, state: ProposalState) -> None:
    assert ASKED.state_at(now) is state


@pytest.mark.parametrize("state", [one for one in ProposalState if one is not ProposalState.OPEN])
def test_what_was_decided_stays_so_after_the_end(state: ProposalState) -> None:
    assert replace(ASKED, state=state).state_at(NOW + timedelta(days=1)) is state


@pytest.mark.parametrize(
    ("department", "reached"),
    [("局", True), ("另一局", False), (None, True), ("", False)],
    ids=["own", "another", "any", "empty"],
)
def test_a_proposal_is_the_business_of_its_department_or_of_all(
    department: str | None,
    reached: bool,  # noqa: FBT001  # a column of the table
) -> None:
    assert reaches(replace(ASKED, department=department), official(SECOND)) is reached


@pytest.mark.parametrize(
    ("asked_with", "person", "passkey", "second"),
    [
        ("aa", SECOND, "bb", True),
        ("aa", FIRST, "bb", False),
        ("aa", SECOND, "aa", False),
        ("aa", FIRST, "aa", False),
        ("aa", SECOND, None, True),
        (None, SECOND, None, True),
        (None, FIRST, None, False),
        (Operator("root").mark, SECOND, Operator("root").mark, False),
        (Operator("root").mark, SECOND, Operator("li").mark, True),
    ],
)
def test_the_second_is_another_person_with_another_passkey_or_account(
    asked_with: str | None,
    person: UUID,
    passkey: str | None,
    second: bool,  # noqa: FBT001  # a column of the table
) -> None:
    assert is_second(replace(ASKED, passkey=asked_with), official(person, passkey=passkey)) is second


def test_who_asked_without_being_named_is_nobody_who_decides() -> None:
    assert is_second(replace(ASKED, person_id=None, passkey=None), official(FIRST))


@pytest.mark.parametrize(
    ("mark", "account"),
    [
        ("account:root", "root"),
        ("account:account:x", "account:x"),
        ("account:", ""),
        ("0a" * 32, None),
        ("xaccount:root", None),
        (None, None),
    ],
)
def test_an_account_is_read_from_its_mark_and_from_no_passkey(mark: str | None, account: str | None) -> None:
    assert account_of(mark) == account


@pytest.mark.parametrize(
    ("stored", "received", "doubt"),
    [
        (0, 0, None),
        (0, 1, None),
        (4, 5, None),
        (5, 5, Doubt.COUNTER),
        (5, 4, Doubt.COUNTER),
        (5, 0, Doubt.COUNTER),
        (1, 1, Doubt.COUNTER),
    ],
)
def test_a_counter_that_counts_must_grow(stored: int, received: int, doubt: Doubt | None) -> None:
    passkey = Passkey(sign_count=stored, is_eligible=False)

    assert doubt_of(passkey, PasskeyAssertion(received, is_eligible=False, is_backed_up=False)) is doubt


@pytest.mark.parametrize("stored", [True, False, None])
@pytest.mark.parametrize("received", [True, False])
@pytest.mark.parametrize("backed_up", [True, False])
def test_whether_a_passkey_may_be_copied_never_changes_once_it_is_known(
    stored: bool | None,  # noqa: FBT001  # columns of the table
    received: bool,  # noqa: FBT001
    backed_up: bool,  # noqa: FBT001
) -> None:
    found = doubt_of(
        Passkey(sign_count=0, is_eligible=stored),
        PasskeyAssertion(0, is_eligible=received, is_backed_up=backed_up),
    )

    assert found is (Doubt.BACKUP if stored is not None and stored != received else None)


def test_of_two_doubts_the_counter_is_said_since_it_speaks_of_a_copy() -> None:
    both = PasskeyAssertion(3, is_eligible=True, is_backed_up=False)

    assert doubt_of(Passkey(sign_count=3, is_eligible=False), both) is Doubt.COUNTER
