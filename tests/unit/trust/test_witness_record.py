"""The files beside the database that remember what witnesses have cosigned: all of it comes back, nothing odd is believed."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.trust.witnesses.errors import RecordDamagedError
from hub.trust.witnesses.record import CHECKPOINT, FOLDER, MAX_FILE_BYTES, WITNESSES, Witness, WitnessRecord
from signing.log import NoteKey, SignatureType

VKEY = NoteKey("w.example/log", SignatureType.COSIGNATURE, bytes(range(32))).vkey()
FULL = Witness(
    "https://w.example/log/witness", VKEY, 7, b"r" * 32, datetime(2026, 11, 21, 8, tzinfo=UTC), "LOG_FORKED"
)


def file_of(home: Path, name: str = WITNESSES) -> Path:
    (home / FOLDER).mkdir(exist_ok=True)
    return home / FOLDER / name


@pytest.mark.parametrize(
    "witness", [FULL, Witness(FULL.url, VKEY), replace(FULL, root=None), replace(FULL, at=None)], ids=str
)
def test_a_witness_is_read_as_it_was_written(tmp_path: Path, witness: Witness) -> None:
    record = WitnessRecord(tmp_path)
    record.put(witness)

    assert record.witnesses() == (witness,)
    assert file_of(tmp_path).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / FOLDER).stat().st_mode & 0o777 == 0o700


def test_a_witness_replaces_the_one_at_its_address_and_no_other(tmp_path: Path) -> None:
    record, other = WitnessRecord(tmp_path), replace(FULL, url="https://a.example/log/witness")
    record.put(FULL)
    record.put(other)
    record.put(replace(FULL, size=9))

    assert record.witnesses() == (other, replace(FULL, size=9))


def test_one_that_was_forgotten_is_not_put_back(tmp_path: Path) -> None:
    record = WitnessRecord(tmp_path)
    record.put(FULL)

    assert record.remove(FULL.url)
    assert not record.remove(FULL.url)
    record.put(FULL, only_known=True)
    assert record.witnesses() == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"size": -1},
        {"size": "7"},
        {"size": True},
        {"root": "no base64!"},
        {"at": "yesterday"},
        {"vkey": "no key"},
    ],
    ids=str,
)
def test_a_value_that_no_witness_has_damages_the_record(tmp_path: Path, changes: dict[str, object]) -> None:
    WitnessRecord(tmp_path).put(FULL)
    document = json.loads(file_of(tmp_path).read_text(encoding="utf-8"))
    document["witnesses"][0] |= changes
    file_of(tmp_path).write_text(json.dumps(document), encoding="utf-8")

    with pytest.raises(RecordDamagedError, match=WITNESSES):
        WitnessRecord(tmp_path).witnesses()


@pytest.mark.parametrize("name", ["url", "vkey", "size", "root", "at", "trouble"])
def test_a_witness_lacks_no_member(tmp_path: Path, name: str) -> None:
    WitnessRecord(tmp_path).put(FULL)
    document = json.loads(file_of(tmp_path).read_text(encoding="utf-8"))
    del document["witnesses"][0][name]
    file_of(tmp_path).write_text(json.dumps(document), encoding="utf-8")

    with pytest.raises(RecordDamagedError):
        WitnessRecord(tmp_path).witnesses()


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff", b"[]", b"{}", b'{"witnesses": []}' + b" " * MAX_FILE_BYTES],
    ids=["empty", "bytes", "list", "bare", "long"],
)
def test_a_file_that_is_no_record_is_damaged_and_never_empty(tmp_path: Path, raw: bytes) -> None:
    file_of(tmp_path).write_bytes(raw)

    with pytest.raises(RecordDamagedError, match=WITNESSES):
        WitnessRecord(tmp_path).witnesses()


def test_a_checkpoint_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file_of(tmp_path, CHECKPOINT).write_text("no note", encoding="utf-8")

    with pytest.raises(RecordDamagedError, match=CHECKPOINT):
        WitnessRecord(tmp_path).checkpoint()


def test_without_files_there_is_no_record_and_set_aside_they_are_gone(tmp_path: Path) -> None:
    record = WitnessRecord(tmp_path)
    assert (record.exists(), record.witnesses(), record.checkpoint()) == (False, (), None)
    record.put(FULL)
    assert record.exists()

    assert record.forget() == (file_of(tmp_path, f"{WITNESSES}.before-loss"),)
    assert not record.exists()
