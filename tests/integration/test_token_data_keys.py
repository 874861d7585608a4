"""Personal fields whose data keys a real PKCS#11 token (SoftHSM2) wraps: away, back, and lost for good."""

import json
from pathlib import Path

import pytest

from tests.support.softhsm import PIN, SoftToken, soft_token
from tests.support.token_fields import NAME


@pytest.fixture
def token(tmp_path: Path) -> SoftToken:
    return soft_token(tmp_path / "hsm")


def test_without_its_device_a_hub_says_so_loses_nothing_and_goes_on_when_it_is_back(
    token: SoftToken, tmp_path: Path
) -> None:
    told = token.work("fields_away", tmp_path / "var", token.folder)

    assert told["init"][0] == 0, told["init"]
    assert all(each.startswith("hp1:") for each in told["stored"])
    assert told["early"] == [NAME]
    assert told["late"] == ["KEYS_SIGNER_AWAY", "KEYS_SIGNER_AWAY", 1]
    assert all(code not in {0, 70} and "away" in said for code, said in told["commands"]), told["commands"]
    assert told["back"] == [[NAME, NAME], 2]
    assert told["renewed"][:3] == [0, True, [NAME, NAME]], told["renewed"]


def test_the_folder_holds_no_data_key_that_opens_without_the_token(token: SoftToken, tmp_path: Path) -> None:
    told = token.work("fields_away", tmp_path / "var", token.folder)

    document = json.loads(told["files"])
    assert [set(entry) for entry in document["keys"]] == [{"kid", "cipher", "wrapped"}]
    assert PIN not in told["files"]
    assert not (tmp_path / "var" / "keys" / "vault.json").exists()  # no passphrase that would open them


def test_a_web_process_without_the_device_shows_no_page_with_names_and_every_public_one(
    token: SoftToken, tmp_path: Path
) -> None:
    told = token.work("fields_web", tmp_path / "var", token.folder)

    assert told["dark"] == [503, "5", "KEYS_SIGNER_AWAY"]
    assert told["public"] == 200
    assert told["light"] == [200, True]


def test_what_a_lost_token_sealed_is_given_up_only_on_demand_and_stays_in_the_database(
    token: SoftToken, tmp_path: Path
) -> None:
    told = token.work("fields_lost", tmp_path / "var", token.folder)

    assert told["resealed"] == 0
    assert told["refused"][0] != 0
    assert "hub init --new-keys" in told["refused"][1]
    assert told["given_up"][0] == 0, told["given_up"]
    assert told["same"]
    assert NAME in told["names"]
    assert any("key lost" in each for each in told["names"])
