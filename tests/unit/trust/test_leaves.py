"""Leaves: what everybody sees of an act, and how the leaves of one batch are told apart."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.trust.record.leaf import (
    SAME_MOMENT,
    commitment,
    is_public,
    late_moment,
    leaf_text,
    nth,
    opening,
    unpack,
)
from signing.log import pack_entries

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
SALT = b"s" * 16
OPENED = opening(by="hub", data={"n": 1}, act="7", rows={}, subject="P1", uscc="U")
LEAVES = st.lists(st.binary(max_size=700), min_size=1, max_size=6)


@given(LEAVES)
@example([b"x" * 700, b"", b"y" * 256])
def test_a_batch_gives_back_its_leaves_whole_and_one_by_one(leaves: list[bytes]) -> None:
    packed = pack_entries(leaves)

    assert unpack(packed) == leaves
    assert [nth(packed, position) for position in range(len(leaves))] == leaves
    assert nth(packed, len(leaves)) is None


@given(LEAVES, st.integers(min_value=1))
def test_a_batch_cut_inside_its_last_leaf_gives_none(leaves: list[bytes], cut: int) -> None:
    packed = pack_entries([*leaves, b"the last one"])
    shorter = packed[: -(1 + cut % len(b"the last one"))]

    assert unpack(shorter) == []
    assert nth(shorter, len(leaves)) is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("key.generated", True),
        ("log.began", True),
        ("feeds.loaded", True),
        ("key", True),
        ("log.trusted.again", True),
        ("plate.made", False),
        ("plate.key", False),
        ("keys.generated", False),
        ("", False),
    ],
)
def test_a_kind_is_public_by_what_stands_before_its_first_dot(kind: str, *, expected: bool) -> None:
    assert is_public(kind) is expected


def test_a_leaf_about_an_enterprise_shows_a_commitment_and_no_more() -> None:
    sealed = commitment(SALT, OPENED)

    assert leaf_text(at=NOW, kind="plate.made", salt=SALT, opened=OPENED) == (
        f'{{"at":"2026-11-21T08:00:00.000000Z","commitment":"{sealed}","kind":"plate.made"}}'
    )


def test_a_public_leaf_shows_data_and_subject_in_the_order_of_their_names() -> None:
    sealed = commitment(SALT, OPENED)

    assert leaf_text(at=NOW, kind="log.began", salt=SALT, opened=OPENED) == (
        f'{{"at":"2026-11-21T08:00:00.000000Z","commitment":"{sealed}","data":{{"n":1}},'
        '"kind":"log.began","subject":"P1"}'
    )


@pytest.mark.parametrize("kind", ["plate.made", "log.began"])
def test_a_late_act_shows_when_it_was_done_between_commitment_and_kind(kind: str) -> None:
    text = leaf_text(
        at="later", kind=kind, salt=SALT, opened=OPENED, happened_at=NOW - timedelta(microseconds=1)
    )

    assert '"happened_at":"2026-11-21T07:59:59.999999Z",' in text
    assert text.index('"commitment"') < text.index('"happened_at"') < text.index('"kind"')
    assert text.startswith('{"at":"later"')


def test_a_commitment_is_43_characters_that_change_with_the_salt_and_with_every_member() -> None:
    sealed = {
        commitment(SALT, OPENED),
        commitment(b"t" * 16, OPENED),
        *(commitment(SALT, {**OPENED, name: "another"}) for name in OPENED),
    }

    assert len(sealed) == len(OPENED) + 2
    assert {len(each) for each in sealed} == {43}
    assert commitment(SALT, dict(reversed(OPENED.items()))) in sealed


@pytest.mark.parametrize(
    ("since", "is_late"),
    [
        (SAME_MOMENT, True),
        (SAME_MOMENT - timedelta(microseconds=1), False),
        (timedelta(0), False),
        (-SAME_MOMENT, False),
        (timedelta(days=3), True),
    ],
    ids=["a second", "less", "at once", "ahead", "days"],
)
def test_what_was_done_a_whole_second_before_its_record_was_late(since: timedelta, *, is_late: bool) -> None:
    assert late_moment(NOW - since, NOW) == (NOW - since if is_late else None)
    assert late_moment(None, NOW) is None
