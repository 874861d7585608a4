"""The published history of the keys: a stranger can check it, and learns of what the key set no longer lists."""

import json
from datetime import timedelta
from pathlib import Path

import jwt
import pytest

from keys import (
    Algorithm,
    KeyRing,
    KeySet,
    KeyState,
    MalformedKeySetError,
    Purpose,
    RingFolder,
    history_claims,
    keys_of_history,
)
from signing import TokenKind, Verifier, sign_token
from tests.unit.keys.conftest import MADE_AT, PASSPHRASE

ISSUER = "https://hub.example"
LATER = MADE_AT + timedelta(hours=1)


@pytest.fixture
def lived(ring: KeyRing, folder: Path) -> KeyRing:
    """A ring with a rotated plate key and a compromised dynamic one."""
    assert ring.acts
    place = RingFolder(folder, PASSPHRASE)
    place.generate(Purpose.CODE_PLATE, Algorithm.ES256, now=MADE_AT)
    place.rotate(Purpose.CODE_PLATE, Algorithm.ES256, now=LATER)
    place.compromise("D1", reason="phone lost", now=LATER)
    return KeyRing.open(folder, PASSPHRASE)


@pytest.fixture
def token(lived: KeyRing) -> str:
    claims = history_claims(lived.book, issuer=ISSUER, now=LATER)
    return sign_token(claims, kind=TokenKind.KEY_HISTORY, signer=lived.signer(Purpose.BUNDLE))


def test_a_stranger_verifies_the_history_with_pyjwt(lived: KeyRing, token: str) -> None:
    published = jwt.PyJWKSet.from_dict(json.loads(json.dumps(lived.jwks())))
    header = jwt.get_unverified_header(token)
    claims = jwt.decode(
        token,
        published[header["kid"]].key,
        algorithms=["EdDSA"],
        issuer=ISSUER,
        options={
            "require": ["iss", "iat", "exp"],
            "verify_exp": False,
            "verify_iat": False,
        },  # our clock stands still
    )

    assert header["typ"] == "key-history+jwt"
    states = {key["kid"]: key["state"] for key in claims["keys"]}
    assert (states["P1"], states["P2"], states["D1"]) == ("verify-only", "active", "compromised")
    lost = next(key for key in claims["keys"] if key["kid"] == "D1")
    assert (lost["revoked_at"], lost["reason"]) == (int(LATER.timestamp()), "phone lost")
    assert [act["act"] for act in claims["acts"]][-3:] == ["generated", "rotated", "compromised"]
    assert [act["at"] for act in claims["acts"]] == sorted(act["at"] for act in claims["acts"])
    assert claims["acts"][-2]["previous"] == "P1"


def test_our_verifier_reads_the_history_back_with_every_state(lived: KeyRing, token: str) -> None:
    verifier = Verifier(KeySet.from_jwks(lived.jwks()))
    verified = verifier.verify_token(token, kind=TokenKind.KEY_HISTORY, now=LATER, issuer=ISSUER)

    keys = keys_of_history(verified.claims)

    assert {key.kid: key.info.state for key in keys} == {info.kid: info.state for info in lived.infos}
    lost = keys.get("D1")
    assert lost is not None
    assert lost.info.state is KeyState.COMPROMISED
    assert lost.info.is_believed_with_receipt(LATER - timedelta(seconds=1))
    assert not lost.info.is_believed_with_receipt(LATER)


def test_a_key_read_back_says_all_that_the_ring_knows_of_it(lived: KeyRing) -> None:
    claims = json.loads(json.dumps(history_claims(lived.book, issuer=ISSUER, now=LATER)))

    assert [key.info for key in keys_of_history(claims)] == list(lived.infos)


def test_an_act_says_when_what_on_which_key_and_why(lived: KeyRing) -> None:
    at = int(LATER.timestamp())

    assert [act.document() for act in lived.acts[-2:]] == [
        {"at": at, "act": "rotated", "kid": "P2", "state": "active", "previous": "P1"},
        {"at": at, "act": "compromised", "kid": "D1", "state": "compromised", "reason": "phone lost"},
    ]


def test_the_history_holds_no_private_member(token: str) -> None:
    claims = jwt.decode(token, options={"verify_signature": False})

    assert not {"d", "k", "p", "q"} & {name for key in claims["keys"] for name in key}


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "HS256"},
        {"kid": "../x"},
        {"kid": None},
        {"iat": None},
        {"iat": 1.5},
        {"nbf": 10**30},
        {"state": "fine"},
        {"x": "AA"},
        {"purpose": []},
    ],
)
def test_a_key_outside_the_profile_is_refused(lived: KeyRing, change: dict[str, object]) -> None:
    claims = json.loads(json.dumps(history_claims(lived.book, issuer=ISSUER, now=LATER)))
    claims["keys"][0].update(change)

    with pytest.raises(MalformedKeySetError):
        keys_of_history(claims)


@pytest.mark.parametrize("keys", [None, {}, ["P1"], [[]]])
def test_a_list_of_something_else_is_refused(keys: object) -> None:
    with pytest.raises(MalformedKeySetError):
        keys_of_history({"keys": keys})


def test_the_published_example_reads_as_its_page_says() -> None:
    folder = Path(__file__).parents[2] / "vectors" / "key-history"
    published = json.loads((folder / "jwks.json").read_text())
    verifier = Verifier(KeySet.from_jwks(published))

    verified = verifier.verify_token(
        (folder / "history.jwt").read_text().strip(), kind=TokenKind.KEY_HISTORY, now=MADE_AT, issuer=ISSUER
    )

    keys = keys_of_history(verified.claims)
    gone = {key.kid: key.info.state for key in keys} | {key["kid"]: None for key in published["keys"]}
    assert {state for state in gone.values() if state is not None} == {
        KeyState.RETIRED,
        KeyState.COMPROMISED,
    }
    acts = verified.claims["acts"]
    assert isinstance(acts, list)
    assert [act["act"] for act in acts][-7:] == [
        "generated",
        "rotated",
        "generated",
        "rotated",
        "retired",
        "compromised",
        "generated",
    ]
