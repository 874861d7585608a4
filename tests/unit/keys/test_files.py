"""The ring's files: who may read them, what damage is noticed, what a crash leaves behind."""

import json
import shutil
import stat
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from keys import (
    EmptyPassphraseError,
    FolderModeError,
    KeyFileDamagedError,
    KeyFileMissingError,
    KeyRing,
    KeysError,
    RingDamagedError,
    RingMissingError,
    SourceNotSupportedError,
    WrongPassphraseError,
)
from keys.durable_files import write_json
from keys.vault import Vault
from tests.unit.keys.conftest import CHEAP, MADE_AT, PASSPHRASE


@pytest.mark.usefixtures("ring")
def test_everything_in_the_folder_is_for_its_owner_alone(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


@pytest.mark.usefixtures("ring")
@pytest.mark.parametrize("mode", [0o750, 0o701, 0o755, 0o770, 0o777])
def test_a_folder_others_can_touch_is_refused(folder: Path, mode: int) -> None:
    folder.chmod(mode)

    with pytest.raises(FolderModeError, match="chmod 0700"):
        KeyRing.open(folder, PASSPHRASE)
    with pytest.raises(FolderModeError, match="chmod 0700"):
        KeyRing.create(folder, PASSPHRASE, now=MADE_AT, cost=CHEAP)


@pytest.mark.usefixtures("ring")
@pytest.mark.parametrize("name", ["ring.json", "vault.json", "P1.key.json"])
def test_a_file_others_can_read_is_refused(folder: Path, name: str) -> None:
    (folder / name).chmod(0o640)

    with pytest.raises(FolderModeError, match="chmod 0600"):
        KeyRing.open(folder, PASSPHRASE)


@pytest.mark.usefixtures("ring")
@pytest.mark.parametrize("wrong", ["Correct horse battery staple", "correct horse", "密码"])
def test_a_wrong_passphrase_is_told_from_damage(folder: Path, wrong: str) -> None:
    with pytest.raises(WrongPassphraseError, match="HUB_KEYS_PASSPHRASE"):
        KeyRing.open(folder, wrong)


def test_a_ring_is_never_made_without_a_passphrase(folder: Path) -> None:
    with pytest.raises(EmptyPassphraseError):
        KeyRing.create(folder, "", now=MADE_AT, cost=CHEAP)


def test_a_passphrase_typed_in_another_unicode_form_still_opens(folder: Path) -> None:
    KeyRing.create(folder, "pässwörd", now=MADE_AT, cost=CHEAP)

    assert KeyRing.open(folder, "pa\u0308sswo\u0308rd").infos


@pytest.mark.usefixtures("ring")
def test_no_private_key_lies_open_on_the_disk(folder: Path) -> None:
    stored = b"".join(path.read_bytes() for path in folder.iterdir())

    assert b"PRIVATE" not in stored
    assert b"pkcs8" not in stored
    assert PASSPHRASE.encode() not in stored


@pytest.mark.usefixtures("ring")
def test_a_missing_envelope_stops_the_start_and_is_named(folder: Path) -> None:
    (folder / "P1.key.json").unlink()

    with pytest.raises(KeyFileMissingError, match=r"P1\.key\.json"):
        KeyRing.open(folder, PASSPHRASE)


@pytest.mark.usefixtures("ring")
def test_a_missing_vault_stops_the_start(folder: Path) -> None:
    (folder / "vault.json").unlink()

    with pytest.raises(KeyFileMissingError, match=r"vault\.json"):
        KeyRing.open(folder, PASSPHRASE)


@pytest.mark.usefixtures("ring")
def test_an_envelope_under_another_name_does_not_open(folder: Path) -> None:
    envelope = json.loads((folder / "D1.key.json").read_text())
    write_json(folder / "P1.key.json", {**envelope, "kid": "P1"})

    with pytest.raises(KeyFileDamagedError, match="P1"):
        KeyRing.open(folder, PASSPHRASE)


@pytest.mark.usefixtures("ring")
def test_an_envelope_that_names_another_key_is_refused(folder: Path) -> None:
    shutil.copy(folder / "D1.key.json", folder / "P1.key.json")

    with pytest.raises(KeyFileDamagedError, match="not the envelope of P1"):
        KeyRing.open(folder, PASSPHRASE)


@pytest.mark.usefixtures("ring")
def test_an_envelope_with_another_key_of_ours_inside_is_refused(folder: Path) -> None:
    vault = Vault.open(folder, PASSPHRASE)
    stolen = vault.unwrap("D1", json.loads((folder / "D1.key.json").read_text()))
    write_json(folder / "P1.key.json", {"version": 1, "kid": "P1", **vault.wrap("P1", stolen)})

    with pytest.raises(KeyFileDamagedError, match="another one than the ring says"):
        KeyRing.open(folder, PASSPHRASE)


@pytest.mark.usefixtures("ring")
def test_an_envelope_with_a_foreign_kind_of_key_is_refused(folder: Path) -> None:
    foreign = generate_private_key(65537, 2048).private_bytes(
        Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
    )
    plaintext = json.dumps({"algorithm": "ES256", "pkcs8": b64encode(foreign).decode()}).encode()
    vault = Vault.open(folder, PASSPHRASE)
    write_json(folder / "P1.key.json", {"version": 1, "kid": "P1", **vault.wrap("P1", plaintext)})

    with pytest.raises(KeyFileDamagedError, match="kind"):
        KeyRing.open(folder, PASSPHRASE)


@pytest.mark.usefixtures("ring")
@pytest.mark.parametrize("name", ["ring.json", "vault.json", "P1.key.json"])
@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"version": 2}', "null", '{"version": 1, "kid": "P1", "keys": []}']
)
def test_a_damaged_file_is_a_clear_refusal(folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content)

    with pytest.raises((RingDamagedError, KeyFileDamagedError)):
        KeyRing.open(folder, PASSPHRASE)


@pytest.mark.usefixtures("ring")
@pytest.mark.parametrize(
    "change",
    [
        ("vault.json", "n", 3),
        ("vault.json", "n", 2**40),
        ("vault.json", "n", True),
        ("vault.json", "kdf", "pbkdf2"),
        ("vault.json", "salt", "!"),
        ("vault.json", "check", 7),
        ("P1.key.json", "nonce", "AAAA"),
        ("P1.key.json", "ciphertext", "AAAA"),
        ("P1.key.json", "version", 2),
        ("ring.json", "seal", "AAAA"),
    ],
)
def test_a_changed_member_is_a_clear_refusal(folder: Path, change: tuple[str, str, object]) -> None:
    name, member, value = change
    write_json(folder / name, {**json.loads((folder / name).read_text()), member: value})

    with pytest.raises((RingDamagedError, KeyFileDamagedError)):
        KeyRing.open(folder, PASSPHRASE)


@pytest.mark.usefixtures("ring")
def test_a_file_too_large_to_be_ours_is_not_read(folder: Path) -> None:
    (folder / "ring.json").write_text(" " * 1_000_001)

    with pytest.raises(RingDamagedError, match="too large"):
        KeyRing.open(folder, PASSPHRASE)


@pytest.mark.usefixtures("ring")
def test_a_key_written_into_the_ring_by_somebody_else_is_noticed(folder: Path) -> None:
    document = json.loads((folder / "ring.json").read_text())
    document["keys"].append({**document["keys"][0], "kid": "P2", "state": "verify-only"})
    write_json(folder / "ring.json", document)

    with pytest.raises(RingDamagedError, match="changed by something else"):
        KeyRing.open(folder, PASSPHRASE)


@pytest.mark.usefixtures("ring")
@pytest.mark.parametrize(
    "change",
    [
        {"purpose": "weather"},
        {"algorithm": "HS256"},
        {"state": "fine"},
        {"created_at": None},
        {"created_at": "yesterday"},
        {"kid": "../P1"},
        {"public": "text"},
        {"public": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}},
    ],
)
def test_a_sealed_ring_of_another_version_is_a_clear_refusal(folder: Path, change: dict[str, object]) -> None:
    entries = json.loads((folder / "ring.json").read_text())["keys"]
    entries[0].update(change)
    canonical = json.dumps([1, entries], sort_keys=True, separators=(",", ":")).encode()
    seal = b64encode(Vault.open(folder, PASSPHRASE).seal(canonical)).decode()
    write_json(folder / "ring.json", {"version": 1, "keys": entries, "seal": seal})

    with pytest.raises(RingDamagedError, match="does not understand"):
        KeyRing.open(folder, PASSPHRASE)


@pytest.mark.usefixtures("ring")
def test_lost_ring_data_is_never_replaced_over_the_private_keys(folder: Path) -> None:
    (folder / "ring.json").unlink()
    envelope = (folder / "P1.key.json").read_bytes()

    with pytest.raises(RingMissingError, match="restore it from a backup"):
        KeyRing.create(folder, PASSPHRASE, now=MADE_AT, cost=CHEAP)
    assert (folder / "P1.key.json").read_bytes() == envelope


def test_a_run_that_ended_between_key_and_ring_is_taken_up_again(folder: Path) -> None:
    whole = KeyRing.create(folder, PASSPHRASE, now=MADE_AT, cost=CHEAP)
    document = json.loads((folder / "ring.json").read_text())
    entries = [entry for entry in document["keys"] if entry["kid"] == "P1"]
    seal = Vault.open(folder, PASSPHRASE).seal(
        json.dumps([1, entries], sort_keys=True, separators=(",", ":")).encode()
    )
    write_json(folder / "ring.json", {"version": 1, "keys": entries, "seal": b64encode(seal).decode()})

    again = KeyRing.create(folder, PASSPHRASE, now=MADE_AT, cost=CHEAP)

    assert again.infos[0] == whole.infos[0]
    assert len(again.infos) == len(whole.infos)
    assert KeyRing.open(folder, PASSPHRASE).infos == again.infos


def test_a_half_written_file_of_a_crash_does_no_harm(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    (folder / ".ring.json.new").write_text('{"half')

    ring = KeyRing.create(folder, PASSPHRASE, now=MADE_AT, cost=CHEAP)

    assert KeyRing.open(folder, PASSPHRASE).infos == ring.infos


def test_two_that_create_at_once_get_the_same_ring(folder: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        rings = list(
            pool.map(lambda _: KeyRing.create(folder, PASSPHRASE, now=MADE_AT, cost=CHEAP), range(4))
        )

    assert len({tuple(info.kid for info in ring.infos) for ring in rings}) == 1


def test_envelopes_may_lie_in_a_folder_of_their_own(folder: Path, tmp_path: Path) -> None:
    source = f"file:{tmp_path / 'envelopes'}"
    ring = KeyRing.create(folder, PASSPHRASE, now=MADE_AT, source=source, cost=CHEAP)

    assert (tmp_path / "envelopes" / "P1.key.json").is_file()
    assert not (folder / "P1.key.json").exists()
    assert KeyRing.open(folder, PASSPHRASE, source=source).infos == ring.infos


@pytest.mark.parametrize("source", ["sdf:", "vault", "", "https://keys.example"])
def test_a_source_this_installation_cannot_use_is_named(folder: Path, source: str) -> None:
    with pytest.raises(SourceNotSupportedError, match=r"knows file:, pkcs11:$"):
        KeyRing.create(folder, PASSPHRASE, now=MADE_AT, source=source, cost=CHEAP)


def test_every_error_belongs_to_the_family() -> None:
    assert issubclass(FolderModeError, KeysError)
    assert issubclass(WrongPassphraseError, KeysError)
