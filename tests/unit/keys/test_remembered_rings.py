"""The digest of the ring that a device vouched for, kept for the time when it is away."""

import json
from pathlib import Path

import pytest

from keys import Algorithm, KeyRing, Purpose, ScryptCost, Signer
from keys.errors import RingDamagedError, RingUncheckedError, SignerAwayError
from keys.policy import DEFAULT_ALGORITHMS
from keys.ring_file import CHECKED_FILE, RING_FILE, OpenedRing, _entries, remember_checked, reseal_ring
from keys.sources import KeySource, open_source
from tests.conftest import NOW, PASSPHRASE


class Device:
    """A file source that says of itself that it can be away."""

    can_be_away = True

    def __init__(self, source: KeySource) -> None:
        self._source = source
        self.is_away = False

    def signer(self, kid: str) -> Signer:
        if self.is_away:
            raise SignerAwayError("the device is away")
        return self._source.signer(kid)

    def __getattr__(self, name: str) -> object:
        return getattr(self._source, name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    KeyRing.create(tmp_path / "keys", PASSPHRASE, now=NOW, cost=ScryptCost(n=2))
    return tmp_path / "keys"


@pytest.fixture
def device(folder: Path) -> Device:
    return Device(open_source("file:", folder=folder, passphrase=PASSPHRASE))


def test_a_ring_that_the_device_vouches_for_is_remembered_once(folder: Path, device: Device) -> None:
    remember_checked(folder, device)  # type: ignore[arg-type]  # a source but for its word
    kept = (folder / CHECKED_FILE).read_bytes()
    remember_checked(folder, device)  # type: ignore[arg-type]  # as above

    assert (folder / CHECKED_FILE).read_bytes() == kept


def test_a_ring_that_no_device_vouched_for_is_not_sealed_again(folder: Path, device: Device) -> None:
    with pytest.raises(RingUncheckedError):
        reseal_ring(folder, device)  # type: ignore[arg-type]  # as above


def test_the_ring_that_it_vouched_for_is_sealed_again(folder: Path, device: Device) -> None:
    remember_checked(folder, device)  # type: ignore[arg-type]  # as above
    before = json.loads((folder / RING_FILE).read_text())

    reseal_ring(folder, device)  # type: ignore[arg-type]  # as above

    assert json.loads((folder / RING_FILE).read_text())["keys"] == before["keys"]


def test_a_ring_opened_without_its_device_signs_as_soon_as_it_is_back(folder: Path, device: Device) -> None:
    book = KeyRing.open(folder, PASSPHRASE).book
    device.is_away = True
    ring = KeyRing(OpenedRing(book, is_checked=True), device, DEFAULT_ALGORITHMS, folder)  # type: ignore[arg-type]  # as above
    signer = ring.signer(Purpose.CODE_PLATE)

    assert (signer.kid, signer.algorithm) == ("P1", Algorithm.ES256)
    with pytest.raises(SignerAwayError):
        signer.sign(b"message")
    device.is_away = False
    assert len(signer.sign(b"message")) == 64


@pytest.mark.parametrize("document", [{}, {"keys": {}}, {"keys": ["P1"]}])
def test_a_ring_without_its_lists_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(RingDamagedError):
        _entries(document, "keys")
