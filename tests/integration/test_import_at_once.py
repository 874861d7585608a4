"""Two writers of one enterprise's records at once: no place twice, no link missed, no count that stays wrong."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from hub.feeds.batches import Loading
from hub.feeds.chunks import Chunk, store
from hub.feeds.errors import AlreadyLoadingError
from hub.feeds.kinds import Origin
from hub.feeds.readers.rows import RawRow
from hub.feeds.service import LoadRequest, load_file
from hub.kernel.database import Database
from hub.kernel.ids import new_id
from hub.licenses import statuses as license_statuses
from hub.licenses.models import License, Summary
from hub.licenses.records import LicenseRecord
from hub.licenses.reported import LICENSES
from hub.licenses.rules import LicenseState
from hub.licenses.summaries import refresh, refresh_stale
from hub.registry import statuses as registry_statuses
from hub.registry.models import Premises
from hub.registry.reading.kinds import RowKind
from hub.registry.records import Provenance
from hub.registry.reported import ENTERPRISES, PREMISES
from hub.registry.rules import EntityState
from hub.registry.store import EnterpriseRecord, PremisesRecord
from hub.trust.statuses.models import StatusStanding
from signing.status import Status
from tests.support.feeds import Feeds
from tests.support.loading import BY, NOW, TODAY
from tests.support.records import CODE, permit, shop
from tests.support.reference import REFERENCE
from tests.support.statuses import meet
from tests.support.threads import at_once

BRANCH = PremisesRecord(uscc=CODE, name="二店", address="衢州市柯城区新路9号")


def told(
    kind: RowKind, *records: EnterpriseRecord | LicenseRecord | PremisesRecord
) -> Callable[[Session], object]:
    """A chunk of a department's file, as the import stores it."""
    chunk = Chunk(rows=len(records), good=[(RawRow(1, {}), record) for record in records])
    origin = Origin(
        provenance=Provenance(source="test", now=NOW, batch_id=new_id(NOW)),
        today=TODAY,
        replay=False,
        reference=REFERENCE,
    )
    return lambda session: store(session, chunk, kind, origin)


def test_a_license_stored_while_its_enterprise_is_counted_is_counted(any_db: Database) -> None:
    any_db.run(told(ENTERPRISES, shop()))

    meet(
        any_db,
        lambda session: refresh(session, [CODE], on=TODAY, reference=REFERENCE),
        told(LICENSES, permit()),
    )
    refresh_stale(any_db, on=TODAY, limit=10, reference=REFERENCE)

    with any_db.read() as session:
        assert session.get_one(Summary, CODE).blue == 1


def test_a_place_that_two_files_name_at_once_is_one_place(any_db: Database) -> None:
    any_db.run(told(ENTERPRISES, shop()))
    otherwise_written = replace(BRANCH, address="衢州市柯城区新路９号")

    meet(any_db, told(PREMISES, BRANCH), told(PREMISES, otherwise_written))

    with any_db.read() as session:
        assert len(session.scalars(select(Premises.id).where(Premises.name == "二店")).all()) == 1


def test_a_license_and_its_place_stored_at_once_are_linked(any_db: Database) -> None:
    any_db.run(told(ENTERPRISES, shop()))

    meet(any_db, told(LICENSES, permit(address=BRANCH.address)), told(PREMISES, BRANCH))

    with any_db.read() as session:
        branch = session.scalars(select(Premises.id).where(Premises.name == "二店")).one()
        assert session.scalars(select(License.premises_id)).one() == branch


def test_an_enterprise_that_moves_to_a_place_stored_at_once_has_one_place_there(any_db: Database) -> None:
    any_db.run(told(ENTERPRISES, shop()))

    meet(any_db, told(ENTERPRISES, shop(address=BRANCH.address)), told(PREMISES, BRANCH))

    with any_db.read() as session:
        there = session.scalars(select(Premises).where(Premises.address == BRANCH.address)).all()
        assert [place.is_main for place in there] == [True]


def test_a_state_that_ends_while_an_older_database_is_completed_is_not_told(any_db: Database) -> None:
    any_db.run(told(ENTERPRISES, shop(state=EntityState.UNCONFIRMED)))
    any_db.run(told(LICENSES, permit(state=LicenseState.SUSPENDED)))

    with after_a_look(any_db, told(ENTERPRISES, shop())):
        registry_statuses.complete(any_db, now=NOW)
    with after_a_look(any_db, told(LICENSES, permit())):
        license_statuses.complete(any_db, now=NOW)

    with any_db.read() as session:
        assert set(session.scalars(select(StatusStanding.value))) == {int(Status.VALID)}


def test_who_loads_a_file_that_is_being_loaded_is_told_so(any_db: Database, tmp_path: Path) -> None:
    market, food, *_ = Feeds(enterprises=40, seed=3).write(tmp_path)

    for path in (market, food):
        request = LoadRequest(path, None, BY, NOW, TODAY, reference=REFERENCE)
        results = at_once(4, lambda _, wanted=request: load_file(wanted, db=any_db))  # type: ignore[misc]  # bound at once
        loaded = [each for each in results if isinstance(each, Loading)]

        assert sum(each.accepted for each in loaded) == 40
        others = [each for each in results if not isinstance(each, Loading)]
        assert all(isinstance(each, AlreadyLoadingError) for each in others), others


@contextmanager
def after_a_look(db: Database, work: Callable[[Session], object]) -> Iterator[None]:
    """`work` is done once, as soon as somebody has looked at the database and let go of it."""
    waiting = [work]

    def looked(_connection: object) -> None:
        if waiting:
            db.run(waiting.pop())

    event.listen(db.engine, "rollback", looked)
    yield
    event.remove(db.engine, "rollback", looked)
    assert not waiting
