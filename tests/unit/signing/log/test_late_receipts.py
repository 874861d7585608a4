"""Receipts of acts that came late to the record: both moments, or none that is believed."""

from datetime import datetime

import pytest

from signing import SigningError
from signing.log import LogReason, commitment
from tests.support.forger import Workshop
from tests.unit.signing.log.test_receipt import AT, CLEAR, OPENING, believe, leaf_text, receipt


def test_an_act_that_came_late_says_when_it_was_done_and_when_it_was_put_on_record(
    workshop: Workshop,
) -> None:
    done = AT.replace("T08", "T07")
    for members, opening in (({}, OPENING), ({"data": {"kid": "P2"}, "subject": "P2"}, CLEAR)):
        late = leaf_text(commitment=commitment(opening), happened_at=done, **members)

        found = believe(workshop, receipt(workshop, late, opening))

        assert (found.happened_at, found.at) == (datetime.fromisoformat(done), datetime.fromisoformat(AT))
    assert believe(workshop, receipt(workshop)).happened_at is None


@pytest.mark.parametrize(
    "happened_at",
    [
        AT,  # no later than it was put on record: then it did not come late
        AT.replace("T08", "T09"),
        "2026-11-21T07:00:00Z",
        "2026-02-30T07:00:00.000000Z",
        7,
        None,
    ],
)
def test_a_moment_that_is_none_or_not_earlier_is_refused(workshop: Workshop, happened_at: object) -> None:
    late = leaf_text(commitment=commitment(OPENING), happened_at=happened_at)

    with pytest.raises(SigningError) as refused:
        believe(workshop, receipt(workshop, late))

    assert refused.value.reason is LogReason.RECEIPT_LEAF
