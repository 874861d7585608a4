"""How often a test repeats what it repeats: a tenth of its rounds in `make test`, all of them in `make drills`.

This is the one place that reads `HUB_DRILLS`. A test asks the fixture `rounds`, which notes what it gave, so that the
end of a run says how many rounds were played of how many; a property takes `examples`.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from math import ceil

import pytest

ALL = os.environ.get("HUB_DRILLS") == "1"
SHARE = 10  # one round in so many is played where not all are
FEWEST_EXAMPLES = 5
EXAMPLES = 100  # of a property that does not say: what Hypothesis takes by itself
NOTED = "rounds"  # among the properties of a test's report

Rounds = Callable[..., int]


def share_of(whole: int, *, least: int = 1) -> int:
    """How many of `whole` rounds are played now, and never fewer than `least` (nor more than there are)."""
    return whole if ALL else min(whole, max(least, ceil(whole / SHARE)))


def examples(whole: int) -> int:
    """How many examples of a property are tried now, for `hypothesis.settings(max_examples=…)`."""
    return share_of(whole, least=FEWEST_EXAMPLES)


def noting(request: pytest.FixtureRequest) -> Rounds:
    """`share_of` for one test, which notes in its report what it played."""

    def rounds(whole: int, *, least: int = 1) -> int:
        played = share_of(whole, least=least)
        request.node.user_properties.append((NOTED, (played, whole)))
        return played

    return rounds


def is_drill(item: pytest.Item) -> bool:
    """Whether a test repeats something, so that `make drills` has more of it to do."""
    is_property = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)  # which Hypothesis says
    return is_property or "rounds" in getattr(item, "fixturenames", ())


def summary(reports: Iterable[pytest.TestReport]) -> str:
    """What the end of a run says of its rounds; "" when nothing was repeated."""
    found = list(_noted(reports))
    if not found:
        return ""
    played, whole = (sum(each) for each in zip(*found, strict=True))
    examples_tried = f"properties with {examples(EXAMPLES)} examples of {EXAMPLES}"
    said = f"rounds: {played} of {whole} in {len(found)} repeated parts of tests, {examples_tried}"
    return said if ALL else f"{said}; `make drills` plays all of them"


def _noted(reports: Iterable[pytest.TestReport]) -> Iterator[tuple[int, int]]:
    for report in reports:
        if report.when == "call":
            for name, value in report.user_properties:
                if name == NOTED and isinstance(value, tuple | list):
                    yield value[0], value[1]
