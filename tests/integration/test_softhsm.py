"""Keys in a real PKCS#11 token (SoftHSM2): made inside, used inside, away and back, shared by processes."""

import json
import shutil
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from keys import KeySet, Purpose
from keys.jwk import P256_ORDER
from signing import Verifier
from tests.support.softhsm import MODULE, PIN, SoftToken, add_token, soft_token
from tests.support.token_work import NOW, ORIGIN, PROCESSES, SIGNATURES


@pytest.fixture
def token(tmp_path: Path) -> SoftToken:
    return soft_token(tmp_path / "hsm")


@pytest.fixture
def ring(token: SoftToken, tmp_path: Path) -> Path:
    """The folder of a ring whose keys are in the token."""
    folder = tmp_path / "ring"
    made = token.work("create", folder)
    assert made["same"]
    assert made["checked"]
    return folder


def published(ring: Path) -> KeySet:
    entries = json.loads((ring / "ring.json").read_text())["keys"]
    return KeySet.from_jwks(
        {
            "keys": [
                {
                    **entry["public"],
                    "kid": entry["kid"],
                    "alg": entry["algorithm"],
                    "purpose": entry["purpose"],
                    "state": entry["state"],
                    "iat": int(NOW.timestamp()),
                    "nbf": int(NOW.timestamp()),
                }
                for entry in entries
            ]
        }
    )


def test_every_purpose_signs_inside_the_token_and_verifies_outside(token: SoftToken, ring: Path) -> None:
    signatures = token.work("sign", ring)

    keys = {key.info.purpose: key.public_key for key in published(ring)}
    for number, purpose in enumerate(Purpose):
        message, raw = f"message {number}".encode(), b64decode(signatures[purpose])
        key = keys[purpose]
        assert len(raw) == 64
        if isinstance(key, Ed25519PublicKey):
            key.verify(raw, message)
        else:
            assert isinstance(key, EllipticCurvePublicKey)
            r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
            assert s <= P256_ORDER // 2
            key.verify(encode_dss_signature(r, s), message, ECDSA(SHA256()))


def test_plates_signed_by_the_token_are_believed(token: SoftToken, ring: Path) -> None:
    verifier = Verifier(published(ring), origins=[ORIGIN])

    assert len({verifier.verify_code(text, now=NOW).payload for text in token.work("plate", ring)}) == 20


@pytest.mark.usefixtures("ring")
def test_no_private_key_can_be_taken_out(token: SoftToken) -> None:
    listed = subprocess.run(
        [sys.executable, "-c", ATTRIBUTES, str(MODULE), PIN],
        env=token.environ,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert len(listed) == len(Purpose) + 1  # and the secret of the seal
    assert set(listed) == {"kept"}


def test_nothing_private_is_in_the_rings_folder(ring: Path) -> None:
    public = {".lock", "ring.json", "ring.checked.json"}

    assert {path.name for path in ring.iterdir()} <= {
        *public,
        "data-keys.json",
    }  # wrapped: tests/…/test_token_data_keys.py


def test_a_device_taken_away_is_said_so_and_verification_goes_on_until_it_is_back(
    token: SoftToken, ring: Path
) -> None:
    told = token.work("outage", ring, token.folder)

    assert told["refused"] == ["KEYS_SIGNER_AWAY"] * 3
    assert told["unchecked"]
    assert told["believed"] == "91330802MA2TEXT162"
    assert told["waiting"] == "KEYS_SIGNER_AWAY"
    assert told["back"] == [64, 64]
    assert told["checked"]


def test_a_process_started_without_the_device_verifies_and_changes_nothing(
    token: SoftToken, ring: Path
) -> None:
    token.take_away()
    told = token.work("start_away", ring)

    assert told["checked"] is False
    assert len(told["keys"]) == len(Purpose)
    assert told["sign"] == "KEYS_SIGNER_AWAY"
    assert told["change"] == "SignerAwayError"


def test_without_the_device_a_ring_it_never_vouched_for_is_not_believed(token: SoftToken, ring: Path) -> None:
    document = json.loads((ring / "ring.json").read_text())
    document["keys"][0]["state"] = "retired"
    (ring / "ring.json").write_text(json.dumps(document))
    with_device = token.work("start_away", ring)
    token.take_away()

    assert with_device == {"refused": "RingDamagedError"}
    assert token.work("start_away", ring) == {"refused": "RingUncheckedError"}


def test_a_ring_that_no_device_ever_vouched_for_here_is_not_believed(token: SoftToken, ring: Path) -> None:
    (ring / "ring.checked.json").unlink()
    token.take_away()

    assert token.work("start_away", ring) == {"refused": "RingUncheckedError"}


def test_a_web_process_without_the_device_says_so_and_recovers_by_itself(
    token: SoftToken, home: Path, sqlite_url: str
) -> None:
    assert sqlite_url
    shutil.rmtree(home / "keys")
    token.work("create", home / "keys")

    told = token.work("web", home, token.folder)

    assert told["refused"] == [503, "5", "KEYS_SIGNER_AWAY"]
    assert set(told["said"]) == {"zh", "en"}
    assert told["keys"] == len(Purpose)
    assert told["gauge"] == ["0.0", "1.0"]
    assert told["again"] == [200, 200, True]


def test_keys_rotate_inside_the_token(token: SoftToken, ring: Path) -> None:
    assert token.work("rotate", ring) == {"kid": "P2", "length": 64}


def test_four_forked_processes_and_their_parent_sign_at_once(token: SoftToken, ring: Path) -> None:
    assert token.work("crowd", ring) == (PROCESSES + 1) * SIGNATURES


def test_a_wrong_pin_is_tried_once_and_does_not_lock_the_token(token: SoftToken, ring: Path) -> None:
    told = token.work("wrong_pin", ring)

    assert set(told["said"]) == {"WrongPassphraseError"}
    assert told["kids"] == len(Purpose)


def test_a_token_of_another_name_is_not_ours(token: SoftToken, ring: Path) -> None:
    shutil.rmtree(token.folder)
    token.folder.mkdir()
    add_token(token, label="somebody else's")

    assert token.work("start_away", ring)["sign"] == "KEYS_SIGNER_AWAY"


def test_a_token_is_found_by_its_serial_number_alone(token: SoftToken, ring: Path) -> None:
    add_token(token, label="somebody else's")

    assert token.named_by_serial(token.serial()).work("sign", ring).keys() == set(Purpose)


@pytest.mark.parametrize("serial", ["0000000000000000", "序列号", "XX"])
def test_a_token_of_another_serial_number_is_not_ours(token: SoftToken, ring: Path, serial: str) -> None:
    assert token.named_by_serial(serial).work("start_away", ring)["sign"] == "KEYS_SIGNER_AWAY"


def test_a_key_the_token_lacks_is_named_and_nothing_starts(token: SoftToken, ring: Path) -> None:
    shutil.rmtree(token.folder)
    token.folder.mkdir()
    add_token(token, label="hub test")

    assert token.work("start_away", ring) == {"refused": "KeyFileMissingError"}


def test_after_the_loss_of_a_token_the_ring_goes_on_under_another(token: SoftToken, ring: Path) -> None:
    shutil.rmtree(token.folder)
    token.folder.mkdir()
    add_token(token, label="hub test")

    assert token.work("reseal", ring) == ["KeyFileMissingError", "P2", 64]


def test_sm2_in_a_token_that_lacks_it_is_refused_and_nothing_takes_its_place(
    token: SoftToken, tmp_path: Path
) -> None:
    said = token.work("national", tmp_path / "national")

    assert "SM2" in said
    assert json.loads((tmp_path / "national" / "ring.json").read_text())["keys"] == []


ATTRIBUTES = """
import sys, pkcs11
from pkcs11 import Attribute, ObjectClass
session = pkcs11.lib(sys.argv[1]).get_token(token_label="hub test").open(user_pin=sys.argv[2])
for kind in (ObjectClass.PRIVATE_KEY, ObjectClass.SECRET_KEY):
    for key in session.get_objects({Attribute.CLASS: kind}):
        private = key[Attribute.SENSITIVE] and key[Attribute.NEVER_EXTRACTABLE] and key[Attribute.ALWAYS_SENSITIVE]
        try:
            key[Attribute.VALUE]
        except pkcs11.AttributeSensitive:
            print("kept" if private else "loose")
        else:
            print("out")
"""
