"""What the check characters promise, over generated identifiers."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.kernel.identifiers import (
    CATEGORIES,
    IdentifierError,
    Uscc,
    hybrid_check,
    normalise_uscc,
    parse_license_id,
    parse_uscc,
    uscc_problems,
)
from hub.kernel.identifiers.checks import (
    ALPHABET_31,
    ALPHABET_36,
    DIGITS,
    organisation_check,
    uscc_check,
)

SAMPLES = ("91330000704204554C", "91330802MA2TEXT162", "N2330803MF0TEXT61K", "9144030071526726XG")


@st.composite
def codes(draw: st.DrawFn) -> str:
    prefix = draw(st.sampled_from(sorted(CATEGORIES)))
    region = draw(st.text(DIGITS, min_size=6, max_size=6))
    body = draw(st.text(ALPHABET_31, min_size=8, max_size=8))
    first = prefix + region + body + organisation_check(body)
    return first + uscc_check(first)


@given(codes())
def test_a_made_code_holds_and_survives_writing(code: str) -> None:
    assert uscc_problems(code) == ()
    assert str(parse_uscc(f" {code.lower()} ")) == code
    assert normalise_uscc(normalise_uscc(code)) == code


@given(codes())
def test_every_single_substitution_in_a_code_is_caught(code: str) -> None:
    for place in range(18):
        for other in ALPHABET_31:
            if other != code[place]:
                assert uscc_problems(code[:place] + other + code[place + 1 :]), (place, other)


def test_every_transposition_of_neighbours_in_the_samples_is_caught() -> None:
    for code in SAMPLES:
        for i in range(17):
            swapped = code[:i] + code[i + 1] + code[i] + code[i + 2 :]
            assert swapped == code or uscc_problems(swapped), swapped


@given(st.text(max_size=40))
def test_any_text_is_judged_without_falling_over(text: str) -> None:
    problems = uscc_problems(text)
    if not problems:
        assert Uscc(normalise_uscc(text)).code == normalise_uscc(text)
    with suppress(IdentifierError):
        assert str(parse_license_id(text)).isascii()


@given(
    type_body=codes(),
    sequence=st.integers(0, 999),
    issuer=codes(),
    version=st.integers(1, 999),
    serial=st.text(ALPHABET_36, min_size=1, max_size=64),
    data=st.data(),
)
def test_a_license_id_reads_back_and_a_substitution_is_caught(
    *, type_body: str, sequence: int, issuer: str, version: int, serial: str, data: st.DataObject
) -> None:
    parts = (f"{type_body}{sequence:03d}", issuer, serial, f"{version:03d}")
    check = hybrid_check("".join(parts), ALPHABET_36)
    made = parse_license_id(".".join(("1.2.156.3005.2", *parts, check)))
    assert (made.type_code, made.issuer, made.serial, made.version) == (
        f"{type_body}{sequence:03d}",
        issuer,
        serial,
        version,
    )
    start = len("1.2.156.3005.2.")
    places = [i for i in range(start, len(made.text)) if made.text[i] != "."]
    place = data.draw(st.sampled_from(places))
    for other in ALPHABET_36:
        if other != made.text[place]:
            with pytest.raises(IdentifierError):
                parse_license_id(made.text[:place] + other + made.text[place + 1 :])
