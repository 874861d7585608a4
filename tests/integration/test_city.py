"""Counts of the city, lists with cursors, areas, reports and events, on both databases."""

from datetime import timedelta
from uuid import UUID

import pytest

from hub.access.looks import LOOK_LIFE, LookNeededError, record_look, require_look, standing_look
from hub.access.queries import names_of
from hub.feeds.queries import refused_count
from hub.kernel.database import Database
from hub.kernel.errors import NotAllowedError, NotFoundError
from hub.licenses.colours.rules import Colour
from hub.licenses.overview import EnterpriseFilter, city_counts, counts_by_type, enterprises_page
from hub.registry.rules import EntityState
from hub.registry.scope.review import commonest_unmatched, unmatched_count, unmatched_page
from hub.supervision.queries import report_of, reports_about, reports_page, state_counts
from hub.supervision.rules import ReportAction, ReportState, ReportStepError
from hub.supervision.service import handle_report
from hub.trust.record.queries import EventFilter, events_page
from tests.support.beside import counted_once
from tests.support.city import CODES, add_batch, add_report, add_summarised, summarise
from tests.support.plates import NOW, OFFICER, OFFICIAL, OTHER_USCC, OWNER, USCC, add_enterprise, add_license
from tests.support.reference import REFERENCE
from tests.support.remits import serve
from tests.support.spaces import add_scope, add_space, counted_statements


@pytest.fixture
def city(any_db: Database) -> Database:
    with counted_once(any_db):
        add_space(any_db)
        summarise(any_db, USCC, "衢州示例餐饮有限公司")
        add_summarised(any_db, OTHER_USCC, "江山月明商行", region="330881", state="吊销未注销")
        add_summarised(any_db, CODES[2], "开化芹阳茶叶店", region="330824", state="注销")
    return any_db


def test_the_city_is_counted_by_state_colour_and_region_in_one_statement(city: Database) -> None:
    with counted_statements(city) as seen, city.read() as session:
        counts = city_counts(session)

    assert len(seen) == 1
    assert counts.whole.enterprises == 3
    assert counts.whole.alive == 2  # a revoked license is not the end of the enterprise
    assert counts.whole.states[EntityState.DEREGISTERED] == 1
    assert counts.whole.business == {
        Colour.BLUE: 1,
        Colour.YELLOW: 0,
        Colour.RED: 1,
        Colour.GREY: 1,
    }
    assert counts.whole.licenses == 5
    assert counts.whole.permits[Colour.GREY] == 1
    assert list(counts.regions) == ["330802", "330824", "330881"]
    assert counts.regions["330881"].states[EntityState.REVOKED] == 1
    assert counts.whole.required == counts.whole.held + counts.whole.missing > 0


def test_an_empty_city_has_counts_of_nothing(any_db: Database) -> None:
    with any_db.read() as session:
        counts = city_counts(session)

    assert (counts.whole.enterprises, counts.whole.alive, counts.whole.licenses) == (0, 0, 0)
    assert counts.regions == {}


def test_licenses_are_counted_by_kind_and_colour_the_commonest_first(city: Database) -> None:
    with counted_statements(city) as seen, city.read() as session:
        kinds = counts_by_type(session, reference=REFERENCE)

    assert len(seen) == 1
    assert (kinds[0].type_code, kinds[0].total) == ("food-operation", 2)
    assert sum(kind.total for kind in kinds) == 5


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (EnterpriseFilter(), {USCC, OTHER_USCC, CODES[2]}),
        (EnterpriseFilter(words="餐饮"), {USCC}),
        (EnterpriseFilter(words="yueming"), {OTHER_USCC}),
        (EnterpriseFilter(words="khqy"), {CODES[2]}),
        (EnterpriseFilter(words="T162"), {USCC}),
        (EnterpriseFilter(words="没有这一家"), set()),
        (EnterpriseFilter(region="330881"), {OTHER_USCC}),
        (EnterpriseFilter(state=EntityState.ACTIVE), {USCC}),
        (EnterpriseFilter(colour=Colour.GREY), {CODES[2]}),
        (EnterpriseFilter(words="餐饮", colour=Colour.RED), set()),
    ],
)
def test_enterprises_are_found_by_words_region_state_and_colour(
    city: Database, wanted: EnterpriseFilter, found: set[str]
) -> None:
    with city.read() as session:
        page = enterprises_page(session, wanted)

    assert {row.uscc for row in page.rows} == found
    assert page.next_cursor is None
    assert not page.too_many


def test_pages_of_enterprises_leave_none_out_and_repeat_none(city: Database) -> None:
    seen: list[str] = []
    cursor: str | None = None
    with city.read() as session:
        for _ in range(3):
            page = enterprises_page(session, EnterpriseFilter(), cursor=cursor, limit=1)
            seen += [row.uscc for row in page.rows]
            cursor = page.next_cursor

    assert seen == sorted([USCC, OTHER_USCC, CODES[2]])
    assert cursor is None


def test_unmatched_items_stand_in_their_place_in_the_text(any_db: Database) -> None:
    text = "餐饮服务;蘑菇风味研究;剧本娱乐幻想"
    add_enterprise(any_db, scope_text=text)
    add_scope(any_db, text)

    with any_db.read() as session:
        total = unmatched_count(session)
        page = unmatched_page(session, limit=1, items=REFERENCE.items)
        rest = unmatched_page(session, cursor=page.next_cursor, items=REFERENCE.items)
        commonest = commonest_unmatched(session)
        chosen = unmatched_page(session, words="蘑菇", items=REFERENCE.items)

    assert total == len(page.rows) + len(rest.rows) == len(commonest) == 2
    for row in (*page.rows, *rest.rows):
        assert row.before + row.text + row.after in text
    assert [row.text for row in chosen.rows] == ["蘑菇风味研究"]


@pytest.mark.parametrize("cursor", ["", "x", "91330802MA2TEXT162.abc", ".", "9" * 99])
def test_a_cursor_that_is_not_ours_only_selects(city: Database, cursor: str) -> None:
    with city.read() as session:
        unmatched_page(session, cursor=cursor, items=REFERENCE.items)
        events_page(session, EventFilter(), cursor=cursor)
        enterprises_page(session, EnterpriseFilter(), cursor=cursor)


def test_a_report_goes_from_received_to_answered_with_both_steps_on_record(any_db: Database) -> None:
    add_enterprise(any_db)
    report = add_report(any_db)
    act = {"actor": OFFICIAL, "db": any_db}
    later = NOW + timedelta(hours=1)

    handle_report(USCC, report, action=ReportAction.TAKE, answer="", now=NOW, **act)
    handle_report(USCC, report, action=ReportAction.ANSWER, answer="已到现场,门牌已更换。", now=later, **act)

    with any_db.read() as session:
        found = report_of(session, USCC, report)
        events = events_page(session, EventFilter(subject=str(report)))
        counts = state_counts(session)
    assert (found.state, found.answer) == (ReportState.ANSWERED, "已到现场,门牌已更换。")
    assert found.handled_by == "政务办 政务员"
    assert [row.kind for row in events.rows] == ["report.answer", "report.take"]
    assert "已到现场" not in str(events.rows)  # words may name people; the record is kept for ever
    assert counts[ReportState.ANSWERED] == 1


def test_two_officials_cannot_both_close_a_report(any_db: Database) -> None:
    report = add_report(any_db)
    act = {"actor": OFFICIAL, "now": NOW, "db": any_db, "answer": "现场与登记一致。"}
    handle_report(USCC, report, action=ReportAction.UNFOUNDED, **act)

    with pytest.raises(ReportStepError):
        handle_report(USCC, report, action=ReportAction.ANSWER, **act)


@pytest.mark.parametrize(("actor", "error"), [(OFFICER, NotAllowedError), (OWNER, NotAllowedError)])
def test_only_officials_handle_reports(any_db: Database, actor: object, error: type[Exception]) -> None:
    report = add_report(any_db)

    with pytest.raises(error):
        handle_report(USCC, report, action=ReportAction.TAKE, answer="", actor=actor, now=NOW, db=any_db)


def test_a_report_that_is_not_there_is_not_found(any_db: Database) -> None:
    with pytest.raises(NotFoundError):
        handle_report(
            USCC, UUID(int=5), action=ReportAction.TAKE, answer="", actor=OFFICIAL, now=NOW, db=any_db
        )


def test_reports_are_listed_newest_first_page_by_page(any_db: Database) -> None:
    ids = [add_report(any_db, at=NOW + timedelta(minutes=number)) for number in range(3)]
    add_report(any_db, uscc=OTHER_USCC, state="answered")

    with any_db.read() as session:
        first = reports_page(session, state=ReportState.RECEIVED, limit=2)
        rest = reports_page(session, state=ReportState.RECEIVED, before=first.older)
        about = reports_about(session, USCC)

    assert [row.id for row in (*first.rows, *rest.rows)] == ids[::-1]
    assert rest.older is None
    assert [row.id for row in about] == ids[::-1]


def test_events_are_filtered_and_paged_although_many_share_one_moment(any_db: Database) -> None:
    serve(OFFICER, db=any_db)
    add_enterprise(any_db)
    add_enterprise(any_db, uscc=OTHER_USCC)
    for number in range(5):
        record_look(
            actor=OFFICER,
            uscc=USCC if number % 2 else OTHER_USCC,
            purpose="routine",
            reason="",
            seen="test",
            now=NOW,
            db=any_db,
        )
    seen: list[UUID] = []
    cursor: str | None = None
    with any_db.read() as session:
        for _ in range(5):
            page = events_page(session, EventFilter(), cursor=cursor, limit=1)
            seen += [row.id for row in page.rows]
            cursor = page.next_cursor
        own = events_page(session, EventFilter(uscc=USCC, kind="enterprise.looked"))
        later = events_page(session, EventFilter(since=NOW + timedelta(seconds=1)))
        before = events_page(session, EventFilter(until=NOW))

    assert len(set(seen)) == len(seen) == 5
    assert cursor is None
    assert len(own.rows) == 2
    assert later.rows == before.rows == ()


def test_a_look_opens_one_enterprise_for_one_person_and_runs_out(any_db: Database) -> None:
    serve(OFFICER, db=any_db)
    add_enterprise(any_db)
    record_look(actor=OFFICER, uscc=USCC, purpose="routine", reason="", seen="test", now=NOW, db=any_db)
    last = NOW + LOOK_LIFE - timedelta(seconds=1)

    assert require_look(actor=OFFICER, uscc=USCC, now=last, db=any_db).until == NOW + LOOK_LIFE
    assert standing_look(actor=OFFICER, uscc=USCC, now=NOW + LOOK_LIFE, db=any_db) is None
    assert standing_look(actor=OFFICER, uscc=OTHER_USCC, now=NOW, db=any_db) is None
    assert standing_look(actor=OFFICIAL, uscc=USCC, now=NOW, db=any_db) is None
    with pytest.raises(LookNeededError):
        require_look(actor=OFFICIAL, uscc=USCC, now=NOW, db=any_db)
    with pytest.raises(NotAllowedError):
        require_look(actor=OWNER, uscc=USCC, now=NOW, db=any_db)


def test_refused_rows_are_counted_and_unknown_persons_have_no_name(any_db: Database) -> None:
    add_batch(any_db, [(2, "统一社会信用代码", "x", "USCC_LENGTH"), (7, "场所名称", "", "MISSING")])

    with any_db.read() as session:
        assert refused_count(session) == 2
    assert names_of({UUID(int=77)}, db=any_db) == {}


def test_a_kind_that_no_catalogue_knows_is_counted_under_its_code(any_db: Database) -> None:
    add_enterprise(any_db)
    add_license(any_db, type_code="unheard-of")

    with any_db.read() as session:
        assert [kind.title.zh for kind in counts_by_type(session, reference=REFERENCE)] == ["unheard-of"]
