"""Changes of a ring on disk: sealed, durable, one at a time, and whole after a crash."""

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from keys import (
    PROFILES,
    Algorithm,
    Algorithms,
    KeyAction,
    KeyRing,
    KeyState,
    Purpose,
    RingDamagedError,
    RingFolder,
    RingMissingError,
    WrongPassphraseError,
)
from keys.durable_files import write_json
from keys.refusals import KeyChangeError, NoPendingKeyError, PendingExistsError
from tests.unit.keys.conftest import CHEAP, MADE_AT, PASSPHRASE

VERSION_1 = Path(__file__).parents[2] / "vectors" / "rings" / "version-1"
LEAD = timedelta(seconds=600)
PLATE, ES256 = Purpose.CODE_PLATE, Algorithm.ES256


@pytest.fixture
def place(ring: KeyRing, folder: Path) -> RingFolder:
    assert len(ring.infos) == len(Purpose)
    return RingFolder(folder, PASSPHRASE, lead=LEAD)


@pytest.fixture
def version_1(tmp_path: Path) -> Path:
    folder = tmp_path / "old"
    shutil.copytree(VERSION_1, folder)
    folder.chmod(0o700)
    for path in folder.iterdir():
        path.chmod(0o600)
    return folder


def test_a_rotation_on_disk_changes_who_signs_and_keeps_who_signed(place: RingFolder) -> None:
    place.generate(PLATE, ES256, now=MADE_AT)
    waiting = KeyRing.open(place.path, PASSPHRASE)
    before = waiting.signer(PLATE).kid
    place.rotate(PLATE, ES256, now=MADE_AT + LEAD)
    after = KeyRing.open(place.path, PASSPHRASE)

    assert (before, after.signer(PLATE).kid) == ("P1", "P2")
    assert {"P1", "P2"} <= _published(waiting) & _published(after)
    old = after.verification_keys().get("P1")
    assert old is not None
    assert old.info.is_believed(MADE_AT + timedelta(days=9999))


def test_a_compromised_key_leaves_the_key_set_at_once_and_stays_in_the_ring(place: RingFolder) -> None:
    place.compromise("P1", reason="stolen", now=MADE_AT)
    place.generate(PLATE, ES256, now=MADE_AT, at_once=True)
    ring = KeyRing.open(place.path, PASSPHRASE)
    lost = ring.verification_keys().get("P1")

    assert _published(ring) & {"P1", "P2"} == {"P2"}
    assert ring.signer(PLATE).kid == "P2"
    assert lost is not None
    assert (lost.info.state, lost.info.revoked_at, lost.info.reason) == (
        KeyState.COMPROMISED,
        MADE_AT,
        "stolen",
    )


def test_a_retired_key_is_kept_with_the_reason_of_the_haste(place: RingFolder) -> None:
    place.generate(PLATE, ES256, now=MADE_AT)
    place.rotate(PLATE, ES256, now=MADE_AT + LEAD)
    retired = place.retire("P1", now=MADE_AT + LEAD, force_reason="all plates were replaced")

    assert retired == place.read()
    old = retired.find("P1")
    assert old is not None
    assert (old.state, retired.acts[-1].kid) == (KeyState.RETIRED, "P1")
    assert retired.acts[-1].at == MADE_AT + LEAD
    assert "all plates were replaced" in str(retired.acts[-1].reason)


def test_a_refused_change_leaves_the_file_as_it_was(place: RingFolder) -> None:
    before = (place.path / "ring.json").read_bytes()

    with pytest.raises(NoPendingKeyError):
        place.rotate(PLATE, ES256, now=MADE_AT)
    assert (place.path / "ring.json").read_bytes() == before


def test_the_acts_are_under_the_seal(place: RingFolder) -> None:
    place.compromise("P1", reason="stolen", now=MADE_AT)
    document = json.loads((place.path / "ring.json").read_text())
    document["acts"].pop()
    write_json(place.path / "ring.json", document)

    with pytest.raises(RingDamagedError, match="changed by something else"):
        KeyRing.open(place.path, PASSPHRASE)


def test_a_change_needs_the_passphrase_and_a_ring(place: RingFolder, tmp_path: Path) -> None:
    with pytest.raises(WrongPassphraseError):
        RingFolder(place.path, "another").compromise("P1", reason="x", now=MADE_AT)
    with pytest.raises(RingMissingError):
        RingFolder(tmp_path / "none", PASSPHRASE).read()


def test_a_private_key_that_the_ring_never_named_is_replaced_by_the_next(place: RingFolder) -> None:
    before = (place.path / "ring.json").read_bytes()
    place.generate(PLATE, ES256, now=MADE_AT)
    orphan = (place.path / "P2.key.json").read_bytes()
    (place.path / "ring.json").write_bytes(before)  # the run ended before the ring was replaced

    opened = KeyRing.open(place.path, PASSPHRASE)
    place.generate(PLATE, ES256, now=MADE_AT)

    assert [info.kid for info in opened.infos if info.purpose is PLATE] == ["P1"]
    assert (place.path / "P2.key.json").read_bytes() != orphan
    place.rotate(PLATE, ES256, now=MADE_AT + LEAD)
    assert KeyRing.open(place.path, PASSPHRASE).signer(PLATE).kid == "P2"


@pytest.mark.parametrize("fatal", ["key file", "ring file"])
def test_a_process_killed_while_it_writes_leaves_a_usable_ring(place: RingFolder, fatal: str) -> None:
    child = os.fork()
    if child == 0:
        _die_at(fatal, place)
    _, status = os.waitpid(child, 0)

    assert os.WIFEXITED(status)
    assert os.WEXITSTATUS(status) == DIED
    assert KeyRing.open(place.path, PASSPHRASE).signer(PLATE).kid == "P1"
    place.generate(PLATE, ES256, now=MADE_AT)
    assert KeyRing.open(place.path, PASSPHRASE).book.infos[-1].kid == "P2"


def test_of_many_that_generate_at_once_one_succeeds(place: RingFolder) -> None:
    def attempt(_: int) -> type[Exception] | None:
        try:
            place.generate(PLATE, ES256, now=MADE_AT)
        except KeyChangeError as error:
            return type(error)
        return None

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(attempt, range(8)))

    assert results.count(None) == 1
    assert set(results) == {None, PendingExistsError}


def test_a_ring_of_the_first_release_still_opens_and_signs(version_1: Path) -> None:
    ring = KeyRing.open(version_1, PASSPHRASE)

    assert len(ring.infos) == len(Purpose)
    assert all(len(ring.signer(purpose).sign(b"x")) == 64 for purpose in Purpose)
    assert [act.deed for act in ring.acts] == [KeyAction.GENERATED] * len(Purpose)
    assert json.loads((version_1 / "ring.json").read_text())["version"] == 1


def test_a_ring_of_the_first_release_is_carried_over_by_its_first_change(version_1: Path) -> None:
    RingFolder(version_1, PASSPHRASE).generate(PLATE, ES256, now=MADE_AT)
    ring = KeyRing.open(version_1, PASSPHRASE)

    assert json.loads((version_1 / "ring.json").read_text())["version"] == 2
    assert [act.kid for act in ring.acts][-1] == "P2"
    assert len(ring.acts) == len(Purpose) + 1


def test_a_seal_of_one_version_does_not_fit_the_other(version_1: Path) -> None:
    document = json.loads((version_1 / "ring.json").read_text())
    write_json(version_1 / "ring.json", {**document, "version": 2, "acts": []})

    with pytest.raises(RingDamagedError):
        KeyRing.open(version_1, PASSPHRASE)


def test_both_profiles_have_their_keys_and_say_which_signs_first(folder: Path) -> None:
    from_dual = KeyRing.create(folder, PASSPHRASE, now=MADE_AT, cost=CHEAP, algorithms=_algorithms("dual"))
    national = KeyRing.open(folder, PASSPHRASE, algorithms=_algorithms("national"))

    assert from_dual.signer(PLATE).algorithm is Algorithm.ES256
    assert from_dual.signer(PLATE, Algorithm.SM2).algorithm is Algorithm.SM2
    assert national.signer(PLATE).algorithm is Algorithm.SM2
    assert national.signer(Purpose.LOG).algorithm is Algorithm.EDDSA


DIED = 77


def _die_at(fatal: str, place: RingFolder) -> None:
    """In a child of its own: end without any clean-up at the moment at which the named file would be replaced."""
    wanted = {"key file": "P2.key.json", "ring file": "ring.json"}[fatal]
    replace = Path.replace

    def end(self: Path, target: Path) -> Path:
        if Path(target).name == wanted:
            os._exit(DIED)
        return replace(self, target)

    Path.replace = end  # type: ignore[assignment,method-assign]  # only this child, which ends here
    try:
        place.generate(PLATE, ES256, now=MADE_AT)
    finally:
        os._exit(1)


def _published(ring: KeyRing) -> set[str]:
    return {str(entry["kid"]) for entry in ring.jwks()["keys"]}  # type: ignore[attr-defined]  # a list of keys


def _algorithms(profile: str) -> Algorithms:
    return PROFILES[profile]
