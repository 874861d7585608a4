"""Personal fields at rest: what the file holds, what is refused, how a hub of before is completed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session, aliased

from hub import schema
from hub.access.models import Person
from hub.access.service import Post, invite
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Base, Database
from hub.kernel.ids import new_handle, new_id
from hub.kernel.personal import UnplacedValueError, personal_columns
from hub.supervision.models import PublicReport
from hub.trust import personal_fields
from hub.trust.log.audit import AuditReason
from hub.trust.log.sequencer import sequence_all
from hub.trust.record import guard
from keys import KeyRing, profile_algorithms
from keys.data_keys import DATA_KEYS_FILE, DataCipher
from keys.errors import DataKeysDamagedError, DataKeysMissingError, SealedValueError
from tests.support.city import add_report
from tests.support.plates import NOW, OPERATOR, issuer_of
from tests.support.servers import CHEAP, PASSPHRASE
from tests.support.tampering import audited, behind_its_back

CANARIES = ("金丝雀甲", "金丝雀乙", "13800001234")


@pytest.fixture
def ring(home: Path) -> KeyRing:
    return KeyRing.open(home / "keys", PASSPHRASE)


@pytest.fixture
def peopled(any_db: Database, settings: Settings) -> Database:
    """Two people and a report, written by the hub with its keys."""
    guard.install(any_db)
    for name in CANARIES[:2]:
        invite(
            Post(Role.OFFICIAL, department="局"),
            name=name,
            by=OPERATOR,
            base_url=settings.base_url,
            now=NOW,
            db=any_db,
        )
    add_report(any_db, contact=CANARIES[2])
    sequence_all(any_db, issuer=issuer_of(settings), origin=settings.log_origin, now=NOW)
    return any_db


def names(db: Database) -> set[str]:
    with db.read() as session:
        return set(session.scalars(select(Person.name)))


def kept(db: Database) -> list[str]:
    """The columns as anybody with the database's own tool sees them."""
    with db.engine.connect() as connection:
        people = connection.exec_driver_sql("SELECT name FROM access_person ORDER BY id").scalars()
        reports = connection.exec_driver_sql("SELECT contact FROM supervision_public_report").scalars()
        return [*people, *reports]


def in_the_clear(db: Database) -> None:
    """As a hub of before left them: the same rows, unsealed."""
    old = kept(db)
    behind_its_back(db, *(_renamed(each, to) for each, to in zip(old[:2], CANARIES, strict=False)))
    behind_its_back(db, "UPDATE supervision_public_report SET contact = '13800001234'")


def _renamed(old: str, new: str) -> str:
    return f"UPDATE access_person SET name = '{new}' WHERE name = '{old}'"  # noqa: S608  # values of the test


def everything(db: Database) -> bytes:
    """The bytes of the file and its log of changes; on PostgreSQL the text of every row."""
    if db.is_sqlite:
        path = Path(db.engine.url.database or "")
        with db.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    with db.engine.connect() as connection:
        return "".join(
            str(row)
            for table in Base.metadata.sorted_tables
            for row in connection.exec_driver_sql(f'SELECT t::text FROM "{table.name}" t')  # noqa: S608  # our own names
        ).encode()


def test_each_personal_column_names_its_own_place() -> None:
    told = [
        (column.type.place, f"{column.table.name}.{column.name}")
        for column in personal_columns(Base.metadata)
    ]

    assert {place for place, _ in told} == {name for _, name in told}
    assert len(told) == len(set(told)) == 15


def test_the_stored_bytes_hold_no_name_and_no_contact(peopled: Database) -> None:
    found = everything(peopled)

    assert [each for each in CANARIES if each.encode() in found] == []


def test_names_are_read_as_objects_as_columns_and_through_an_alias(peopled: Database) -> None:
    other = aliased(Person)
    with peopled.read() as session:
        whole = {person.name for person in session.scalars(select(Person))}
        through = set(session.scalars(select(other.name)))
        contact = session.scalars(select(PublicReport.contact)).one()

    assert whole == through == names(peopled) == set(CANARIES[:2])
    assert contact == CANARIES[2]


def test_the_log_agrees_with_sealed_rows(peopled: Database, settings: Settings) -> None:
    report = audited(peopled, issuer_of(settings))

    assert [found for found in report.findings if found.table == "access_person"] == []


def test_two_ciphertexts_that_changed_places_are_refused_and_named(
    peopled: Database, settings: Settings
) -> None:
    first, second, _ = kept(peopled)
    behind_its_back(peopled, _renamed(first, "x"), _renamed(second, first), _renamed("x", second))

    with pytest.raises(SealedValueError):
        names(peopled)
    found = [each for each in audited(peopled, issuer_of(settings)).findings if each.table == "access_person"]
    assert [each.reason for each in found] == [AuditReason.ROW_EDITED] * 2
    assert all("access_person.name" in each.detail for each in found)


def test_a_personal_value_is_not_compared_or_stored_without_its_row(peopled: Database) -> None:
    with peopled.read() as session, pytest.raises(StatementError) as caught:
        session.scalars(select(Person).where(Person.name == CANARIES[0])).all()

    assert isinstance(caught.value.orig, UnplacedValueError)
    assert CANARIES[0] not in str(caught.value)


def test_a_hub_of_before_is_completed_once_and_stays_true_to_its_log(
    peopled: Database, settings: Settings, ring: KeyRing
) -> None:
    in_the_clear(peopled)
    found = everything(peopled)
    assert all(each.encode() in found for each in CANARIES)  # the search itself finds what is there
    keys = ring.data_keys.open()

    assert personal_fields.complete(peopled, keys) == 3
    assert personal_fields.complete(peopled, keys) == 0
    assert all(each.startswith(keys.prefix) for each in kept(peopled))
    assert names(peopled) == set(CANARIES[:2])
    found = everything(peopled)
    assert [each for each in CANARIES if each.encode() in found] == []
    told = audited(peopled, issuer_of(settings)).findings
    assert [each for each in told if each.table == "access_person"] == []


def test_a_new_key_seals_and_the_old_one_opens_until_everything_is_sealed_anew(
    peopled: Database, ring: KeyRing
) -> None:
    before = kept(peopled)
    keys = ring.data_keys.add(DataCipher.SM4)

    assert names(peopled) == set(CANARIES[:2])
    assert personal_fields.complete(peopled, keys) == 4  # two names, the words of a report and its contact
    assert not set(before) & set(kept(peopled))
    assert names(peopled) == set(CANARIES[:2])  # a process that opened its keys before


def test_sealed_values_without_their_key_stop_init_until_they_are_given_up(
    peopled: Database, home: Path
) -> None:
    (home / "keys" / DATA_KEYS_FILE).unlink()
    again = KeyRing.create(home / "keys", PASSPHRASE, now=NOW, cost=CHEAP)
    algorithms = profile_algorithms("international")

    with pytest.raises(DataKeysMissingError):
        personal_fields.require_keys(peopled, again, algorithms=algorithms, new_keys=False)
    before = kept(peopled)
    personal_fields.require_keys(peopled, again, algorithms=algorithms, new_keys=True)
    personal_fields.attach(peopled, lambda: again)
    assert all("key lost" in each for each in names(peopled))
    assert personal_fields.complete(peopled, again.data_keys.open()) == 0
    assert kept(peopled) == before


def test_data_keys_of_another_ring_are_refused(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    KeyRing.create(other, PASSPHRASE, now=NOW, cost=CHEAP)
    (other / DATA_KEYS_FILE).replace(home / "keys" / DATA_KEYS_FILE)

    with pytest.raises(DataKeysDamagedError):
        KeyRing.open(home / "keys", PASSPHRASE).data_keys.open()


@pytest.mark.parametrize(
    ("profile", "cipher"),
    [("international", DataCipher.AES), ("dual", DataCipher.AES), ("national", DataCipher.SM4)],
)
def test_each_profile_seals_with_its_own_cipher(tmp_path: Path, profile: str, cipher: DataCipher) -> None:
    algorithms = profile_algorithms(profile)
    ring = KeyRing.create(tmp_path / "keys", PASSPHRASE, now=NOW, cost=CHEAP, algorithms=algorithms)
    keys = ring.data_keys.open()

    assert keys.current.cipher is cipher
    assert keys.open(keys.seal("王小明", b"here"), b"here") == "王小明"
    with pytest.raises(SealedValueError):
        keys.open(keys.seal("王小明", b"here"), b"there")


def test_the_version_before_is_not_given_what_it_cannot_read(db: Database) -> None:
    person = Person(id=new_id(NOW), name=CANARIES[0], user_handle=new_handle(), created_at=NOW)
    with db.write() as session:
        session.add(person)

    with pytest.raises(RuntimeError, match="restore a backup"):
        schema.downgrade(db, revision="0012")
    remove: Callable[[Session], None] = lambda session: session.delete(session.get_one(Person, person.id))  # noqa: E731  # one line
    db.run(remove)
    schema.downgrade(db, revision="0012")
    schema.upgrade(db)
