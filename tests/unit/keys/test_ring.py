"""The key ring: what it makes, what it gives out, and what it never does."""

import inspect
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

import keys
from keys import (
    Algorithm,
    KeyRing,
    KeyState,
    NoActiveKeyError,
    Purpose,
    RingContents,
    RingMissingError,
    thumbprint,
)
from keys.jwk import P256_ORDER
from keys.ring import KeyRing as Ring
from keys.ring_file import save_ring
from keys.sources import open_source
from tests.unit.keys.conftest import CHEAP, MADE_AT, PASSPHRASE

PRIVATE_MEMBERS = {"d", "p", "q", "dp", "dq", "qi", "k", "priv"}


def test_a_new_ring_has_one_active_key_for_every_purpose(ring: KeyRing) -> None:
    assert [info.purpose for info in ring.infos] == list(Purpose)
    assert {info.state for info in ring.infos} == {KeyState.ACTIVE}
    assert {info.activated_at for info in ring.infos} == {MADE_AT}
    assert all(ring.signer(purpose).purpose is purpose for purpose in Purpose)


def test_the_log_and_the_bundle_use_ed25519_and_all_else_es256(ring: KeyRing) -> None:
    used = {info.purpose: info.algorithm for info in ring.infos}

    assert {purpose for purpose, algorithm in used.items() if algorithm is Algorithm.EDDSA} == {
        Purpose.LOG,
        Purpose.BUNDLE,
    }


def test_code_keys_are_named_by_tag_and_the_others_by_purpose_year_serial_and_thumbprint(
    ring: KeyRing,
) -> None:
    names = {info.purpose: info.kid for info in ring.infos}
    credential = next(info for info in ring.infos if info.purpose is Purpose.CREDENTIAL)

    assert names[Purpose.CODE_PLATE] == "P1"
    assert names[Purpose.CODE_DYNAMIC] == "D1"
    assert credential.kid == f"credential-2026-1-{thumbprint(credential.public_jwk)[:4].hex()}"


def test_thumbprints_follow_the_example_of_rfc_8037() -> None:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}

    assert keys.jwk.encode(thumbprint(jwk)) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_creating_a_ring_again_changes_nothing(ring: KeyRing, folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    again = KeyRing.create(folder, PASSPHRASE, now=MADE_AT + timedelta(days=400), cost=CHEAP)

    assert again.infos == ring.infos
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_an_opened_ring_signs_with_the_same_keys(ring: KeyRing, folder: Path) -> None:
    opened = KeyRing.open(folder, PASSPHRASE)

    assert opened.infos == ring.infos
    for purpose in Purpose:
        signature = opened.signer(purpose).sign(b"message")
        assert len(signature) == 64
        _require_good(ring, purpose, signature)


def test_es256_signatures_are_always_in_the_lower_half(ring: KeyRing) -> None:
    signer = ring.signer(Purpose.CODE_PLATE)

    assert all(0 < int.from_bytes(signer.sign(bytes([n]))[32:], "big") <= P256_ORDER // 2 for n in range(64))


def test_a_ring_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(RingMissingError, match="hub init"):
        KeyRing.open(folder, PASSPHRASE)


def test_a_purpose_without_an_active_key_cannot_sign_but_still_verifies(ring: KeyRing, folder: Path) -> None:
    _set_state(ring, folder, "P1", KeyState.VERIFY_ONLY)

    opened = KeyRing.open(folder, PASSPHRASE)

    with pytest.raises(NoActiveKeyError, match="code-plate"):
        opened.signer(Purpose.CODE_PLATE)
    assert opened.verification_keys().get("P1") is not None


def test_a_compromised_key_is_not_replaced_silently_and_its_name_never_comes_back(
    ring: KeyRing, folder: Path
) -> None:
    _set_state(ring, folder, "P1", KeyState.COMPROMISED)

    again = KeyRing.create(folder, PASSPHRASE, now=MADE_AT, cost=CHEAP)

    assert [info.kid for info in again.infos if info.purpose is Purpose.CODE_PLATE] == ["P1"]
    next_name = keys.policy.kid_rule(Purpose.CODE_PLATE, year=2026, known=again.infos)
    assert next_name({}) == "P2"


def test_a_verify_only_key_needs_no_private_half(ring: KeyRing, folder: Path) -> None:
    _set_state(ring, folder, "P1", KeyState.VERIFY_ONLY)
    (folder / "P1.key.json").unlink()

    assert KeyRing.open(folder, PASSPHRASE).verification_keys().get("P1") is not None


def test_no_answer_of_the_ring_holds_a_private_member(ring: KeyRing) -> None:
    published = json.dumps([ring.jwks(), [repr(info) for info in ring.infos], repr(ring.signer(Purpose.LOG))])

    assert not PRIVATE_MEMBERS & {name for key in ring.jwks()["keys"] for name in key}  # type: ignore[attr-defined]
    assert "PRIVATE" not in published


def test_no_public_function_gives_a_private_key_away() -> None:
    names = [name for name in dir(Ring) + dir(keys.PurposeSigner) + keys.__all__ if not name.startswith("_")]
    returned = [
        str(inspect.signature(member).return_annotation)
        for name in names
        if callable(member := getattr(keys, name, None) or getattr(Ring, name, None))
        and inspect.isfunction(member)
    ]

    assert not [name for name in names if re.search(r"private|export|secret", name, re.IGNORECASE)]
    assert not [text for text in returned if "Private" in text]


def test_a_time_without_a_zone_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="zone"):
        KeyRing.create(folder, PASSPHRASE, now=datetime(2026, 11, 21), cost=CHEAP)  # noqa: DTZ001  # the fault


def test_times_are_kept_in_utc_and_whole_seconds(folder: Path) -> None:
    local = datetime(2026, 11, 21, 16, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=8)))

    ring = KeyRing.create(folder, PASSPHRASE, now=local, cost=CHEAP)

    assert ring.infos[0].created_at == datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def _require_good(ring: KeyRing, purpose: Purpose, signature: bytes) -> None:
    key = ring.signer(purpose).public_key
    if ring.signer(purpose).algorithm is Algorithm.ES256:
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        key.verify(encode_dss_signature(r, s), b"message", ECDSA(SHA256()))
    else:
        key.verify(signature, b"message")


def _set_state(ring: KeyRing, folder: Path, kid: str, state: KeyState) -> None:
    source = open_source("file:", folder=folder, passphrase=PASSPHRASE)
    changed = tuple(
        replace(info, state=state, ended_at=MADE_AT) if info.kid == kid else info for info in ring.infos
    )
    save_ring(folder, RingContents(changed, ring.acts), source)
