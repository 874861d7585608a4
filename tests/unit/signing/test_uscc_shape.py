"""The credit code's shape, as a reader of codes without the hub checks it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.uscc import ALPHABET, check_character, is_uscc


@pytest.mark.parametrize("code", ["91330802MA2TEXT162", "91350100M000100Y43"])
def test_well_formed_codes_are_taken(code: str) -> None:
    """The second is the example of GB 32100-2015's tables."""
    assert is_uscc(code)


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_wrong_character_is_noticed(body: str, position: int, other: str) -> None:
    code = body + check_character(body)
    changed = code[:position] + other + code[position + 1 :]

    assert is_uscc(changed) == (changed == code)


@given(st.text(max_size=20))
def test_other_texts_are_no_credit_codes(text: str) -> None:
    assert is_uscc(text) == (
        len(text) == 18 and set(text) <= set(ALPHABET) and check_character(text[:17]) == text[17]
    )


@pytest.mark.parametrize(
    "code", ["91330802ma2text162", "91330802MA2TEXT162\n", "９1330802MA2TEXT162", "91330802MA2TEXT16"]
)
def test_another_spelling_is_none(code: str) -> None:
    assert not is_uscc(code)
