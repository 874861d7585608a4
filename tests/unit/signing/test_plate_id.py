"""Plate ids: every slip of a typing hand is noticed, and what people write anyway is understood."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing import PlateIdError, Reason, is_nonce, is_plate_id, new_plate_id, normalise_plate_id
from signing.crockford import ALPHABET

BODIES = st.binary(min_size=9, max_size=9)
GENUINE = "7K2M9QXT4K"


def made(entropy: bytes) -> str:
    return new_plate_id(lambda _count: entropy)


def test_the_alphabet_is_crockfords() -> None:
    assert len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)


@given(BODIES)
def test_a_new_plate_id_is_one(entropy: bytes) -> None:
    assert is_plate_id(made(entropy))
    assert normalise_plate_id(made(entropy)) == made(entropy)


def test_the_documented_example_is_one() -> None:
    assert is_plate_id(GENUINE)


@given(BODIES)
def test_every_wrong_character_is_noticed(entropy: bytes) -> None:
    plate_id = made(entropy)
    for position, right in enumerate(plate_id):
        for wrong in ALPHABET.replace(right, ""):
            assert not is_plate_id(plate_id[:position] + wrong + plate_id[position + 1 :])


@given(BODIES)
def test_every_exchange_of_two_characters_is_noticed(entropy: bytes) -> None:
    plate_id = made(entropy)
    for i in range(10):
        for j in range(i + 1, 10):
            exchanged = list(plate_id)
            exchanged[i], exchanged[j] = exchanged[j], exchanged[i]
            assert is_plate_id("".join(exchanged)) == (plate_id[i] == plate_id[j])


@given(BODIES, st.integers(0, 8), st.sampled_from(ALPHABET), st.sampled_from(ALPHABET))
def test_every_pair_of_equal_neighbours_mistyped_as_another_pair_is_noticed(
    entropy: bytes, at: int, first: str, second: str
) -> None:
    body = [ALPHABET[byte & 31] for byte in entropy]
    text = "".join(body[:at]) + first * 2 + "".join(body[at:])
    right = [c for c in ALPHABET if is_plate_id(text[:9] + c)]
    wrong = text[:at] + second * 2 + text[at + 2 :]

    assert len(right) == 1
    assert is_plate_id(wrong[:9] + right[0]) == (first == second) or at == 8


@pytest.mark.parametrize(
    "typed",
    [
        "7k2m9qxt4k", " 7K2M-9QXT-4K ", "7K2M 9QXT 4K", "７Ｋ２Ｍ９ＱＸＴ４Ｋ", "7K2M–9QXT—4K", "7K2M.9QXT.4K",
        "\t7K2M9QXT4K\n", "7K2M‑9QXT‑4K", "7K2M　9QXT4K", "7K2M·9QXT·4K", "7K2M_9QXT_4K", "7K2M−9QXT−4K",
    ],
)  # fmt: skip
def test_what_people_write_is_understood(typed: str) -> None:
    assert normalise_plate_id(typed) == GENUINE


def test_letters_that_look_like_digits_are_read_as_those() -> None:
    with_digits = next(
        text for n in range(10_000) if "0" in (text := made(n.to_bytes(9, "big"))) and "1" in text
    )

    for zero in "oO0":
        for one in "iIlL1":
            assert normalise_plate_id(with_digits.replace("0", zero).replace("1", one)) == with_digits


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", Reason.PLATE_ID_LENGTH),
        ("7K2M9QXT4", Reason.PLATE_ID_LENGTH),
        ("7K2M9QXT4KC", Reason.PLATE_ID_LENGTH),
        ("7" * 65, Reason.PLATE_ID_LENGTH),
        ("-" * 64, Reason.PLATE_ID_LENGTH),
        ("7K2M9QXT4U", Reason.PLATE_ID_ALPHABET),
        ("7K2M9QXT4码", Reason.PLATE_ID_ALPHABET),
        ("7K2M9QXT4ı", Reason.PLATE_ID_ALPHABET),
        ("7K2M9QXT4\0", Reason.PLATE_ID_ALPHABET),
        ("7K2M9QXT4$", Reason.PLATE_ID_ALPHABET),
        ("7K2M9QXT4D", Reason.PLATE_ID_CHECK),
        ("K72M9QXT4K", Reason.PLATE_ID_CHECK),
    ],
)
def test_what_is_no_plate_id_is_refused_with_its_reason(typed: str, reason: Reason) -> None:
    with pytest.raises(PlateIdError) as refusal:
        normalise_plate_id(typed)

    assert refusal.value.reason is reason


@given(st.text(max_size=80))
def test_whatever_is_typed_is_understood_or_refused(typed: str) -> None:
    with contextlib.suppress(PlateIdError):
        assert is_plate_id(normalise_plate_id(typed))


@pytest.mark.parametrize("text", ["7k2m9qxt4k", "7K2M9QXT4K\n", " 7K2M9QXT4K", "7K2M-9QXT-4K", "７K2M9QXT4K"])
def test_only_the_canonical_form_is_one_in_a_code(text: str) -> None:
    assert not is_plate_id(text)


def test_a_nonce_is_eight_characters_of_the_same_alphabet() -> None:
    assert is_nonce("9QX7TR2A")
    assert not any(map(is_nonce, ("9QX7TR2", "9QX7TR2AA", "9qx7tr2a", "9QX7TR2L", "9QX7TR2A\n")))
