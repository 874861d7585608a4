"""Annual reports (企业信息公示暂行条例 art. 8): due from 1 January to 30 June for the year before; who filed, who did not."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.kernel.bulk import among, batches, table_of, update_rows
from hub.kernel.messages import Message
from hub.registry.models import AnnualReport, AnnualReportVersion, Enterprise
from hub.registry.reading.cells import CellForm
from hub.registry.reading.errors import RowRefusedError, StateUnknownError
from hub.registry.reading.kinds import FieldText, ReadingContext, RowKind, Texts, one_of, optional_day, uscc
from hub.registry.records import DepartmentRecord
from hub.registry.versioned import Changes, Row, Versioned

FIRST_YEAR = 2013  # the first that was reported; until then enterprises were inspected every year (年检)
_YEAR = re.compile(r"(\d{4})(?:\.0+|年|年度|年度报告)?\Z", re.ASCII)
_IS_FILED = {
    **dict.fromkeys(("已报", "已报送", "已年报", "已填报", "已公示", "已补报", "补报", "逾期补报"), True),
    **dict.fromkeys(("未报", "未报送", "未年报", "未填报", "未公示", "逾期未报", "未按期报送"), False),
}


class ReportYearError(RowRefusedError):
    reason = "REPORT_YEAR"
    zh = "年报年度应为2013年以来已结束的年份。"
    en = "The year of a report is one that is over, from 2013 on."


class ReportFiledError(RowRefusedError):
    reason = "REPORT_FILED"
    zh = "状态为未报，却填写了报送日期，请与来源部门核对。"
    en = "The report is said not to be filed, yet a day of filing is given; check with the department."


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualReportRecord(DepartmentRecord):
    """Whether the report of `year` is filed, and when. `told_on`: the day of the department's list, if it says one."""

    uscc: str
    year: int
    is_filed: bool
    filed_on: date | None = None
    told_on: date | None = None


# Lists of several days may arrive in any order; without a day on both sides there is nothing to compare, and a
# correction that a department sends without a day must not be lost.
def _is_older(record: AnnualReportRecord, stored: Row) -> bool:
    """A list of an earlier day; where a list says no day, the last word counts."""
    day, before = record.told_on, stored["told_on"]
    return day is not None and before is not None and day < before


def _check_report(texts: Texts, _rest: Texts, context: ReadingContext) -> AnnualReportRecord:
    is_filed = one_of(_IS_FILED, StateUnknownError)(texts["report_state"], "report_state", context)
    filed_on = optional_day(texts.get("filed_on", ""), "filed_on", context)
    # The row contradicts itself, and either half may be the wrong one: a person at the department knows, we do not.
    if filed_on is not None and not is_filed:
        raise ReportFiledError("filed_on", texts["filed_on"])
    return AnnualReportRecord(
        uscc=uscc(texts["uscc"], "uscc", context),
        year=_year(texts["report_year"], context),
        is_filed=is_filed,
        filed_on=filed_on,
        told_on=optional_day(texts.get("told_on", ""), "told_on", context),
    )


def _year(text: str, context: ReadingContext) -> int:
    """A year that is over: its report is due from January on. Raises: ReportYearError."""
    match = _YEAR.match(text)
    # A report of the current year cannot be due yet, so such a row is a slip in the column of years.
    if match is None or not FIRST_YEAR <= int(match[1]) < context.today.year:
        raise ReportYearError("report_year", text)
    return int(match[1])


def reports_of(session: Session, usccs: Iterable[str]) -> Iterator[tuple[str, list[list[Any]]]]:
    """Return, for each of these enterprises of which anything was told, year and whether it is filed, in order of years."""
    statement = select(AnnualReport.uscc, AnnualReport.year, AnnualReport.is_filed).order_by(
        AnnualReport.uscc, AnnualReport.year
    )
    for batch in batches(usccs):
        found: dict[str, list[list[Any]]] = {}
        for code, year, is_filed in session.execute(
            statement.where(among(session, AnnualReport.uscc, batch))
        ):
            found.setdefault(code, []).append([year, is_filed])
        yield from found.items()


def _keep(session: Session, changes: Changes) -> None:
    """Keep with each enterprise what its colour needs of its reports."""
    usccs = {row["uscc"] for row in changes.rows.values()}
    rows = [{"uscc": code, "reports": told} for code, told in reports_of(session, usccs)]
    update_rows(session, table_of(Enterprise), ("uscc",), rows)


ANNUAL_REPORTS = RowKind(
    name="annual-reports",
    record=AnnualReportRecord,
    fields=(
        FieldText("uscc", CellForm.NUMBER, 60),
        FieldText("report_year", CellForm.FOLDED, 20),
        FieldText("report_state", CellForm.FOLDED, 20),
        FieldText("filed_on", CellForm.DAY, 40),
        FieldText("told_on", CellForm.DAY, 40),
    ),
    check=_check_report,
    recoloured=True,
    stored=Versioned(
        act="annual-report",
        name=Message("年报情况", "Annual report"),
        table=table_of(AnnualReport),
        versions=table_of(AnnualReportVersion),
        key=("uscc", "year"),
        compared=("told_on",),
        is_older=_is_older,
        then=_keep,
    ),
    refusals=(ReportYearError, ReportFiledError),
)
