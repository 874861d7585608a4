"""Yearly checks of licenses (年检, 校验): until when the next one is due, by license."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.kernel.bulk import among, batches, table_of, update_rows
from hub.kernel.messages import Message
from hub.licenses.catalogue.rules import LicenseCatalogue, UnknownLicenseTypeError, normalise_number
from hub.licenses.models import License, YearlyCheck, YearlyCheckVersion
from hub.registry.reading.cells import CellForm
from hub.registry.reading.days import check_period
from hub.registry.reading.errors import FaultyValueError, RowRefusedError
from hub.registry.reading.holders import registered
from hub.registry.reading.kinds import (
    FieldText,
    ReadingContext,
    RowKind,
    Texts,
    day,
    optional_day,
    uscc,
)
from hub.registry.reading.values import read_text
from hub.registry.records import OURS, DepartmentRecord
from hub.registry.versioned import Changes, Row, Versioned

LicenseKey = tuple[str, str, str]
"""Credit code, kind, number."""


class UnknownLicenseError(RowRefusedError):
    reason = "UNKNOWN_LICENSE"
    zh = "登记库中没有该主体的这张证照(类型和编号)，请先导入证照。"
    en = "This enterprise has no license of this kind and number; load the licenses first."


class YearlyCheckContext(ReadingContext, Protocol):
    """What a check of these rows knows besides: the kinds of license."""

    @property
    def catalogue(self) -> LicenseCatalogue: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyCheckRecord(DepartmentRecord):
    """What a department says of one license's yearly check; `license_id` is found out when it is stored."""

    uscc: str
    type_code: str
    number: str
    next_due: date
    inspected_on: date | None = None
    result: str = ""
    license_id: UUID | None = field(default=None, metadata=OURS)

    @property
    def license_key(self) -> LicenseKey:
        return self.uscc, self.type_code, self.number


def _is_older(record: YearlyCheckRecord, stored: Row) -> bool:
    """A check of an earlier day; where a row says no day, the last word counts."""
    day, before = record.inspected_on, stored["inspected_on"]
    return day is not None and before is not None and day < before


def _check_yearly_check(texts: Texts, _rest: Texts, context: YearlyCheckContext) -> YearlyCheckRecord:
    code = uscc(texts["uscc"], "uscc", context)
    kind = context.catalogue.by_name(texts["type"])
    if kind is None:
        unknown = UnknownLicenseTypeError()
        raise FaultyValueError(unknown.reason, unknown.message, field="type", value=texts["type"])
    next_due = day(texts["next_due"], "next_due", context)
    inspected_on = optional_day(texts.get("inspected_on", ""), "inspected_on", context)
    if inspected_on is not None:
        check_period(inspected_on, next_due, field="next_due", value=texts["next_due"])
    return YearlyCheckRecord(
        uscc=code,
        type_code=kind.code,
        number=normalise_number(read_text(texts["number"], "number")),
        next_due=next_due,
        inspected_on=inspected_on,
        result=read_text(texts.get("result", ""), "result"),
    )


def with_licenses(session: Session, records: Iterable[YearlyCheckRecord]) -> list[YearlyCheckRecord]:
    """Return the records whose license is stored, with its id."""
    found = _completed(session, list(records))
    return [record for record in found if isinstance(record, YearlyCheckRecord)]


def _completed(
    session: Session, records: Sequence[YearlyCheckRecord]
) -> list[YearlyCheckRecord | UnknownLicenseError]:
    """Return the records with the ids of their licenses, a refusal in place of those whose license is not stored."""
    columns = (License.uscc, License.type_code, License.number, License.id)
    found: dict[LicenseKey, UUID] = {}
    for batch in batches(records):
        statement = select(*columns).where(
            among(session, License.uscc, {each.uscc for each in batch}),
            among(session, License.number, {each.number for each in batch}),
        )
        found |= {(code, kind, number): one for code, kind, number, one in session.execute(statement)}
    return [
        replace(record, license_id=found[record.license_key])
        if record.license_key in found
        else UnknownLicenseError("number", record.number)
        for record in records
    ]


def _keep(session: Session, changes: Changes) -> None:
    """Keep with each license when its next check is due."""
    rows = [
        {"uscc": row["uscc"], "id": row["license_id"], "inspection_due": row["next_due"]}
        for row in changes.rows.values()
    ]
    update_rows(session, table_of(License), ("uscc", "id"), rows)


YEARLY_CHECKS = RowKind(
    name="yearly-checks",
    record=YearlyCheckRecord,
    fields=(
        FieldText("uscc", CellForm.NUMBER, 60),
        FieldText("type", CellForm.WORD, 100),
        FieldText("number", CellForm.NUMBER, 100),
        FieldText("next_due", CellForm.DAY, 40),
        FieldText("inspected_on", CellForm.DAY, 40),
        FieldText("result", CellForm.KEPT, 100),
    ),
    check=_check_yearly_check,
    finders=(registered, _completed),
    recoloured=True,
    stored=Versioned(
        act="yearly-check",
        name=Message("证照年检情况", "Yearly check of a license"),
        table=table_of(YearlyCheck),
        versions=table_of(YearlyCheckVersion),
        key=("uscc", "license_id"),
        compared=("inspected_on",),
        is_older=_is_older,
        then=_keep,
    ),
    refusals=(UnknownLicenseError,),
)
