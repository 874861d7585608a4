"""Whose policy of algorithms counts: both the hub's and the caller's."""

import pytest

from hub.trust.keys.algorithms import accepted
from keys import Algorithm

NONE: frozenset[Algorithm] = frozenset()
ES256 = frozenset({Algorithm.ES256})
SM2 = frozenset({Algorithm.SM2})


@pytest.mark.parametrize(
    ("asked", "policy", "both"),
    [
        (None, None, None),
        (ES256, None, ES256),
        (None, SM2, SM2),
        (ES256 | SM2, SM2, SM2),
        (ES256, ES256 | SM2, ES256),
        (ES256, SM2, NONE),
        (NONE, SM2, NONE),
        (NONE, None, NONE),
        (None, NONE, NONE),
    ],
)
def test_a_caller_may_ask_for_less_and_never_for_more(
    asked: frozenset[Algorithm] | None,
    policy: frozenset[Algorithm] | None,
    both: frozenset[Algorithm] | None,
) -> None:
    assert accepted(asked, policy=policy) == both
