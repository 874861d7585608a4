"""Texts of which there is one spelling: base64url, base32 and JSON in what is signed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.base32 import decode_signature, encode_signature
from signing.errors import CodeBase32Error
from signing.strict_json import (
    NotCanonicalError,
    decode_base64url,
    encode_base64url,
    read_json,
    read_object,
    write_json,
)


@given(st.binary(min_size=1, max_size=70))
def test_base64url_is_read_as_it_was_written(raw: bytes) -> None:
    assert decode_base64url(encode_base64url(raw)) == raw


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("A", id="six bits make no byte"),
        pytest.param("AAAAA", id="six bits after three bytes"),
        pytest.param("AB", id="unused bits that are not zero"),
        pytest.param("AA==", id="padding"),
        pytest.param("AA\n", id="a line end"),
        pytest.param("+/AA", id="the other alphabet"),
        pytest.param("ＡA", id="a full-width letter"),
    ],
)
def test_another_spelling_of_base64url_is_refused(text: str) -> None:
    with pytest.raises(NotCanonicalError):
        decode_base64url(text)


@given(st.binary(min_size=64, max_size=64))
def test_a_signature_has_one_text_of_103_characters(raw: bytes) -> None:
    text = encode_signature(raw)

    assert len(text) == 103
    assert decode_signature(text) == raw


@pytest.mark.parametrize(
    "text",
    [
        *(pytest.param("A" * 102 + last, id=f"unused bits of {last}") for last in "BCE"),
        pytest.param("A" * 102, id="too short"),
        pytest.param("A" * 104, id="too long"),
        pytest.param("a" * 103, id="lower case"),
        pytest.param("A" * 102 + "=", id="padding"),
        pytest.param("A" * 103 + "\n", id="a line end"),
        *(pytest.param(digit + "A" * 102, id=f"no digit {digit}") for digit in "0189"),
    ],
)
def test_another_spelling_of_a_signature_is_refused(text: str) -> None:
    with pytest.raises(CodeBase32Error):
        decode_signature(text)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'{"a":[1,null,true]}', {"a": [1, None, True]}),
        (b'{"a":{"b":1},"b":1}', {"a": {"b": 1}, "b": 1}),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b"1e308", 1e308),
        ('"照"'.encode(), "照"),
    ],
)
def test_strict_json_is_read(raw: bytes, value: object) -> None:
    assert read_json(raw) == value


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b'{"a":1,"a":1}', id="a member twice"),
        pytest.param(b'[{"a":{"b":1,"b":2}}]', id="a member twice, deep inside"),
        pytest.param(b'{"a":1,"\\u0061":1}', id="a member twice in two spellings"),
        *(pytest.param(name, id=name.decode()) for name in (b"NaN", b"Infinity", b"-Infinity")),
        pytest.param(b"1e999", id="beyond all numbers"),
        pytest.param(b"-1e999", id="below all numbers"),
        pytest.param(b'"\\ud800"', id="half a character"),
        pytest.param(b'"\xff"', id="not UTF-8"),
        pytest.param(b'\xef\xbb\xbf{"a":1}', id="a byte order mark"),
        pytest.param(b"{} {}", id="two values"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"[" * 200_000, id="too deep"),
    ],
)
def test_json_with_two_readings_or_none_is_refused(raw: bytes) -> None:
    with pytest.raises(NotCanonicalError):
        read_json(raw)


@pytest.mark.parametrize("raw", [b"[]", b"1", b'"a"', b"null"])
def test_what_is_no_object_is_refused(raw: bytes) -> None:
    with pytest.raises(NotCanonicalError, match="not an object"):
        read_object(raw)


def test_json_is_written_with_sorted_members_no_blanks_and_plain_characters() -> None:
    assert write_json({"b": [1, "照"], "a": None}) == '{"a":null,"b":[1,"照"]}'.encode()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"a", {1: 1, "a": 1}, "\ud800"], ids=ascii)
def test_a_value_without_json_is_refused(value: object) -> None:
    with pytest.raises(NotCanonicalError, match="not JSON"):
        write_json(value)
