"""Data keys: what they seal opens with them, at its own place alone, and what is wrong with their file is said."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from keys import KeyRing
from keys.data_keys import (
    DATA_KEYS_FILE,
    INDEX_CHARS,
    PREFIX,
    UNREADABLE,
    DataCipher,
    DataKeyFile,
    DataKeys,
    kid_of,
)
from keys.errors import DataKeysDamagedError, DataKeysMissingError, SealedValueError

HERE, ELSEWHERE = b"access_person.name|1", b"access_person.name|2"
NAME = "李明"


@pytest.fixture
def file(ring: KeyRing) -> DataKeyFile:
    return ring.data_keys


@pytest.fixture(params=DataCipher, ids=str)
def keys(file: DataKeyFile, request: pytest.FixtureRequest) -> DataKeys:
    return file.add(request.param)


def changed(sealed: str, byte: int) -> str:
    head, _, rest = sealed.rpartition(":")
    raw = bytearray(b64decode(rest))
    raw[byte] ^= 1
    return f"{head}:{b64encode(bytes(raw)).decode()}"


@pytest.mark.parametrize("text", ["", "a", NAME, "中" * 500, "\0 \n"], ids=ascii)
def test_what_is_sealed_opens_where_it_was_sealed(keys: DataKeys, text: str) -> None:
    sealed = keys.seal(text, HERE)

    assert keys.open(sealed, HERE) == text
    assert sealed.startswith(keys.prefix)
    assert kid_of(sealed) == keys.current.kid
    assert len(text) < 2 or text.encode() not in b64decode(sealed.rpartition(":")[2])


def test_one_text_is_never_sealed_into_the_same_twice(keys: DataKeys) -> None:
    assert len({keys.seal(NAME, HERE) for _ in range(20)}) == 20


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda sealed: changed(sealed, 0), id="its nonce"),
        pytest.param(lambda sealed: changed(sealed, 12), id="what it says"),
        pytest.param(lambda sealed: changed(sealed, -1), id="its tag"),
        pytest.param(lambda sealed: sealed[:-8], id="cut off"),
        pytest.param(lambda sealed: sealed[: len(PREFIX) + 9], id="nothing left"),
        pytest.param(lambda sealed: f"{sealed}!", id="a character of no base64"),
    ],
)
def test_a_value_that_was_changed_names_its_place_and_does_not_open(
    keys: DataKeys, spoil: Callable[[str], str]
) -> None:
    with pytest.raises(SealedValueError, match=r"access_person\.name\|1 was changed"):
        keys.open(spoil(keys.seal(NAME, HERE)), HERE)


def test_a_shortened_tag_does_not_pass_for_a_whole_one(keys: DataKeys) -> None:
    head, _, rest = keys.seal("", HERE).rpartition(":")
    short = b64encode(b64decode(rest)[:-8]).decode()

    with pytest.raises(SealedValueError):
        keys.open(f"{head}:{short}", HERE)


def test_a_value_that_was_moved_does_not_open(keys: DataKeys) -> None:
    with pytest.raises(SealedValueError, match=r"name\|2 was changed, or moved here"):
        keys.open(keys.seal(NAME, HERE), ELSEWHERE)


def test_a_value_of_a_key_that_is_not_here_names_the_file(keys: DataKeys) -> None:
    stranger = f"{PREFIX}00000000:{keys.seal(NAME, HERE).rpartition(':')[2]}"

    with pytest.raises(SealedValueError, match=f"not in {DATA_KEYS_FILE}"):
        keys.open(stranger, HERE)


def test_every_key_of_the_file_opens_and_the_last_one_seals(file: DataKeyFile) -> None:
    first = file.open()
    old = first.seal(NAME, HERE)
    second = file.add(DataCipher.SM4)
    third = file.add(DataCipher.AES)

    assert [each.current.cipher for each in (first, second, third)] == ["A256GCM", "SM4GCM", "A256GCM"]
    assert list(third.keys)[-1] == third.current.kid
    assert len(third.keys) == 3
    assert third.open(old, HERE) == NAME
    assert kid_of(third.seal(NAME, HERE)) not in {first.current.kid, second.current.kid}


def test_a_blind_index_finds_equals_in_one_column_under_every_key(file: DataKeyFile) -> None:
    first = file.open()
    both = file.add(DataCipher.SM4)
    indexes = both.indexes(NAME, "access_person.name")

    assert indexes == [first.index(NAME, "access_person.name"), both.index(NAME, "access_person.name")]
    assert len(set(indexes)) == 2
    assert {len(each) for each in indexes} == {INDEX_CHARS}
    assert both.index(NAME, "access_look.viewer") not in indexes
    assert both.index("李鸣", "access_person.name") not in indexes
    assert file.open().index(NAME, "access_person.name") == indexes[1]


def test_what_a_given_up_key_sealed_says_so_and_the_others_go_on(file: DataKeyFile) -> None:
    old = file.open()
    sealed = old.seal(NAME, HERE)
    keys = file.add(DataCipher.AES, lost=[old.current.kid])

    assert keys.open(sealed, HERE) == UNREADABLE
    assert keys.lost == {old.current.kid}
    assert list(keys.keys) == [keys.current.kid]
    assert file.add(DataCipher.AES).lost == {old.current.kid}, "who comes later does not bring it back"


def test_giving_up_names_every_key_lost_and_keeps_it_in_the_file(file: DataKeyFile, folder: Path) -> None:
    before = set(file.add(DataCipher.SM4).keys)
    keys = file.give_up(DataCipher.AES)
    kept = json.loads((folder / DATA_KEYS_FILE).read_text())

    assert keys.lost == before
    assert {entry["kid"] for entry in kept["keys"]} == before | {keys.current.kid}


def test_a_file_that_is_gone_is_said_to_be_missing_and_is_made_anew_only_on_demand(
    file: DataKeyFile, folder: Path
) -> None:
    (folder / DATA_KEYS_FILE).unlink()

    with pytest.raises(DataKeysMissingError, match="restore it from a backup"):
        file.open()
    assert len(file.give_up(DataCipher.AES).keys) == 1


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ({"version": 2}, "a version this software does not know"),
        ({"keys": []}, "a version this software does not know"),
        ({"keys": "none"}, "a version this software does not know"),
        ({"keys": [{"kid": "0", "cipher": "ROT13", "wrapped": "AAAA"}]}, "does not open"),
        ({"keys": [{"cipher": "A256GCM", "wrapped": "AAAA"}]}, "does not open"),
        ({"keys": [{"kid": "0", "cipher": "A256GCM", "wrapped": "AAAA"}]}, "does not open"),
    ],
    ids=["version", "no keys", "keys of no list", "cipher", "no name", "wrapped"],
)
def test_a_damaged_file_says_what_to_do(
    file: DataKeyFile, folder: Path, spoil: dict[str, object], said: str
) -> None:
    path = folder / DATA_KEYS_FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | spoil))

    with pytest.raises(DataKeysDamagedError, match=said):
        file.open()


def test_a_file_whose_keys_are_all_given_up_does_not_open(file: DataKeyFile, folder: Path) -> None:
    path = folder / DATA_KEYS_FILE
    document = json.loads(path.read_text())
    path.write_text(json.dumps(document | {"lost": [entry["kid"] for entry in document["keys"]]}))

    with pytest.raises(DataKeysDamagedError, match="holds no key that was not given up"):
        file.open()


def test_a_key_wrapped_for_one_cipher_does_not_open_as_the_other(file: DataKeyFile, folder: Path) -> None:
    path = folder / DATA_KEYS_FILE
    document = json.loads(path.read_text())
    document["keys"][0]["cipher"] = DataCipher.SM4.value
    path.write_text(json.dumps(document))

    with pytest.raises(DataKeysDamagedError, match="does not open"):
        file.open()


def test_the_first_key_is_made_once(file: DataKeyFile) -> None:
    before = file.open().current.kid
    file.begin(DataCipher.SM4)

    assert list(file.open().keys) == [before]
