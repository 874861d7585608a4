"""Annual reports and yearly checks of licenses as departments deliver them: colours follow, wrong rows are exceptions."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hub import schema
from hub.access.matrix import MATRIX, Audience
from hub.codes.plates.service import issue_plate
from hub.config import Settings
from hub.feeds.batches import Loading
from hub.kernel.database import Database
from hub.licenses.colours.rules import Colour, ColourVerdict
from hub.licenses.models import License, Summary, YearlyCheck, YearlyCheckVersion
from hub.licenses.queries import space
from hub.licenses.summaries import refresh_stale
from hub.licenses.todos import TodoKind
from hub.registry.models import AnnualReport, AnnualReportVersion, Enterprise, Premises
from hub.trust.record.models import Event
from tests.support.feed_shapes import FOOD_HEADER, GOOD, HEAD, SHOP, credit_code, csv_bytes, food_number
from tests.support.loading import NOW, TODAY, refused, write
from tests.support.loading import load as load_path
from tests.support.plates import owner_of, press_of, verification_of
from tests.support.reference import REFERENCE
from tests.support.tampering import audited_wholly, behind_its_back, extend

REPORTS = ["统一社会信用代码", "年报年度", "报送状态", "报送日期", "数据日期"]
CHECKS = ["持证主体代码", "证照名称", "证照编号", "校验日期", "校验结论", "下次校验截止日期"]
NUMBER = food_number(1)
FOOD = [
    NUMBER,
    "食品经营许可证",
    "柯城试验商行",
    SHOP,
    "",
    "2024-01-01",
    "2030-01-01",
    "局",
    "有效",
    "1",
]


def load(db: Database, folder: Path, header: Sequence[str], *rows: Sequence[object]) -> Loading:
    return load_path(db, write(folder, f"{abs(hash(str(rows)))}.csv", csv_bytes(header, rows)))


@pytest.fixture
def shop(any_db: Database, tmp_path: Path) -> Database:
    """An enterprise with a food permit, both blue."""
    path = write(tmp_path, "market.csv", f"{HEAD}\n{GOOD.replace('食品销售。', '')}\n")
    load_path(any_db, path)
    load(any_db, tmp_path, FOOD_HEADER, FOOD)
    assert colours(any_db) == ("blue", "blue", "PM_OK")
    return any_db


def colours(db: Database) -> tuple[str, ...]:
    """Of the business license, and of the permit with its reason, as they are counted."""
    with db.read() as session:
        business = session.scalars(select(Summary.business_colour)).one()
        return business, *session.execute(select(License.colour, License.colour_reason)).one()


def on(db: Database, day: date) -> tuple[str, ...]:
    refresh_stale(db, on=day, reference=REFERENCE, limit=10)
    return colours(db)


def reasons(db: Database, loading: Loading) -> list[tuple[str, str, str]]:
    return [(one.column, one.value, one.reason) for one in refused(db, loading)]


def acts(db: Database, kind: str) -> list[tuple[str, object]]:
    with db.read() as session:
        rows = session.execute(select(Event.subject, Event.data).where(Event.kind == kind).order_by(Event.id))
        return [(subject, data["version"]) for subject, data in rows]


def test_a_missing_annual_report_turns_the_business_license_yellow_until_it_is_filed(
    shop: Database, tmp_path: Path
) -> None:
    assert load(shop, tmp_path, REPORTS, [SHOP, "2025", "未报", "", "2026-11-01"]).accepted == 1
    assert colours(shop)[0] == "yellow"

    assert load(shop, tmp_path, REPORTS, [SHOP, "2025", "补报", "2026-11-20", "2026-11-20"]).accepted == 1
    assert colours(shop)[0] == "blue"

    older = load(shop, tmp_path, REPORTS, [SHOP, "2025", "未报送", "", "2026-10-01"])
    assert older.superseded == 1
    assert colours(shop)[0] == "blue"
    assert acts(shop, "annual-report.recorded") == [("2025", 1)]
    assert acts(shop, "annual-report.changed") == [("2025", 2)]
    with shop.read() as session:
        assert session.scalar(select(func.count()).select_from(AnnualReportVersion)) == 2
        assert session.scalars(select(AnnualReport.is_filed)).one() is True
        assert session.scalars(select(Enterprise.reports)).one() == [[2025, True]]


def test_a_report_is_asked_for_in_june_when_earlier_ones_are_known_and_this_one_is_not(
    shop: Database, tmp_path: Path
) -> None:
    load(
        shop, tmp_path, REPORTS, [SHOP, "2024年度", "已公示", "2025-03-01", ""], [SHOP, 2025, "已报", "", ""]
    )

    seen = {day: on(shop, day)[0] for day in (date(2027, 5, 31), date(2027, 6, 1), date(2027, 7, 1))}

    assert seen == {date(2027, 5, 31): "blue", date(2027, 6, 1): "yellow", date(2027, 7, 1): "blue"}


def test_a_check_that_is_overdue_turns_the_permit_yellow_and_the_next_one_blue(
    shop: Database, tmp_path: Path
) -> None:
    load(shop, tmp_path, CHECKS, [SHOP, "食品经营许可证", NUMBER, "2025-11-21", "合格", "2026-11-20"])
    assert colours(shop) == ("blue", "yellow", "PM_INSPECTION")

    load(shop, tmp_path, CHECKS, [SHOP, "食品经营许可证", NUMBER, "2026-11-21", "合格", "2027-11-21"])
    assert colours(shop) == ("blue", "blue", "PM_OK")
    assert on(shop, date(2027, 11, 21))[1:] == ("blue", "PM_OK")
    assert on(shop, date(2027, 11, 22))[1:] == ("yellow", "PM_INSPECTION")

    older = load(shop, tmp_path, CHECKS, [SHOP, "食品经营许可证", NUMBER, "2024-11-21", "合格", "2025-11-21"])
    assert older.superseded == 1
    with shop.read() as session:
        assert session.scalar(select(func.count()).select_from(YearlyCheckVersion)) == 2
        assert session.scalars(select(YearlyCheck.next_due)).one() == date(2027, 11, 21)
        license_id = session.scalars(select(License.id)).one()
    assert acts(shop, "yearly-check.recorded") == [(str(license_id), 1)]
    assert acts(shop, "yearly-check.changed") == [(str(license_id), 2)]


def test_a_newer_version_of_the_license_keeps_its_check(shop: Database, tmp_path: Path) -> None:
    load(shop, tmp_path, CHECKS, [SHOP, "食品经营许可证", NUMBER, "", "", "2026-11-20"])

    load(shop, tmp_path, FOOD_HEADER, [*FOOD[:6], "2031-01-01", "局", "有效", "2"])

    assert colours(shop) == ("blue", "yellow", "PM_INSPECTION")


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (REPORTS, [SHOP, "2026", "未报", "", ""], ("年报年度", "2026", "REPORT_YEAR")),
        (REPORTS, [SHOP, "2012", "已报", "", ""], ("年报年度", "2012", "REPORT_YEAR")),
        (REPORTS, [SHOP, "去年", "已报", "", ""], ("年报年度", "去年", "REPORT_YEAR")),
        (REPORTS, [SHOP, "2025", "不清楚", "", ""], ("报送状态", "不清楚", "STATUS")),
        (REPORTS, [SHOP, "2025", "未报", "2026-03-01", ""], ("报送日期", "2026-03-01", "REPORT_FILED")),
        (REPORTS, [SHOP, "2025", "已报", "三月", ""], ("报送日期", "三月", "DATE")),
        (REPORTS, [credit_code(9), "2025", "已报", "", ""], (REPORTS[0], credit_code(9), "UNKNOWN_HOLDER")),
        (CHECKS, [SHOP, "食品经营许可证", food_number(2), "", "", "2027-01-01"], (CHECKS[2], food_number(2), "UNKNOWN_LICENSE")),
        (CHECKS, [SHOP, "烟草专卖零售许可证", NUMBER, "", "", "2027-01-01"], (CHECKS[2], NUMBER, "UNKNOWN_LICENSE")),
        (CHECKS, [SHOP, "飞行许可证", NUMBER, "", "", "2027-01-01"], (CHECKS[1], "飞行许可证", "LICENSE_TYPE")),
        (CHECKS, [SHOP, "食品经营许可证", NUMBER, "2026-02-01", "", "2026-01-01"], (CHECKS[5], "2026-01-01", "PERIOD_REVERSED")),
        (CHECKS, [SHOP, "食品经营许可证", NUMBER, "", "", "长期"], (CHECKS[5], "长期", "DATE")),
        (CHECKS, [SHOP, "食品经营许可证", NUMBER, "", "", ""], (CHECKS[5], "", "MISSING")),
    ],
)  # fmt: skip
def test_a_wrong_row_is_an_exception_with_its_reason_and_the_others_are_stored(
    shop: Database, tmp_path: Path, header: list[str], row: list[str], expected: tuple[str, str, str]
) -> None:
    good = (
        [SHOP, "2024", "已报", "", ""]
        if header is REPORTS
        else [SHOP, "食品经营许可证", NUMBER, "", "", "2027-05-05"]
    )

    loading = load(shop, tmp_path, header, row, good)

    assert (loading.accepted, sum(loading.refused.values())) == (1, 1)
    assert reasons(shop, loading) == [expected]


def test_a_file_loaded_twice_changes_nothing(shop: Database, tmp_path: Path) -> None:
    row = [SHOP, "2025", "未报", "", ""]

    first = load(shop, tmp_path, REPORTS, row)
    again = load(shop, tmp_path, REPORTS, row, row)

    assert (first.accepted, again.accepted, again.duplicate) == (1, 0, 2)


def test_every_door_says_the_colour_that_the_rows_make(
    shop: Database, settings: Settings, tmp_path: Path
) -> None:
    load(shop, tmp_path, REPORTS, [SHOP, "2025", "未报", "", ""])
    load(shop, tmp_path, CHECKS, [SHOP, "食品经营许可证", NUMBER, "", "", "2026-11-20"])
    with shop.read() as session:
        place = session.scalars(select(Premises.id)).one()
        found = space(
            session, SHOP, on=TODAY, reference=REFERENCE, clearance=MATRIX.clearance(Audience.ENTERPRISE)
        )
    plate = issue_plate(place, press=press_of(settings), by=owner_of(SHOP), now=NOW, db=shop)

    verdict = verification_of(shop, settings).verify(plate.text, now=NOW)

    assert found.verdict is not None
    assert (found.verdict.reason, found.licenses[0].verdict) == (
        "BL_REPORT_DUE",
        ColourVerdict(Colour.YELLOW, "PM_INSPECTION"),
    )
    due = {one.kind: one.due_on for one in found.todos}
    assert due[TodoKind.INSPECTION] == date(2026, 11, 20)
    assert TodoKind.FILE_REPORT in due
    assert verdict.enterprise is not None
    assert verdict.enterprise.reason == "BL_REPORT_DUE"
    assert [one.reason for one in verdict.licenses] == ["PM_INSPECTION"]


def test_the_audit_believes_what_the_rows_made_and_nothing_else(
    shop: Database, settings: Settings, tmp_path: Path
) -> None:
    load(shop, tmp_path, REPORTS, [SHOP, "2025", "未报", "", ""])
    load(shop, tmp_path, CHECKS, [SHOP, "食品经营许可证", NUMBER, "", "", "2026-11-20"])
    extend(shop, settings, now=NOW)
    assert audited_wholly(shop, settings, now=NOW).findings == ()

    behind_its_back(
        shop,
        "UPDATE registry_enterprise SET reports = NULL",
        "UPDATE licenses_license SET inspection_due = NULL",
        "UPDATE licenses_yearly_check SET next_due = '2030-01-01'",
    )

    found = {(one.table, one.detail) for one in audited_wholly(shop, settings, now=NOW).findings}
    assert ("registry_enterprise", "reports") in found
    assert ("licenses_license", "inspection_due") in found
    assert any(table == "licenses_yearly_check" for table, _ in found)


def test_the_tables_go_and_come_again(any_db: Database, tmp_path: Path) -> None:
    path = write(tmp_path, "market.csv", f"{HEAD}\n{GOOD}\n")
    load_path(any_db, path)
    load(any_db, tmp_path, REPORTS, [SHOP, "2025", "未报", "", ""])

    schema.downgrade(any_db, revision="0020")
    schema.upgrade(any_db)

    with any_db.read() as session:
        assert session.scalars(select(Enterprise.name)).one() == "柯城试验商行"
        assert session.scalars(select(Enterprise.reports)).one() is None
        assert session.scalar(select(func.count()).select_from(AnnualReport)) == 0
