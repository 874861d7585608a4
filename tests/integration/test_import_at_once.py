"""Two writers of one enterprise's records at once: no place twice, no link missed, no count that stays wrong."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.feeds.chunks import Chunk, Origin, store
from hub.feeds.readers.rows import RawRow
from hub.feeds.sources import Kind
from hub.kernel.database import Database
from hub.kernel.ids import new_id
from hub.licenses.models import License, Summary
from hub.licenses.records import LicenseRecord
from hub.licenses.summaries import refresh, refresh_stale
from hub.registry.models import Premises
from hub.registry.storing import EnterpriseRecord, PremisesRecord
from tests.support.loading import NOW, TODAY
from tests.support.records import CODE, permit, shop
from tests.support.statuses import meet

BRANCH = PremisesRecord(uscc=CODE, name="二店", address="衢州市柯城区新路9号")


def told(
    kind: Kind, *records: EnterpriseRecord | LicenseRecord | PremisesRecord
) -> Callable[[Session], object]:
    """A chunk of a department's file, as the import stores it."""
    chunk = Chunk(rows=len(records), good=[(RawRow(1, {}), record) for record in records])
    origin = Origin(source="test", batch_id=new_id(NOW), now=NOW, today=TODAY, replay=False)
    return lambda session: store(session, chunk, kind, origin)


def test_a_license_stored_while_its_enterprise_is_counted_is_counted(any_db: Database) -> None:
    any_db.run(told(Kind.ENTERPRISES, shop()))

    meet(
        any_db,
        lambda session: refresh(session, [CODE], on=TODAY),
        told(Kind.LICENSES, permit()),
    )
    refresh_stale(any_db, on=TODAY, limit=10)

    with any_db.read() as session:
        assert session.get_one(Summary, CODE).blue == 1


def test_a_place_that_two_files_name_at_once_is_one_place(any_db: Database) -> None:
    any_db.run(told(Kind.ENTERPRISES, shop()))
    otherwise_written = replace(BRANCH, address="衢州市柯城区新路９号")

    meet(any_db, told(Kind.PREMISES, BRANCH), told(Kind.PREMISES, otherwise_written))

    with any_db.read() as session:
        assert len(session.scalars(select(Premises.id).where(Premises.name == "二店")).all()) == 1


def test_a_license_and_its_place_stored_at_once_are_linked(any_db: Database) -> None:
    any_db.run(told(Kind.ENTERPRISES, shop()))

    meet(any_db, told(Kind.LICENSES, permit(address=BRANCH.address)), told(Kind.PREMISES, BRANCH))

    with any_db.read() as session:
        branch = session.scalars(select(Premises.id).where(Premises.name == "二店")).one()
        assert session.scalars(select(License.premises_id)).one() == branch


def test_an_enterprise_that_moves_to_a_place_stored_at_once_has_one_place_there(any_db: Database) -> None:
    any_db.run(told(Kind.ENTERPRISES, shop()))

    meet(any_db, told(Kind.ENTERPRISES, shop(address=BRANCH.address)), told(Kind.PREMISES, BRANCH))

    with any_db.read() as session:
        there = session.scalars(select(Premises).where(Premises.address == BRANCH.address)).all()
        assert [place.is_main for place in there] == [True]
