"""Status lists: the specification's own examples, packing, and what is refused instead of inflated."""

import json
import re
import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.status import (
    KEY_BYTES,
    LIST_ENTRIES,
    MAX_LIST_BYTES,
    STATUS_SENTENCES,
    Status,
    StatusError,
    StatusList,
    StatusReason,
    permuted,
)
from signing.strict_json import encode_base64url

PUBLISHED = sorted(Path("tests/vectors/status").glob("*-bit*.json"))
R = StatusReason


@pytest.fixture(params=PUBLISHED, ids=lambda path: path.stem)
def published(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(request.param.read_text(encoding="utf-8"))
    return found


def test_all_published_examples_are_here() -> None:
    assert {path.stem for path in PUBLISHED} == {
        "one-bit-short",
        "one-bit-long",
        "two-bits-short",
        "two-bits-long",
        "four-bits-long",
        "eight-bits-long",
    }


def test_a_published_list_reads_as_the_specification_says(published: dict[str, Any]) -> None:
    entries = StatusList.decode(published["status_list"]["lst"], bits=published["status_list"]["bits"])

    assert len(entries) == published["size"]
    assert [[index, entries.get(index)] for index, _ in published["entries"]] == published["entries"]
    assert list(entries.set_entries()) == sorted((index, value) for index, value in published["entries"])


def test_the_same_entries_pack_into_the_published_bytes(published: dict[str, Any]) -> None:
    bits = published["status_list"]["bits"]
    theirs = StatusList.decode(published["status_list"]["lst"], bits=bits)

    ours = StatusList.of(
        ((index, value) for index, value in published["entries"]), bits=bits, size=published["size"]
    )

    assert ours == theirs
    assert StatusList.decode(ours.encode(), bits=bits) == theirs


entry = st.tuples(st.integers(0, 999), st.integers(0, 3))


@given(st.lists(entry, max_size=60))
def test_what_is_set_is_read_and_nothing_else(entries: list[tuple[int, int]]) -> None:
    made = StatusList.of(entries, size=1_000)

    assert dict(made.set_entries()) == {index: value for index, value in dict(entries).items() if value}
    assert all(made.get(index) == value for index, value in dict(entries).items())


@pytest.mark.parametrize("index", [-1, 1_000, LIST_ENTRIES, 2**63, True, "5", None, 1.0])
def test_an_index_outside_the_list_is_refused(index: Any) -> None:
    made = StatusList.of([(5, 1)], size=1_000)

    with pytest.raises(StatusError) as refusal:
        made.get(index)
    assert refusal.value.reason is R.STATUS_INDEX


@pytest.mark.parametrize("value", [-1, 4, 255])
def test_a_value_that_does_not_fit_is_refused(value: int) -> None:
    with pytest.raises(StatusError) as refusal:
        StatusList.of([(5, value)], size=1_000)
    assert refusal.value.reason is R.STATUS_VALUE


@pytest.mark.parametrize("bits", [0, 3, 5, 16, -1, True, "2", None, 2.0])
def test_an_entry_of_another_width_is_refused(bits: Any) -> None:
    attempts: tuple[Callable[[], object], ...] = (
        lambda: StatusList(bits, b""),
        lambda: StatusList.of([], bits=bits),
        lambda: StatusList.decode("eNo76fITAAPfAgc", bits=bits),
    )
    for attempt in attempts:
        with pytest.raises(StatusError) as refusal:
            attempt()
        assert refusal.value.reason is R.STATUS_BITS


def test_a_bomb_is_refused_without_being_inflated() -> None:
    bomb = encode_base64url(zlib.compress(bytes(512 * MAX_LIST_BYTES), 9))

    with pytest.raises(StatusError) as refusal:
        StatusList.decode(bomb, bits=2)
    assert refusal.value.reason is R.STATUS_TOO_LARGE
    assert len(bomb) < 800_000


def test_the_largest_list_is_read_and_one_byte_more_is_not() -> None:
    whole = encode_base64url(zlib.compress(bytes(MAX_LIST_BYTES)))
    more = encode_base64url(zlib.compress(bytes(MAX_LIST_BYTES + 1)))

    assert len(StatusList.decode(whole, bits=8)) == LIST_ENTRIES
    with pytest.raises(StatusError) as refusal:
        StatusList.decode(more, bits=8)
    assert refusal.value.reason is R.STATUS_TOO_LARGE
    with pytest.raises(StatusError) as refusal:
        StatusList.of([], bits=8, size=LIST_ENTRIES + 8)
    assert refusal.value.reason is R.STATUS_TOO_LARGE


GOOD = zlib.compress(bytes(100))


@pytest.mark.parametrize(
    "lst",
    [
        None,
        7,
        "",
        "not base64!",
        encode_base64url(GOOD) + "=",
        encode_base64url(GOOD[:-1]),
        encode_base64url(GOOD + b"\0"),
        encode_base64url(GOOD + GOOD),
        encode_base64url(GOOD[:-4] + b"\0\0\0\0"),
        encode_base64url(GOOD[2:]),
        encode_base64url(b"\x1f\x8b" + GOOD),
        encode_base64url(bytes(100)),
    ],
)
def test_what_is_not_one_whole_zlib_stream_is_refused(lst: object) -> None:
    with pytest.raises(StatusError) as refusal:
        StatusList.decode(lst, bits=2)
    assert refusal.value.reason is R.STATUS_ENCODING


@given(st.binary(min_size=1, max_size=60))
def test_whatever_is_taken_for_a_list_is_refused_in_an_orderly_way(anything: bytes) -> None:
    with pytest.raises(StatusError):
        StatusList.decode(encode_base64url(anything), bits=2)


@given(st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES), st.sets(st.integers(0, LIST_ENTRIES - 1)))
def test_two_counters_never_get_one_index(key: bytes, counters: set[int]) -> None:
    indices = {permuted(counter, key=key) for counter in counters}

    assert len(indices) == len(counters)
    assert all(0 <= index < LIST_ENTRIES for index in indices)


def test_every_index_is_given_exactly_once() -> None:
    given_out = bytearray(LIST_ENTRIES)

    for counter in range(LIST_ENTRIES):
        given_out[permuted(counter, key=bytes(KEY_BYTES))] += 1

    assert given_out == bytes([1]) * LIST_ENTRIES


def test_neighbours_are_strangers_and_keys_differ() -> None:
    one = [permuted(counter, key=b"1" * KEY_BYTES) for counter in range(1_000)]
    other = [permuted(counter, key=b"2" * KEY_BYTES) for counter in range(1_000)]

    near = sum(abs(a - b) < LIST_ENTRIES // 1_000 for a, b in pairwise(one))
    assert near < 20  # of 999; by chance two
    assert sum(a == b for a, b in zip(one, other, strict=True)) < 5


def test_a_counter_beyond_the_list_is_a_programming_error() -> None:
    for counter in (-1, LIST_ENTRIES):
        with pytest.raises(ValueError, match="counter"):
            permuted(counter, key=bytes(KEY_BYTES))


@pytest.mark.parametrize("reason", StatusReason)
def test_a_reason_is_told_in_both_languages(reason: StatusReason) -> None:
    leaf = next(leaf for leaf in StatusError.__subclasses__() if leaf.reason is reason)

    assert re.search(r"[\u4e00-\u9fff].*。\Z", STATUS_SENTENCES[reason].zh)
    assert re.search(r"\A[A-Z][ -~]+\.\Z", STATUS_SENTENCES[reason].en)
    assert reason.value == reason.name
    assert str(leaf()) == STATUS_SENTENCES[reason].en


def test_our_four_values_are_the_registered_ones() -> None:
    assert [(status.name, int(status)) for status in Status] == [
        ("VALID", 0),
        ("REVOKED", 1),
        ("SUSPENDED", 2),
        ("CHANGED", 3),
    ]
