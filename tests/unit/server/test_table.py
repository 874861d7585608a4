"""Who makes room for a new connection: the one that has waited longest, first among those of its own address."""

import pytest

from hub.server.table import ConnectionTable


class Held:
    """A connection that is only counted."""

    def __init__(self, address: str, deadline: float | None = None) -> None:
        self.address = address
        self.deadline = deadline
        self.drops = 0

    def drop(self) -> None:
        self.drops += 1


def entered(table: ConnectionTable, *addresses: str) -> list[Held]:
    made = [Held(address) for address in addresses]
    for each in made:
        assert table.admit(each)
        table.wait(each)
    return made


def dropped(held: list[Held]) -> list[int]:
    return [number for number, each in enumerate(held) if each.drops]


def test_up_to_the_limit_nobody_goes() -> None:
    table = ConnectionTable(limit=3, each=3)
    held = entered(table, "a", "b", "c")

    assert (len(table), dropped(held)) == (3, [])


def test_beyond_the_limit_the_one_that_has_waited_longest_goes() -> None:
    table = ConnectionTable(limit=3, each=None)
    held = entered(table, "a", "b", "c")
    table.wait(held[0])  # it has just asked
    held += entered(table, "d")

    assert (len(table), dropped(held)) == (3, [1])


def test_an_address_with_its_share_loses_its_own_first() -> None:
    table = ConnectionTable(limit=9, each=2)
    held = entered(table, "b", "a", "a", "a")

    assert dropped(held) == [1]
    assert len(table) == 3


def test_of_an_address_too_the_one_that_has_waited_longest_goes() -> None:
    table = ConnectionTable(limit=9, each=2)
    held = entered(table, "a", "a")
    table.wait(held[0])
    held += entered(table, "a")

    assert dropped(held) == [1]


def test_who_is_being_answered_is_never_dropped() -> None:
    table = ConnectionTable(limit=2, each=None)
    held = entered(table, "a", "b")
    table.work(held[0])
    held += entered(table, "c")

    assert dropped(held) == [1]


@pytest.mark.parametrize(("limit", "each"), [(2, None), (9, 2)], ids=("of all", "of one address"))
def test_a_new_connection_is_refused_when_all_others_are_being_answered(limit: int, each: int | None) -> None:
    table = ConnectionTable(limit=limit, each=each)
    held = entered(table, "a", "a")
    for one in held:
        table.work(one)
    new = Held("a")

    assert not table.admit(new)
    assert (len(table), dropped([*held, new])) == (2, [])
    table.wait(held[1])
    assert table.admit(new)
    assert dropped(held) == [1]


def test_behind_a_proxy_one_address_may_have_all_connections() -> None:
    table = ConnectionTable(limit=5, each=None)

    assert dropped(entered(table, *"aaaaa")) == []


def test_who_left_makes_room_and_leaves_nothing() -> None:
    table = ConnectionTable(limit=2, each=1)
    held = entered(table, "a", "b")
    for one in (*held, Held("c")):  # also one that was never in
        table.leave(one)
        table.leave(one)

    assert len(table) == 0
    assert list(table.waiting()) == []
    assert table._by_address == {}
    assert dropped(entered(table, "a", "b")) == []


def test_late_is_who_has_a_deadline_that_is_over() -> None:
    table = ConnectionTable()
    held = [Held("a", 1.0), Held("a", 2.0), Held("a", 3.0), Held("a", None)]
    for one in held:
        table.admit(one)

    assert table.late(2.0) == held[:2]
    assert table.late(float("inf")) == held[:3]


def test_those_that_wait_can_be_ended_while_they_are_gone_through() -> None:
    table = ConnectionTable()
    held = entered(table, "a", "b", "c")
    table.work(held[1])
    seen = []
    for one in table.waiting():
        table.leave(one)
        seen.append(one)

    assert seen == [held[0], held[2]]
