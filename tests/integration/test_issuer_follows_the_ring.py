"""A hub that runs while its keys change on disk."""

import time
from pathlib import Path

import pytest

from hub.trust.keys.issuer import LOOK_SECONDS, FollowingIssuer, Issuer
from keys import Algorithm, KeyRing, KeyState, Purpose, RingFolder, RingOlderError
from tests.conftest import CHEAP, NOW, PASSPHRASE


@pytest.fixture
def folder(home: Path) -> Path:
    return home / "keys"


def following(folder: Path) -> FollowingIssuer:
    return FollowingIssuer(lambda: KeyRing.open(folder, PASSPHRASE), watched=folder / "ring.json")


def succeed(folder: Path) -> None:
    """P1 is compromised, and P2 signs in its place."""
    place = RingFolder(folder, PASSPHRASE)
    place.compromise("P1", reason="stolen", now=NOW)
    place.generate(Purpose.CODE_PLATE, Algorithm.ES256, now=NOW, at_once=True)


def replace(folder: Path, ring: bytes) -> None:
    written = folder / "written"
    written.touch(mode=0o600)
    written.write_bytes(ring)
    written.replace(folder / "ring.json")


def state(issuer: Issuer, kid: str) -> KeyState:
    return next(info.state for info in issuer.key_ring.infos if info.kid == kid)


def test_an_unchanged_ring_gives_the_same_key_set(folder: Path) -> None:
    issuer = following(folder)

    assert issuer.key_set is issuer.key_set


def test_a_changed_ring_is_followed_within_half_a_second(folder: Path) -> None:
    issuer = following(folder)
    before = issuer.plate_signer.public_key
    succeed(folder)
    time.sleep(LOOK_SECONDS)

    after = issuer.plate_signer.public_key

    assert after != before
    assert issuer.is_ring_checked
    assert following(folder).plate_signer.public_key == after


def test_an_earlier_ring_under_its_seal_does_not_bring_a_compromised_key_back(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    issuer = following(folder)
    earlier = (folder / "ring.json").read_bytes()
    succeed(folder)
    newer = (folder / "ring.json").read_bytes()
    known = issuer.look().verification_keys()
    replace(folder, earlier)

    issuer.look()

    assert issuer.key_set is known
    assert state(issuer, "P1") is KeyState.COMPROMISED
    assert not issuer.is_ring_checked
    for purpose in Purpose:
        with pytest.raises(RingOlderError, match="older copy"):
            issuer.signer(purpose)
    issuer.look()
    assert len(caplog.records) == 1
    replace(folder, newer)
    assert issuer.look().signer(Purpose.CODE_PLATE).kid == "P2"
    assert issuer.is_ring_checked


def test_another_ring_with_the_same_names_and_instants_is_not_taken(folder: Path, tmp_path: Path) -> None:
    issuer = following(folder)
    before = issuer.key_set
    KeyRing.create(tmp_path / "other", PASSPHRASE, now=NOW, cost=CHEAP)
    for file in (tmp_path / "other").iterdir():
        file.rename(folder / file.name)

    issuer.look()

    assert issuer.key_set is before
    with pytest.raises(RingOlderError):
        issuer.signer(Purpose.CODE_PLATE)


def test_a_ring_found_when_the_device_is_back_must_continue_the_one_in_use(folder: Path) -> None:
    earlier = KeyRing.open(folder, PASSPHRASE)
    succeed(folder)
    newer = KeyRing.open(folder, PASSPHRASE)
    newer.is_checked = False  # as when the device was away at the opening
    rings = [earlier, newer]
    issuer = FollowingIssuer(rings.pop, watched=folder / "ring.json")

    issuer.look()

    assert state(issuer, "P1") is KeyState.COMPROMISED
    assert not issuer.is_ring_checked
    with pytest.raises(RingOlderError):
        issuer.signer(Purpose.CODE_PLATE)


def test_signers_serve_one_purpose(folder: Path) -> None:
    issuer = Issuer(KeyRing.open(folder, PASSPHRASE))

    assert issuer.plate_signer.purpose is Purpose.CODE_PLATE
