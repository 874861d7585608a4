"""Fair comparison on a noisy machine: A and B in turn, the median of the ratios, never an absolute promise."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 7


@dataclass(frozen=True)
class Figure:
    """One row of the table. `value` is a ratio unless `unit` says otherwise; `target` is its floor or ceiling."""

    name: str
    what: str
    value: float
    target: str
    unit: str = "x"
    note: str = ""


def seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def speed_ratio(
    ours: Callable[[], object], yardstick: Callable[[], object], *, rounds: int = ROUNDS
) -> float:
    """Return how fast ours is against the yardstick (1.0: as fast), processor time, interleaved, median of the ratios."""
    ours()
    yardstick()
    ratios = []
    for _ in range(rounds):
        a = seconds(ours)
        b = seconds(yardstick)
        ratios.append(b / a)
    return statistics.median(ratios)
