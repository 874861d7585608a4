"""The demonstration city in a real database, loaded through the storing functions."""

import json
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from hub.cli.context import HubContext
from hub.cli.demo import demo
from hub.codes.models import Plate, PlateIndex, Scan, ScanDay
from hub.codes.plates.service import PlateOffice
from hub.codes.rules import PlateState
from hub.config import Settings
from hub.credit.models import Penalty
from hub.demo.errors import DemoSizeError, OtherDemoError, RealDataError
from hub.demo.load import CHUNK, DemoMark, find_mark, load, showcase
from hub.demo.summary import summarise
from hub.kernel.actor import Operator
from hub.kernel.database import Database
from hub.licenses.colours.rules import Colour
from hub.licenses.models import License, Summary, YearlyCheck
from hub.registry.models import AnnualReport, Enterprise, Premises, ScopeLine
from hub.registry.records import EnterpriseRecord, Provenance
from hub.registry.rules import EntityState, EntityType
from hub.registry.store import store_enterprises
from hub.supervision.models import PublicReport
from hub.trust.keys.issuer import Issuer, open_ring
from hub.trust.record.models import Event
from signing import CodeKind, Verifier
from tests.support.demonstrations import as_demonstration
from tests.support.reference import REFERENCE

BY = Operator("tester")
SIZE = 90


@pytest.fixture
def press(settings: Settings) -> PlateOffice:
    return PlateOffice(issuer=Issuer(open_ring(settings)), origin=settings.base_url)


def filled(
    db: Database,
    press: PlateOffice,
    now: datetime,
    today: date,
    *,
    size: int | None = SIZE,
    seed: int | None = None,
    steps: list[int] | None = None,
    at_once: int = CHUNK,
) -> DemoMark:
    told: list[int] = [] if steps is None else steps
    return load(
        db,
        press=press,
        size=size,
        seed=seed,
        today=today,
        now=now,
        by=BY,
        progress=told.append,
        at_once=at_once,
    )


def content(db: Database) -> dict[str, int]:
    with db.read() as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in (
                Enterprise,
                Premises,
                ScopeLine,
                License,
                Penalty,
                Plate,
                PlateIndex,
                Scan,
                ScanDay,
                PublicReport,
                Event,
            )
        }


def test_the_city_is_stored_whole_and_marked_as_demonstration(
    any_db: Database, press: PlateOffice, now: datetime, today: date
) -> None:
    mark = filled(any_db, press, now, today)

    with any_db.read() as session:
        sources = set(session.scalars(select(Enterprise.source))) | set(
            session.scalars(select(License.source))
        )
        unmatched = session.scalar(select(func.count()).where(ScopeLine.item_code.is_(None)))
        doubts = [each for each in session.scalars(select(Enterprise.quality)) if each]
        odd = [each for each in session.scalars(select(License.quality)) if each]
        colours = set(session.scalars(select(License.colour)))
        summaries = session.scalar(select(func.count()).select_from(Summary))
        yearly = (
            set(session.scalars(select(AnnualReport.source))),
            set(session.scalars(select(YearlyCheck.source))),
        )
        told = session.scalar(select(func.count()).where(Enterprise.reports.is_not(None)))
        unlinked = session.scalar(
            select(func.count()).where(License.type_code == "food-operation", License.premises_id.is_(None))
        )
    assert mark.is_finished
    assert mark.size == content(any_db)["registry_enterprise"] == summaries == SIZE
    assert sources == {"demo"}
    assert yearly == ({"demo"}, {"demo"})
    assert told
    assert (unmatched, doubts, odd, unlinked) == (0, [], [], 0)
    assert colours == set(Colour)


def test_every_plate_verifies_and_the_showcase_has_one_in_place(
    db: Database, press: PlateOffice, now: datetime, today: date, settings: Settings
) -> None:
    mark = filled(db, press, now, today)
    verifier = Verifier(press.issuer.key_set, origins=[settings.base_url])

    with db.read() as session:
        plates = session.execute(select(Plate.uscc, Plate.state, Plate.text)).all()
    codes = [verifier.verify_code(plate.text, now=now + timedelta(seconds=1)) for plate in plates]
    shown = summarise(db, mark).showcase

    assert {code.kind for code in codes} == {CodeKind.PLATE}
    assert [code.uscc for code in codes] == [plate.uscc for plate in plates]
    assert {plate.state for plate in plates} >= {PlateState.PLACED, PlateState.MADE}
    assert verifier.verify_code(shown.text, now=now).uscc == shown.uscc == mark.showcase == showcase(db)


def test_a_second_load_changes_nothing_even_on_another_day(
    db: Database, press: PlateOffice, now: datetime, today: date
) -> None:
    first = filled(db, press, now, today)
    before = content(db)
    steps: list[int] = []

    again = filled(db, press, now + timedelta(days=9), today + timedelta(days=9), size=None, steps=steps)

    assert again == first
    assert content(db) == before
    assert steps == []


def test_a_killed_load_goes_on_where_it_stopped_and_ends_the_same(
    db: Database,
    postgres_db: Database,
    press: PlateOffice,
    now: datetime,
    today: date,
) -> None:
    filled(postgres_db, press, now, today, at_once=30)  # a small city in more than one chunk

    def killed(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(db, press=press, size=SIZE, seed=None, today=today, now=now, by=BY, progress=killed, at_once=30)
    assert showcase(db) is None
    steps: list[int] = []
    filled(db, press, now + timedelta(days=1), today + timedelta(days=1), steps=steps, at_once=30)

    assert steps == [30, 30]
    assert content(db) == content(postgres_db)


@pytest.mark.parametrize("change", [{"size": 91}, {"seed": 5}])
def test_another_demonstration_is_not_poured_over_the_first(
    db: Database, press: PlateOffice, now: datetime, today: date, change: dict[str, int]
) -> None:
    filled(db, press, now, today)
    before = content(db)

    with pytest.raises(OtherDemoError):
        filled(db, press, now, today, **change)  # type: ignore[arg-type]  # one keyword of either kind
    assert content(db) == before


def test_invented_enterprises_are_not_mixed_among_real_ones(
    db: Database, press: PlateOffice, now: datetime, today: date
) -> None:
    record = EnterpriseRecord(
        uscc="91330802MA2TEXT162", name="衢州市某某有限公司", entity_type=EntityType.COMPANY, type_text="有限责任公司",
        person="某某", capital=None, established_on=today, term_to=None, authority="", approved_on=None,
        state=EntityState.ACTIVE, state_text="存续", address="", region="330802", industry="", scope_text="",
    )  # fmt: skip
    with db.write() as session:
        store_enterprises(
            session, [record], provenance=Provenance(source="registry", now=now), items=REFERENCE.items
        )

    with pytest.raises(RealDataError):
        filled(db, press, now, today)
    assert find_mark(db) is None


@pytest.mark.parametrize("size", [0, 275_001])
def test_a_city_beyond_its_words_is_refused(
    db: Database, press: PlateOffice, now: datetime, today: date, size: int
) -> None:
    with pytest.raises(DemoSizeError):
        filled(db, press, now, today, size=size)
    assert find_mark(db) is None


def test_a_month_of_use_is_left_behind(db: Database, press: PlateOffice, now: datetime, today: date) -> None:
    filled(db, press, now, today)

    with db.read() as session:
        days = set(session.scalars(select(ScanDay.day)))
        reports = Counter(session.scalars(select(PublicReport.state)))
        latest = session.scalar(select(func.max(Scan.at)))
    assert days == {today - timedelta(days=back) for back in range(1, 31)}
    assert len(reports) >= 3
    assert latest is not None
    assert latest < now


def run(settings: Settings, db: Database, now: datetime, *options: str) -> Result:
    """The command of a demonstration."""
    if not settings.demo:
        settings = as_demonstration(settings)
    context = HubContext(clock=lambda: now)
    context.__dict__.update(settings=settings, db=db)
    return CliRunner().invoke(demo, list(options), obj=context, catch_exceptions=False)


def test_the_command_tells_in_both_languages_what_is_there(
    settings: Settings, db: Database, now: datetime
) -> None:
    first = run(settings, db, now, "--enterprises", "60")
    again = run(settings, db, now)

    assert first.exit_code == again.exit_code == 0
    assert "全部数据均为虚构" in first.output
    assert "everything in it is invented" in first.output
    assert "nothing was changed" in again.output
    assert "衢州禾悦餐饮管理有限公司" in again.output
    assert settings.base_url + "/c/P1." in again.output


def test_the_command_counts_as_one_json_document(settings: Settings, db: Database, now: datetime) -> None:
    told = json.loads(run(settings, db, now, "--enterprises", "60", "--json").stdout)

    assert told["enterprises"] == sum(told["states"].values()) == 60
    assert set(told["permit_colours"]) == set(Colour)


def test_the_number_of_enterprises_has_a_limit_on_the_command_line(
    settings: Settings, db: Database, now: datetime
) -> None:
    result = run(settings, db, now, "--enterprises", "275001")

    assert result.exit_code == 2
    assert "275000" in result.output
