"""The value of an entry is the worst of its four causes, and what is final stays."""

from itertools import product
from uuid import UUID

import pytest

from hub.trust.statuses.indices import MAX_LEASE, _Block, _Leases
from hub.trust.statuses.rules import Cause, Causes, StatusPosition
from signing.status import Status

WORST_FIRST = (Status.REVOKED, Status.SUSPENDED, Status.CHANGED, Status.VALID)
ENDS = {Cause.OWN: Status.REVOKED, Cause.LICENSE: Status.REVOKED, Cause.CONTENT: Status.CHANGED}


@pytest.mark.parametrize("values", list(product(WORST_FIRST, repeat=2)), ids=str)
def test_the_worst_of_two_causes_is_published_whichever_they_are(values: tuple[Status, Status]) -> None:
    worst = min(values, key=WORST_FIRST.index)

    for first, second in product(Cause, repeat=2):
        if first is not second:
            causes = Causes(**{first.value: values[0], second.value: values[1]})
            assert causes.value is worst


@pytest.mark.parametrize(("cause", "before", "said"), list(product(Cause, WORST_FIRST, WORST_FIRST)), ids=str)
def test_a_cause_changes_alone_unless_it_has_said_its_last_word(
    cause: Cause, before: Status, said: Status
) -> None:
    causes = Causes(**{cause.value: before})
    after = causes.after(cause, said)

    expected = before if ENDS.get(cause) is before else said
    assert after == Causes(**{cause.value: expected})


def test_an_entry_is_read_on_its_list_at_its_index() -> None:
    assert StatusPosition(12, 3).uri == "/status/12"


def block(*, first: int = 0, end: int = 5) -> _Block:
    return _Block(1, b"k" * 32, first, UUID(int=first + 1), first, end)


def test_a_block_gives_each_counter_once_and_no_more_than_it_has() -> None:
    leases, held = _Leases(), block()
    leases.put(held)

    assert list(leases.take(held, 2)) == [0, 1]
    assert leases.front() is held
    assert list(leases.take(held, 9)) == [2, 3, 4]
    assert leases.front() is None
    assert list(leases.take(held, 1)) == []


def test_blocks_are_used_in_the_order_in_which_they_were_kept() -> None:
    leases, first, second = _Leases(), block(), block(first=5, end=6)
    leases.put(first)
    leases.put(second)

    assert leases.front() is first
    leases.drop(first)
    leases.drop(first)
    assert leases.front() is second


def test_each_lease_is_twice_the_one_before_up_to_a_thousandth_of_a_list() -> None:
    leases, sizes = _Leases(), []
    for _ in range(12):
        sizes.append(leases.size)
        leases.put(block(first=5, end=5))

    assert sizes == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, MAX_LEASE, MAX_LEASE]
    assert leases.front() is None
