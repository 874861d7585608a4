"""The envelope: the cost of guessing, and what binds a ciphertext to its key."""

from pathlib import Path

import pytest

from keys import PRODUCTION_COST, KeyFileDamagedError, KeyRing
from keys.durable_files import read_json
from keys.vault import Vault
from tests.unit.keys.conftest import CHEAP, MADE_AT, PASSPHRASE


def test_a_ring_made_as_in_production_costs_128_mebibytes_a_guess(folder: Path) -> None:
    KeyRing.create(folder, PASSPHRASE, now=MADE_AT)
    vault = read_json(folder / "vault.json")

    assert (vault["kdf"], vault["n"], vault["r"], vault["p"]) == ("scrypt", 2**17, 8, 1)
    assert PRODUCTION_COST.n == 2**17
    assert KeyRing.open(folder, PASSPHRASE).infos


def test_opening_a_ring_stretches_the_passphrase_once(
    ring: KeyRing, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = []
    stretch = Vault.open.__func__.__globals__["_stretch"]  # type: ignore[attr-defined]
    # a count of calls is the only way to see the start's cost without a clock
    monkeypatch.setattr("keys.vault._stretch", lambda *given: (runs.append(1), stretch(*given))[1])

    KeyRing.open(folder, PASSPHRASE)

    assert len(ring.infos) == 8
    assert len(runs) == 1


def test_the_same_key_wrapped_twice_looks_different(tmp_path: Path) -> None:
    vault = Vault.create(tmp_path, PASSPHRASE, cost=CHEAP)

    assert vault.wrap("P1", b"secret") != vault.wrap("P1", b"secret")
    assert vault.unwrap("P1", vault.wrap("P1", b"secret")) == b"secret"


def test_an_envelope_opens_under_its_own_kid_only(tmp_path: Path) -> None:
    vault = Vault.create(tmp_path, PASSPHRASE, cost=CHEAP)

    with pytest.raises(KeyFileDamagedError, match="P2"):
        vault.unwrap("P2", vault.wrap("P1", b"secret"))


def test_two_folders_with_one_passphrase_share_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = Vault.create(tmp_path / "a", PASSPHRASE, cost=CHEAP)
    second = Vault.create(tmp_path / "b", PASSPHRASE, cost=CHEAP)

    assert first.seal(b"ring") != second.seal(b"ring")
    with pytest.raises(KeyFileDamagedError):
        second.unwrap("P1", first.wrap("P1", b"secret"))
