"""A hub that runs while its keys change on disk."""

import time
from pathlib import Path

import pytest

from hub.trust.issuer import LOOK_SECONDS, FollowingIssuer, Issuer
from keys import KeyRing, Purpose
from tests.conftest import CHEAP, NOW, PASSPHRASE


@pytest.fixture
def folder(home: Path) -> Path:
    return home / "keys"


def following(folder: Path) -> FollowingIssuer:
    return FollowingIssuer(lambda: KeyRing.open(folder, PASSPHRASE), watched=folder / "ring.json")


def test_an_unchanged_ring_gives_the_same_key_set(folder: Path) -> None:
    issuer = following(folder)

    assert issuer.key_set is issuer.key_set


def test_a_replaced_ring_is_followed_within_half_a_second(folder: Path, tmp_path: Path) -> None:
    issuer = following(folder)
    before = issuer.plate_signer.public_key
    KeyRing.create(tmp_path / "other", PASSPHRASE, now=NOW, cost=CHEAP)
    for file in (tmp_path / "other").iterdir():
        file.rename(folder / file.name)
    time.sleep(LOOK_SECONDS)

    after = issuer.plate_signer.public_key

    assert after != before
    assert following(folder).plate_signer.public_key == after


def test_signers_serve_one_purpose(folder: Path) -> None:
    issuer = Issuer(KeyRing.open(folder, PASSPHRASE))

    assert issuer.plate_signer.purpose is Purpose.CODE_PLATE
    assert issuer.dynamic_signer.purpose is Purpose.CODE_DYNAMIC
