"""Identifiers of rows: UUIDv7, rising within one time, spread over threads."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122

from hub.kernel.ids import new_id

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def test_an_identifier_is_a_uuid_of_version_seven_that_carries_its_time() -> None:
    identifier = new_id(NOW)

    assert identifier.version == 7
    assert identifier.variant == RFC_4122
    assert identifier.int >> 80 == int(NOW.timestamp() * 1000)


def test_identifiers_of_the_same_millisecond_rise_in_the_order_of_the_calls() -> None:
    made = [new_id(NOW) for _ in range(1000)]

    assert made == sorted(set(made))


def test_identifiers_of_a_later_time_sort_after_those_of_an_earlier_one_whatever_was_asked_between() -> None:
    later = new_id(NOW + timedelta(milliseconds=1))
    earlier = new_id(NOW)

    assert earlier < later
    assert new_id(NOW) != earlier


def test_threads_never_get_the_same_identifier() -> None:
    with ThreadPoolExecutor(max_workers=4) as pool:
        made = list(pool.map(lambda _: new_id(NOW), range(4000)))

    assert len(set(made)) == len(made)
