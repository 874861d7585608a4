"""Who waits for a thread and who is turned away. The moments are made up: no test waits for one."""

import threading
from collections import deque
from collections.abc import Iterator
from functools import partial

import pytest

from hub.server.lanes import BURST_SECONDS, Lane, ServerJob, clock
from tests.support.processes import until


class Asking:
    """Jobs for one lane whose threads are busy, since `begun`, until `leave`."""

    def __init__(self, *, threads: int = 1, begun: float = 0.0) -> None:
        self.lane = Lane("test", threads=threads)
        self.refused: list[float] = []
        self.ran: list[float] = []
        self._leave = [threading.Event() for _ in range(threads)]
        for leave in self._leave:
            entered = threading.Event()
            self.lane.submit(ServerJob(partial(_hold, entered, leave), lambda: None, at=begun))
            assert entered.wait(10)

    def submit(self, at: float) -> None:
        self.lane.submit(ServerJob(lambda: self.ran.append(at), lambda: self.refused.append(at), at=at))

    def leave(self) -> None:
        for each in self._leave:
            each.set()

    def leave_one(self) -> None:
        """Of two, the one that came last; until its thread has come back for more."""
        self._leave[-1].set()
        until(lambda: self.lane.inside == 1)

    def wait_until_idle(self) -> None:
        """Until the thread has come back for more."""
        until(lambda: not self.lane.inside)


def _hold(entered: threading.Event, leave: threading.Event) -> None:
    entered.set()
    leave.wait(10)


@pytest.fixture
def asking() -> Iterator[Asking]:
    made = Asking()
    yield made
    made.leave()
    made.lane.stop()


def test_a_burst_waits(asking: Asking) -> None:
    for number in range(100):
        asking.submit(0.001 * number)

    assert asking.refused == []


def test_what_has_waited_too_long_is_turned_away_though_no_thread_is_free(asking: Asking) -> None:
    asking.submit(0.5)
    asking.submit(1.0)

    assert asking.lane.look(0.5 + BURST_SECONDS)
    assert asking.refused == [0.5]


def test_under_overload_nobody_waits_and_newcomers_are_turned_away_at_once(asking: Asking) -> None:
    for number in range(400):
        asking.submit(0.001 * number)  # nothing is answered meanwhile

    assert asking.refused[:300] == [0.001 * number for number in range(300)]
    assert len(asking.refused) == 400


def test_under_overload_nobody_is_let_in_while_the_loop_is_late(asking: Asking) -> None:
    for number in range(400):
        asking.submit(0.001 * number)
    asking.leave()
    asking.lane.look(0.41, is_late=True)
    before = len(asking.refused)
    asking.submit(0.411)
    asking.lane.look(0.42, is_late=False)
    asking.wait_until_idle()
    asking.submit(0.421)

    assert asking.refused[before:] == [0.411]


def test_a_lane_is_full_under_overload_alone_and_while_its_threads_work(asking: Asking) -> None:
    for number in range(40):
        asking.submit(0.001 * number)
    assert not asking.lane.is_full
    for number in range(40, 400):
        asking.submit(0.001 * number)
    assert asking.lane.is_full

    asking.leave()
    asking.wait_until_idle()
    assert not asking.lane.is_full


@pytest.mark.parametrize(("begun", "is_full"), [(-3600, False), (3600, True)])
def test_under_overload_a_second_is_let_in_once_the_first_takes_long(begun: float, *, is_full: bool) -> None:
    begun += clock()
    asking = Asking(threads=2, begun=begun)
    try:
        for number in range(400):
            asking.submit(begun + 0.001 * number)
        assert asking.lane.is_full
        asking.leave_one()

        assert asking.lane.is_full is is_full
    finally:
        asking.leave()
        asking.lane.stop()


def test_an_overload_goes_on_while_most_are_refused_unread(asking: Asking) -> None:
    for number in range(400):
        asking.submit(0.001 * number)
    for moment in range(1, 5):
        for _ in range(100):
            asking.lane.refused_unread()
        asking.lane.look(float(moment))
        assert asking.lane.is_full
    asking.lane.look(6.0)

    assert not asking.lane.is_full


def test_a_late_loop_alone_turns_nobody_away(asking: Asking) -> None:
    asking.lane.look(5.0, is_late=True)
    asking.submit(5.0)

    assert asking.refused == []


def test_each_job_is_answered_once(asking: Asking) -> None:
    asking.submit(0.0)
    asking.lane.look(10.0)
    asking.leave()

    assert asking.refused == [0.0]
    assert asking.ran == []


def test_a_mistake_in_a_job_leaves_the_lane_its_threads() -> None:
    lane, ran, told = Lane("test", threads=1), threading.Event(), threading.excepthook
    heard = threading.Event()
    threading.excepthook = lambda _what: heard.set()
    try:
        lane.submit(ServerJob(deque[None]().popleft, lambda: None, at=0.0))  # raises IndexError
        lane.submit(ServerJob(ran.set, lambda: None, at=0.0))
        assert ran.wait(10)
        assert heard.wait(10)
    finally:
        threading.excepthook = told
        lane.stop()
