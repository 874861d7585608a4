"""Exact look-up of sealed fields: by a blind index, which says nothing to whoever has the database alone."""

from pathlib import Path

import pytest

from hub.access.queries import accounts_of
from hub.access.service import Post, invite
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.trust import personal_fields
from hub.trust.log.findings import AuditReason
from hub.trust.log.sequencer import sequence_all
from hub.trust.record import guard
from keys import KeyRing
from keys.data_keys import DataCipher
from tests.support.plates import NOW, OPERATOR, issuer_of
from tests.support.servers import PASSPHRASE
from tests.support.tampering import audited, audited_wholly, behind_its_back

PEOPLE = (("王小明", "浙33080001"), ("王小明", "浙33080002"), ("李明", "浙33080003"), ("Anna O'Hara", None))


@pytest.fixture
def ring(home: Path) -> KeyRing:
    return KeyRing.open(home / "keys", PASSPHRASE)


@pytest.fixture
def peopled(any_db: Database) -> Database:
    guard.install(any_db)
    for name, number in PEOPLE:
        place = Post(Role.OFFICER if number else Role.OFFICIAL, department="局", certificate_no=number)
        invite(place, name=name, by=OPERATOR, base_url="http://127.0.0.1:8000", now=NOW, db=any_db)
    return any_db


def numbers(db: Database, name: str) -> set[str | None]:
    return {row.certificate_no for row in accounts_of(name=name, db=db)}


def indexes(db: Database) -> list[str]:
    with db.engine.connect() as connection:
        return list(connection.exec_driver_sql("SELECT name_index FROM access_person ORDER BY id").scalars())


def test_people_are_found_by_their_exact_name_and_by_their_certificate(peopled: Database) -> None:
    assert numbers(peopled, "王小明") == {"浙33080001", "浙33080002"}
    assert numbers(peopled, " ａｎｎａ o'hara ") == {None}
    assert numbers(peopled, "王小") == set()
    assert [row.name for row in accounts_of(certificate_no="浙33080003", db=peopled)] == ["李明"]
    assert accounts_of(name="王小明", certificate_no="浙33080003", db=peopled) == []
    assert accounts_of(db=peopled) == []


def test_equal_names_have_one_index_which_is_no_digest_that_anybody_could_make(
    peopled: Database, ring: KeyRing, tmp_path: Path
) -> None:
    found = indexes(peopled)
    other = KeyRing.create(tmp_path / "other", PASSPHRASE, now=NOW)

    assert found[0] == found[1]
    assert len(set(found)) == 3
    assert found[2] == ring.data_keys.open().index("李明", "access_person.name")
    assert found[2] != ring.data_keys.open().index("李明", "access_look.viewer")
    assert found[2] != other.data_keys.open().index("李明", "access_person.name")


def test_people_are_found_while_a_new_key_seals_everything_anew_and_after(
    peopled: Database, ring: KeyRing
) -> None:
    before = indexes(peopled)
    assert numbers(peopled, "李明") == {"浙33080003"}  # the process has opened its keys
    keys = ring.data_keys.add(DataCipher.SM4)

    assert numbers(peopled, "王小明") == {"浙33080001", "浙33080002"}
    personal_fields.complete(peopled, keys)
    assert not set(before) & set(indexes(peopled))
    assert numbers(peopled, "王小明") == {"浙33080001", "浙33080002"}
    assert numbers(peopled, "李明") == {"浙33080003"}


def test_what_was_sealed_before_there_were_indexes_gets_its_index(peopled: Database, ring: KeyRing) -> None:
    before = indexes(peopled)
    behind_its_back(peopled, "UPDATE access_person SET name_index = NULL")
    assert numbers(peopled, "李明") == set()

    assert personal_fields.complete(peopled, ring.data_keys.open()) == len(PEOPLE)
    assert indexes(peopled) == before
    assert personal_fields.complete(peopled, ring.data_keys.open()) == 0


def test_an_index_that_was_changed_brings_nobody_elses_name(peopled: Database) -> None:
    first, *_, last = indexes(peopled)
    behind_its_back(peopled, f"UPDATE access_person SET name_index = '{first}' WHERE name_index = '{last}'")  # noqa: S608  # hex

    assert {row.name for row in accounts_of(name="王小明", db=peopled)} == {"王小明"}


def test_the_log_does_not_speak_of_indexes_and_agrees(
    peopled: Database, settings: Settings, ring: KeyRing
) -> None:
    sequence_all(peopled, issuer=issuer_of(settings), origin=settings.log_origin, now=NOW)
    personal_fields.complete(peopled, ring.data_keys.add(DataCipher.AES))

    told = audited(peopled, issuer_of(settings)).findings
    assert [each for each in told if each.table in {"access_person", "access_appointment"}] == []


def blind_findings(db: Database, settings: Settings) -> list[tuple[str, str, str]]:
    """What `hub log verify` says of blind indexes: table, column, and what is wrong."""
    report = audited_wholly(db, settings)
    wrong = [each for each in report.findings if each.reason is AuditReason.BLIND_INDEX_WRONG]
    assert all(each.message.zh and each.message.en for each in wrong)
    return sorted((each.table, each.key.partition(" ")[2], each.detail) for each in wrong)


@pytest.mark.parametrize(
    ("statement", "table", "column", "detail"),
    [
        (
            "SET name_index = '00000000000000000000000000000000'",
            "access_person",
            "name_index",
            "another value",
        ),
        ("SET name_index = {other}", "access_person", "name_index", "another value"),
        ("SET name_index = NULL", "access_person", "name_index", "missing"),
        ("SET certificate_index = name_index", "access_appointment", "certificate_index", "another value"),
        ("SET certificate_index = NULL", "access_appointment", "certificate_index", "missing"),
        ("SET certificate_index = 'x'", "access_appointment", "certificate_index", "another value"),
    ],
)
def test_a_blind_index_that_was_changed_is_named(
    peopled: Database, settings: Settings, statement: str, table: str, column: str, detail: str
) -> None:
    sequence_all(peopled, issuer=issuer_of(settings), origin=settings.log_origin, now=NOW)
    assert blind_findings(peopled, settings) == []
    first, *_, last = sorted(indexes(peopled))  # the first is the one that is changed
    filled = statement.format(other=f"'{last}'").replace("= name_index", f"= '{first}'")
    row = f"SELECT min({column}) FROM {table}"  # noqa: S608  # our own texts

    behind_its_back(peopled, f"UPDATE {table} {filled} WHERE {column} = ({row})")  # our own texts

    found = blind_findings(peopled, settings)
    assert found
    assert {(told_table, told_column) for told_table, told_column, _ in found} == {(table, column)}
    assert all(detail in said for _, _, said in found)


def test_an_index_beside_no_value_is_named(peopled: Database, settings: Settings) -> None:
    sequence_all(peopled, issuer=issuer_of(settings), origin=settings.log_origin, now=NOW)
    (index, *_) = indexes(peopled)

    behind_its_back(
        peopled,
        f"UPDATE access_appointment SET certificate_index = '{index}' WHERE certificate_no IS NULL",  # noqa: S608  # hex
    )

    assert blind_findings(peopled, settings) == [
        ("access_appointment", "certificate_index", "there is no value")
    ]


def test_indexes_under_an_earlier_key_are_right_until_they_are_renewed_and_after(
    peopled: Database, settings: Settings, ring: KeyRing
) -> None:
    sequence_all(peopled, issuer=issuer_of(settings), origin=settings.log_origin, now=NOW)
    ring.data_keys.add(DataCipher.SM4)
    place = Post(Role.OFFICER, department="局", certificate_no="浙33080009")
    invite(place, name="钱多多", by=OPERATOR, base_url="http://127.0.0.1:8000", now=NOW, db=peopled)

    assert blind_findings(peopled, settings) == []
    personal_fields.complete(peopled, ring.data_keys.open())
    assert blind_findings(peopled, settings) == []
