"""What is an overload and what is a burst: made-up arrivals at one server that answers a fixed number a second."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

import pytest

from hub.server.pressure import Pressure
from hub.server.worker import TICK_SECONDS

AT_WORK = 2  # may be inside under overload: as many as a lane has threads


@dataclass
class Day:
    """What callers met."""

    waits: list[float] = field(default_factory=list)  # seconds, of those who were answered
    turned_away: int = 0

    @property
    def p99(self) -> float:
        return sorted(self.waits)[int(len(self.waits) * 0.99)]


def live(arrivals: Iterable[float], *, rate: float) -> Day:
    """Answer in turn, each in 1/rate seconds, whoever the pressure lets in."""
    day, pressure, queue, free, looked = Day(), Pressure(), deque[float](), 0.0, 0.0
    for moment in arrivals:
        while looked < moment:
            pressure.look(looked)
            looked += TICK_SECONDS
        while queue and max(free, queue[0]) <= moment:
            came = queue.popleft()
            free = max(free, came) + 1 / rate
            day.waits.append(free - came)
        if pressure.begins(moment, waiting=len(queue), waited=moment - queue[0] if queue else 0.0):
            day.turned_away += len(queue)
            queue.clear()
        if pressure.is_on and len(queue) + (free > moment) >= AT_WORK:
            pressure.turned_away()
            day.turned_away += 1
        else:
            queue.append(moment)
    for came in queue:
        free = max(free, came) + 1 / rate
        day.waits.append(free - came)
    return day


def by_chance(rate: float, *, seconds: float, begin: float = 0.0) -> list[float]:
    """So many a second, none knowing of the others."""
    chance, moment, found = Random(1), begin, list[float]()
    while (moment := moment + chance.expovariate(rate)) < begin + seconds:
        found.append(moment)
    return found


@pytest.mark.parametrize("rate", [300, 700, 2_000])
def test_at_four_times_the_capacity_the_accepted_are_answered_as_on_a_calm_day(rate: float) -> None:
    calm = live(by_chance(0.5 * rate, seconds=10), rate=rate)
    flood = live(by_chance(4 * rate, seconds=10), rate=rate)

    assert calm.turned_away == 0
    assert flood.p99 <= 2 * calm.p99
    assert len(flood.waits) >= 0.65 * 10 * rate


@pytest.mark.parametrize("rate", [70, 300, 2_000])
def test_a_busy_day_turns_nobody_away(rate: float) -> None:
    assert live(by_chance(0.8 * rate, seconds=30), rate=rate).turned_away == 0


@pytest.mark.parametrize("rate", [20, 700])
def test_fifty_at_once_are_no_overload(rate: float) -> None:
    assert live([0.0001 * number for number in range(50)], rate=rate).turned_away == 0


def test_callers_who_each_wait_for_their_answer_are_no_overload() -> None:
    """64 of them against 700 a second: the queue is long, and as long as before."""
    first = [0.0] * 64
    later = [number / 700 for number in range(1, 3_000)]

    assert live(first + later, rate=700).turned_away == 0


def test_a_queue_that_stands_is_an_overload_though_it_hardly_grows() -> None:
    day = live(by_chance(1.2 * 700, seconds=10), rate=700)

    assert day.turned_away > 0
    assert max(day.waits) < 1.5


def test_an_overload_is_over_when_hardly_anybody_is_turned_away() -> None:
    flood = by_chance(4 * 700, seconds=2)
    after = by_chance(0.5 * 700, seconds=10, begin=3)

    assert live(flood + after, rate=700).turned_away == live(flood, rate=700).turned_away
