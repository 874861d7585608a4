"""Code profile 1: what is written is read again, and nothing is signed that would not be believed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import KeySet, Purpose
from signing import (
    CODE_KINDS,
    MAX_CODE_CHARS,
    CodeError,
    CodeKind,
    DynamicClaims,
    PlateClaims,
    Reason,
    SigningError,
    TokenKind,
    VerifiedCode,
    VerifiedToken,
    Verifier,
    WrongSignerError,
    new_nonce,
    new_plate_id,
    sign_dynamic,
    sign_plate,
)
from signing.base32 import decode_signature, encode_signature
from signing.codes import signing_prefix
from signing.errors import CodeBase32Error, CodeHostError
from tests.support.forger import LOCAL, NOW, ORIGIN, Workshop, bare, payload_of, uscc

EXPIRES = NOW + timedelta(seconds=60)


def plate(workshop: Workshop, **changed: object) -> str:
    fields = {"uscc": uscc("TEXT1"), "plate_id": "7K2M9QXT4K", "origin": ORIGIN}
    return sign_plate(**{**fields, **changed}, signer=workshop.signer(Purpose.CODE_PLATE))  # type: ignore[arg-type]


def dynamic(workshop: Workshop, **changed: object) -> str:
    fields = {"uscc": uscc("TEXT1"), "nonce": "9QX7TR2A", "expires_at": EXPIRES, "origin": ORIGIN}
    return sign_dynamic(**{**fields, **changed}, signer=workshop.signer(Purpose.CODE_DYNAMIC))  # type: ignore[arg-type]


def test_a_plate_says_whose_it_is_and_which(workshop: Workshop) -> None:
    plate_id = new_plate_id()
    text = plate(workshop, plate_id=plate_id)

    code = workshop.verifier().verify_code(text, now=NOW)

    assert text.startswith(f"{ORIGIN}/c/P1.{uscc('TEXT1')}.{plate_id}.")
    assert (code.kind, code.kid, code.uscc, code.verified_at) == (CodeKind.PLATE, "P1", uscc("TEXT1"), NOW)
    assert code.claims == PlateClaims(uscc("TEXT1"), plate_id)
    assert code.payload == payload_of(text)


def test_a_dynamic_code_says_whose_it_is_once_and_how_long(workshop: Workshop) -> None:
    code = workshop.verifier().verify_code(dynamic(workshop), now=NOW)

    assert code.kind is CodeKind.DYNAMIC
    assert code.claims == DynamicClaims(uscc("TEXT1"), "9QX7TR2A", EXPIRES)


def test_a_code_is_read_with_any_of_our_addresses_or_none(workshop: Workshop) -> None:
    verifier, text = workshop.verifier(), plate(workshop)

    for written in (text, bare(text), f"{LOCAL}/c/{bare(text)}"):
        assert verifier.verify_code(written, now=NOW).payload == payload_of(text)


def test_without_an_address_of_ours_only_bare_codes_are_read(workshop: Workshop) -> None:
    verifier = Verifier(workshop.ring.verification_keys())

    assert verifier.verify_code(bare(workshop.plate), now=NOW)
    with pytest.raises(CodeHostError):
        verifier.verify_code(workshop.plate, now=NOW)


def test_a_published_key_set_is_enough_to_verify(workshop: Workshop) -> None:
    offline = Verifier(KeySet.from_jwks(workshop.ring.jwks()), origins=[ORIGIN])

    assert offline.verify_code(workshop.plate, now=NOW).uscc == uscc("TEXT1")
    assert offline.verify_code(workshop.dynamic, now=NOW).uscc == uscc("TEXT1")


def test_a_plate_outlives_the_time_in_which_its_key_signs(workshop: Workshop) -> None:
    infos = [replace(info, ended_at=NOW) for info in workshop.ring.infos]

    assert workshop.verifier(KeySet(infos)).verify_code(workshop.plate, now=NOW + timedelta(days=9_000))


@pytest.mark.parametrize(
    "origin",
    [
        "", "yizhao.cn", "https://", "https://a.cn/", "https://A.cn", "ftp://a.cn", "https://a.cn:0", "https://a cn",
        "https://a.cn\n", "https://u@a.cn", "https://-a.cn",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_when_signing_and_when_configured(
    workshop: Workshop, origin: str
) -> None:
    with pytest.raises(CodeHostError):
        plate(workshop, origin=origin)
    with pytest.raises(CodeHostError, match="origin"):
        Verifier(workshop.ring.verification_keys(), origins=[origin])


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"uscc": "91330802MA2TEXT163"}, Reason.CODE_USCC),
        ({"uscc": ""}, Reason.CODE_USCC),
        ({"plate_id": "7K2M9QXT4R"}, Reason.CODE_PLATE_ID),
        ({"plate_id": "7k2m9qxt4k"}, Reason.CODE_PLATE_ID),
        ({"origin": f"https://{'a' * 160}.cn"}, Reason.CODE_TOO_LONG),
    ],
)
def test_a_plate_no_verifier_would_take_is_not_signed(
    workshop: Workshop, changed: dict[str, object], reason: Reason
) -> None:
    with pytest.raises(CodeError) as refusal:
        plate(workshop, **changed)

    assert refusal.value.reason is reason


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"uscc": "91330802MA2TEXT163"}, Reason.CODE_USCC),
        ({"nonce": "9QX7TR2"}, Reason.CODE_NONCE),
        ({"nonce": "9QX7TR2L"}, Reason.CODE_NONCE),
        ({"expires_at": datetime(2026, 11, 21)}, Reason.CODE_EXPIRY),  # noqa: DTZ001  # the fault
        ({"expires_at": EXPIRES.replace(microsecond=1)}, Reason.CODE_EXPIRY),
        ({"expires_at": datetime(1970, 1, 2, tzinfo=UTC)}, Reason.CODE_EXPIRY),
        ({"expires_at": datetime(1960, 1, 2, tzinfo=UTC)}, Reason.CODE_EXPIRY),
        ({"expires_at": datetime(9000, 1, 2, tzinfo=UTC)}, Reason.CODE_EXPIRY),
    ],
)
def test_a_dynamic_code_no_verifier_would_take_is_not_signed(
    workshop: Workshop, changed: dict[str, object], reason: Reason
) -> None:
    with pytest.raises(CodeError) as refusal:
        dynamic(workshop, **changed)

    assert refusal.value.reason is reason


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose is not Purpose.CODE_PLATE])
def test_a_key_of_another_purpose_does_not_sign_plates(workshop: Workshop, purpose: Purpose) -> None:
    with pytest.raises(WrongSignerError):
        sign_plate(
            uscc=uscc("TEXT1"), plate_id=new_plate_id(), origin=ORIGIN, signer=workshop.signer(purpose)
        )


def test_a_plate_key_whose_name_is_no_plate_tag_does_not_sign(workshop: Workshop) -> None:
    genuine = workshop.signer(Purpose.CODE_PLATE)
    renamed = replace(genuine, info=replace(genuine.info, kid="code-plate-1"))

    with pytest.raises(WrongSignerError):
        sign_plate(uscc=uscc("TEXT1"), plate_id=new_plate_id(), origin=ORIGIN, signer=renamed)


def test_a_dynamic_key_does_not_sign_plates_under_a_plates_name(workshop: Workshop) -> None:
    genuine = workshop.signer(Purpose.CODE_DYNAMIC)
    renamed = replace(genuine, info=replace(genuine.info, kid="P7"))

    with pytest.raises(WrongSignerError):
        sign_plate(uscc=uscc("TEXT1"), plate_id=new_plate_id(), origin=ORIGIN, signer=renamed)


def test_the_signed_bytes_are_those_of_rfc_7797(workshop: Workshop) -> None:
    algorithm = workshop.signer(Purpose.CODE_PLATE).algorithm

    assert signing_prefix("P1", algorithm, "plate+code") == (
        b"eyJhbGciOiJFUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il0sImtpZCI6IlAxIiwidHlwIjoicGxhdGUrY29kZSJ9."
    )


def test_each_kind_of_code_has_its_own_letter_key_and_type() -> None:
    rows = CODE_KINDS.values()

    assert (
        len({row.kind for row in rows})
        == len({row.typ for row in rows})
        == len({row.purpose for row in rows})
        == 2
    )
    assert not {row.typ for row in rows} & {kind.value for kind in TokenKind}


def test_verified_values_are_made_by_verifiers_only(workshop: Workshop) -> None:
    code = workshop.verifier().verify_code(workshop.plate, now=NOW)

    with pytest.raises(TypeError, match="only a verifier"):
        VerifiedCode(
            CodeKind.PLATE, "P1", PlateClaims(uscc("TEXT1"), "7K2M9QXT4K"), "P1", b"", NOW, seal=None
        )
    with pytest.raises(TypeError, match="only a verifier"):
        VerifiedToken(TokenKind.RECEIPT, "k", {}, NOW, seal=object())
    with pytest.raises((TypeError, ValueError), match="seal"):
        replace(code, claims=PlateClaims(uscc("TEXT2"), "7K2M9QXT4K"))
    with pytest.raises(AttributeError):
        code.kid = "P2"  # type: ignore[misc]


def test_every_refusal_speaks_even_without_a_message(workshop: Workshop) -> None:
    with pytest.raises(SigningError, match="points to an address that is not the official one"):
        workshop.verifier().verify_code("https://evil.example/c/" + bare(workshop.plate), now=NOW)


NONCES = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=8, max_size=8)


@given(nonce=NONCES, seconds=st.integers(1, 300), entropy=st.binary(min_size=9, max_size=9))
def test_what_is_signed_is_read_again(workshop: Workshop, nonce: str, seconds: int, entropy: bytes) -> None:
    expires = NOW + timedelta(seconds=seconds)
    local = expires.astimezone(timezone(timedelta(hours=8)))
    plate_id = new_plate_id(lambda _count: entropy)
    verifier = workshop.verifier()

    shown = verifier.verify_code(dynamic(workshop, nonce=nonce, expires_at=local), now=NOW)
    fixed = verifier.verify_code(plate(workshop, plate_id=plate_id), now=NOW)

    assert shown.claims == DynamicClaims(uscc("TEXT1"), nonce, expires)
    assert fixed.claims == PlateClaims(uscc("TEXT1"), plate_id)


def test_the_longest_code_of_a_long_host_is_still_short_enough(workshop: Workshop) -> None:
    assert len(dynamic(workshop, origin=f"https://{'a' * 100}")) <= MAX_CODE_CHARS


@given(st.binary(min_size=64, max_size=64))
def test_a_signature_has_one_spelling(signature: bytes) -> None:
    text = encode_signature(signature)

    assert len(text) == 103
    assert decode_signature(text) == signature


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=103, max_size=103))
def test_a_spelling_that_is_read_is_the_one_that_is_written(text: str) -> None:
    try:
        signature = decode_signature(text)
    except CodeBase32Error:
        return
    assert encode_signature(signature) == text


@given(st.text(max_size=110))
def test_no_other_text_is_read_as_a_signature(text: str) -> None:
    with pytest.raises(CodeBase32Error):
        decode_signature(text)


def test_nonces_and_plate_ids_differ() -> None:
    assert len({new_nonce() for _ in range(500)}) == 500
    assert len({new_plate_id() for _ in range(500)}) == 500
