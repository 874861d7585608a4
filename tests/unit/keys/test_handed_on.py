"""What one process of a hub stretched, the others take; whatever does not fit exactly is stretched again."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from keys import KeyRing, SharedStretching, WrongPassphraseError, vault
from keys.file_source import FileKeySource
from keys.vault import ScryptCost, Vault
from tests.unit.keys.conftest import CHEAP, MADE_AT, PASSPHRASE


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for every run of scrypt: they show in nothing but the time."""
    found: list[str] = []
    stretch = vault._stretch  # the one place where scrypt runs

    def counted(passphrase: str, salt: bytes, n: int) -> bytes:
        found.append(passphrase)
        return stretch(passphrase, salt, n)

    monkeypatch.setattr(vault, "_stretch", counted)
    return found


@pytest.fixture
def handed_on(ring: KeyRing, folder: Path) -> Iterator[SharedStretching]:
    """As one process leaves it that opened the ring."""
    assert ring.infos
    room = SharedStretching()
    KeyRing.open(folder, PASSPHRASE, handed_on=room)
    yield room
    room.forget()


def replaced(folder: Path, passphrase: str, cost: ScryptCost = CHEAP) -> None:
    """Another ring in the place of the one that was opened."""
    shutil.rmtree(folder)
    KeyRing.create(folder, passphrase, now=MADE_AT, cost=cost)


def test_a_ring_that_another_opened_is_opened_without_stretching_the_passphrase(
    folder: Path, handed_on: SharedStretching, runs: list[str]
) -> None:
    opened = KeyRing.open(folder, PASSPHRASE, handed_on=handed_on)

    assert runs == []
    assert opened.infos == KeyRing.open(folder, PASSPHRASE).infos
    assert opened.signer(opened.infos[0].purpose).sign(b"message")


def test_the_two_spellings_of_one_passphrase_are_one(folder: Path, runs: list[str]) -> None:
    KeyRing.create(folder, "pässwörd", now=MADE_AT, cost=CHEAP)
    room = SharedStretching()
    KeyRing.open(folder, "pässwörd", handed_on=room)
    runs.clear()

    assert KeyRing.open(folder, "pa\u0308sswo\u0308rd", handed_on=room).infos
    assert runs == []


def test_a_forked_process_hands_on_to_its_parent(ring: KeyRing, folder: Path, runs: list[str]) -> None:
    room = SharedStretching()
    pid = os.fork()
    if pid == 0:
        KeyRing.open(folder, PASSPHRASE, handed_on=room)
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
    runs.clear()

    assert KeyRing.open(folder, PASSPHRASE, handed_on=room).infos == ring.infos
    assert runs == []


def test_a_wrong_passphrase_is_refused_though_the_right_one_was_handed_on(
    folder: Path, handed_on: SharedStretching, runs: list[str]
) -> None:
    with pytest.raises(WrongPassphraseError):
        KeyRing.open(folder, "a wrong one", handed_on=handed_on)

    assert runs == ["a wrong one"]
    assert KeyRing.open(folder, PASSPHRASE, handed_on=handed_on).infos  # what was right is still there
    assert len(runs) == 1


def test_what_a_wrong_passphrase_gave_is_not_handed_on(ring: KeyRing, folder: Path, runs: list[str]) -> None:
    room = SharedStretching()
    for _ in range(2):
        with pytest.raises(WrongPassphraseError):
            KeyRing.open(folder, "a wrong one", handed_on=room)

    assert ring.infos
    assert len(runs) == 2


def test_a_vault_with_another_salt_is_stretched_anew_and_handed_on_in_turn(
    folder: Path, handed_on: SharedStretching, runs: list[str]
) -> None:
    replaced(folder, PASSPHRASE)
    runs.clear()

    opened = KeyRing.open(folder, PASSPHRASE, handed_on=handed_on)

    assert opened.infos == KeyRing.open(folder, PASSPHRASE, handed_on=handed_on).infos
    assert len(runs) == 1


def test_a_vault_of_another_cost_is_stretched_anew(
    folder: Path, handed_on: SharedStretching, runs: list[str]
) -> None:
    path = folder / "vault.json"
    path.write_text(path.read_text(encoding="ascii").replace('"n": 2', '"n": 4'), encoding="ascii")

    with pytest.raises(WrongPassphraseError):  # as without anything handed on: another cost, another secret
        KeyRing.open(folder, PASSPHRASE, handed_on=handed_on)
    assert len(runs) == 1


def test_a_ring_whose_passphrase_was_changed_opens_with_the_new_one_alone(
    folder: Path, handed_on: SharedStretching, runs: list[str]
) -> None:
    replaced(folder, "the new one")
    runs.clear()

    with pytest.raises(WrongPassphraseError):
        KeyRing.open(folder, PASSPHRASE, handed_on=handed_on)
    assert KeyRing.open(folder, "the new one", handed_on=handed_on).infos
    assert runs == [PASSPHRASE, "the new one"]


def test_an_entry_half_written_is_not_believed() -> None:
    room = SharedStretching()
    room.give(b"origin", b"s" * 32)
    room._memory[40] ^= 1  # as a reader sees it between two bytes of a writer

    assert room.take(b"origin") is None


def test_nothing_was_handed_on_at_the_beginning_and_nothing_is_left_at_the_end() -> None:
    room = SharedStretching()
    assert room.take(b"origin") is None
    room.give(b"origin", b"s" * 32)
    assert room.take(b"origin") == b"s" * 32
    assert room.take(b"origi") is None
    room.forget()

    assert room.take(b"origin") is None
    assert b"s" not in room._memory[:]


def test_a_folder_of_keys_on_their_own_takes_it_as_well(tmp_path: Path, runs: list[str]) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    made = Vault.create(tmp_path / "keys", PASSPHRASE, cost=CHEAP)
    room = SharedStretching()
    FileKeySource.open(tmp_path / "keys", PASSPHRASE, room)
    runs.clear()

    assert FileKeySource.open(tmp_path / "keys", PASSPHRASE, room).seal(b"ring") == made.seal(b"ring")
    assert runs == []
