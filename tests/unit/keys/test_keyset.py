"""The published key set: what is in it, and what is refused when one is read."""

import json
from dataclasses import replace
from datetime import timedelta

import jwt
import pytest

from keys import Algorithm, KeyInfo, KeyRing, KeySet, KeyState, MalformedKeySetError, public_jwk
from keys.jwk import load_public
from tests.unit.keys.conftest import MADE_AT


def test_a_published_key_says_what_a_verifier_needs(ring: KeyRing) -> None:
    plate = ring.jwks()["keys"][0]  # type: ignore[index]

    assert (
        plate.items()
        >= {
            "kid": "P1",
            "kty": "EC",
            "crv": "P-256",
            "alg": "ES256",
            "use": "sig",
            "purpose": "code-plate",
            "state": "active",
            "iat": int(MADE_AT.timestamp()),
            "nbf": int(MADE_AT.timestamp()),
        }.items()
    )
    assert set(plate) == {"kid", "kty", "crv", "x", "y", "alg", "use", "purpose", "state", "iat", "nbf"}


def test_other_software_reads_the_key_set(ring: KeyRing) -> None:
    assert len(jwt.PyJWKSet.from_dict(ring.jwks()).keys) == len(ring.infos)


def test_a_key_set_survives_publication(ring: KeyRing) -> None:
    ended = MADE_AT + timedelta(days=1)
    infos = (replace(ring.infos[0], state=KeyState.VERIFY_ONLY, ended_at=ended), *ring.infos[1:])

    read = KeySet.from_jwks(json.loads(json.dumps(KeySet(infos).jwks())))

    assert tuple(key.info for key in read) == infos
    assert [public_jwk(key.public_key) for key in read] == [dict(info.public_jwk) for info in infos]


@pytest.mark.parametrize("state", [KeyState.RETIRED, KeyState.COMPROMISED])
def test_ended_keys_are_known_to_us_but_published_no_more(ring: KeyRing, state: KeyState) -> None:
    keys = KeySet([replace(ring.infos[0], state=state), *ring.infos[1:]])

    assert keys.get("P1") is not None
    assert "P1" not in [entry["kid"] for entry in keys.jwks()["keys"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize("state", [KeyState.PENDING, KeyState.ACTIVE, KeyState.VERIFY_ONLY])
def test_a_published_key_is_believed_from_its_start(ring: KeyRing, state: KeyState) -> None:
    info = replace(ring.infos[0], state=state)

    assert info.is_believed(MADE_AT)
    assert not info.is_believed(MADE_AT - timedelta(seconds=1))
    assert not replace(info, activated_at=None).is_believed(MADE_AT)


@pytest.mark.parametrize("state", [KeyState.RETIRED, KeyState.COMPROMISED])
def test_an_ended_key_is_never_believed(ring: KeyRing, state: KeyState) -> None:
    assert not replace(ring.infos[0], state=state).is_believed(MADE_AT)


def test_a_key_was_signing_from_its_start_to_its_end_both_included(ring: KeyRing) -> None:
    ended = MADE_AT + timedelta(days=1)
    info = replace(ring.infos[0], ended_at=ended)
    second = timedelta(seconds=1)

    assert [info.was_signing(at) for at in (MADE_AT - second, MADE_AT, ended, ended + second)] == [
        False,
        True,
        True,
        False,
    ]
    assert ring.infos[0].was_signing(ended + second)
    assert not replace(info, activated_at=None).was_signing(MADE_AT)


def test_public_members_cannot_be_written_to(ring: KeyRing) -> None:
    with pytest.raises(TypeError):
        ring.infos[0].public_jwk["x"] = "other"  # type: ignore[index]


def test_two_keys_of_one_name_are_refused(ring: KeyRing) -> None:
    with pytest.raises(MalformedKeySetError, match="P1"):
        KeySet([ring.infos[0], ring.infos[0]])


def test_a_key_set_counts_its_keys(ring: KeyRing) -> None:
    assert len(ring.verification_keys()) == 8
    assert ring.verification_keys().get("P9") is None
    assert [key.kid for key in ring.verification_keys()][:2] == ["P1", "D1"]


@pytest.mark.parametrize("kid", ["", "a" * 65, "a/b", "..", "P1\n", "键", "a b"])
def test_a_key_id_is_safe_everywhere(ring: KeyRing, kid: str) -> None:
    with pytest.raises(ValueError, match="not a key id"):
        replace(ring.infos[0], kid=kid)


OFF_CURVE = {"x": "A" * 42 + "E", "y": "A" * 42 + "E"}


@pytest.mark.parametrize(
    "change",
    [
        {"d": "AAAA"},
        {"kid": None},
        {"kid": 7},
        {"kid": "../etc"},
        {"alg": "HS256"},
        {"alg": "none"},
        {"alg": "EdDSA"},
        {"kty": "RSA"},
        {"crv": "P-384"},
        {"purpose": "all"},
        {"state": "compromised"},
        {"state": "retired"},
        {"iat": None},
        {"iat": "1"},
        {"iat": True},
        {"iat": 1.5},
        {"nbf": 10**30},
        {"exp": 10**17},
        {"x": "AA"},
        {"x": "é" * 43},
        {"x": "=" * 43},
        {"x": "A" * 43 + "="},
        {"x": "A" * 42 + "B"},
        {"x": None},
        OFF_CURVE,
    ],
)
def test_a_key_outside_the_profile_is_refused(ring: KeyRing, change: dict[str, object]) -> None:
    entry = {**ring.infos[0].jwk(), **change}

    with pytest.raises(MalformedKeySetError):
        KeySet.from_jwks({"keys": [entry]})


@pytest.mark.parametrize(
    "document", [{}, {"keys": None}, {"keys": {}}, {"keys": ["P1"]}, {"keys": [None] * 1001}]
)
def test_a_document_of_another_shape_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(MalformedKeySetError):
        KeySet.from_jwks(document)


def test_a_key_of_another_algorithm_cannot_be_loaded(ring: KeyRing) -> None:
    log: KeyInfo = ring.infos[4]

    with pytest.raises(MalformedKeySetError, match="not a key for ES256"):
        load_public(Algorithm.ES256, log.public_jwk)


def test_the_youngest_key_is_the_last_that_began_to_sign_whether_it_still_does_or_not(ring: KeyRing) -> None:
    first, second, *others = ring.infos
    later = MADE_AT + timedelta(days=3)
    ended = replace(first, state=KeyState.VERIFY_ONLY, activated_at=later)
    pending = replace(second, state=KeyState.PENDING, activated_at=later + timedelta(days=1))
    gone = replace(second, state=KeyState.COMPROMISED, activated_at=later + timedelta(days=1))

    assert KeySet([first, *others]).youngest == MADE_AT
    assert KeySet([ended, pending, *others]).youngest == later
    assert KeySet([ended, gone, *others]).youngest == later
    assert KeySet([pending]).youngest is None
