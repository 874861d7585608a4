"""Idempotency keys under many requests at once: whoever asks gets the claim or is told, whatever others do meanwhile."""

from datetime import datetime

from sqlalchemy.exc import DBAPIError

from hub.kernel.database import Database, is_retryable
from hub.kernel.idempotency.rules import Claim, InProgressError
from hub.kernel.idempotency.service import claim, release
from tests.support.threads import at_once

CALLERS, TURNS = 8, 25  # a key is claimed and given back so often that several meet on its absence


def test_a_key_that_is_claimed_and_given_back_all_the_time_refuses_nobody_otherwise(
    any_db: Database, now: datetime
) -> None:
    def call(_: int) -> int:
        claimed = 0
        for _turn in range(TURNS):
            try:
                held = claim(any_db, scope="s" * 64, key="k", request_hash="h" * 64, now=now)
            except InProgressError:
                continue
            assert isinstance(held, Claim)
            release(any_db, held)
            claimed += 1
        return claimed

    results = at_once(CALLERS, call)

    assert not [each for each in results if not isinstance(each, int) and not is_busy(each)], results


def is_busy(error: Exception) -> bool:
    """Too many collisions in a row, which a slow machine may see."""
    return isinstance(error, DBAPIError) and is_retryable(error)
