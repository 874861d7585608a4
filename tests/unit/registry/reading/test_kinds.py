"""Declared kinds of rows: what follows from their fields, and how a row without a check of its own is read."""

from datetime import date
from decimal import Decimal

import pytest

from hub.credit.reported import PENALTIES, PenaltyRecord
from hub.credit.rules import PenaltyLevel
from hub.licenses.reported import KINDS as LICENSE_KINDS
from hub.registry.annual_reports import ANNUAL_REPORTS
from hub.registry.reading.cells import CellForm
from hub.registry.reading.doubts import code_doubts, flags, period
from hub.registry.reading.errors import StateUnknownError
from hub.registry.reading.kinds import FieldText, one_of
from hub.registry.reported import ENTERPRISES, PREMISES
from tests.support.feed_shapes import credit_code
from tests.support.reading import READING, Reading, refused_for

CODE = credit_code(1)
PENALTY = {
    "uscc": CODE,
    "decision_no": "衢市监处罚〔2026〕45号",
    "act": "超范围经营",
    "penalty_kind": "罚款",
    "authority": "局",
    "fine_yuan": "5000",
    "level": "一般",
    "decided_on": "2026-01-02",
}


def test_each_field_is_read_into_the_member_that_it_names() -> None:
    assert PENALTIES.read(PENALTY, {}, READING) == PenaltyRecord(
        uscc=CODE,
        decision_no="衢市监处罚〔2026〕45号",
        act="超范围经营",
        kind="罚款",
        level=PenaltyLevel.ORDINARY,
        decided_on=date(2026, 1, 2),
        authority="局",
        fine_yuan=Decimal("5000.00"),
    )


def test_a_column_that_is_missing_is_read_as_nothing() -> None:
    without = {name: text for name, text in PENALTY.items() if name not in {"fine_yuan", "authority"}}
    record = PENALTIES.read(without, {}, READING)

    assert isinstance(record, PenaltyRecord)
    assert (record.fine_yuan, record.authority) == (None, "")


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("轻微", PenaltyLevel.MINOR),
        ("轻微失信", PenaltyLevel.MINOR),
        ("一般失信行为", PenaltyLevel.ORDINARY),
        ("严重失信", PenaltyLevel.SERIOUS),
        ("严重失信行为", PenaltyLevel.SERIOUS),
    ],
)
def test_a_level_is_read_from_each_of_its_spellings(word: str, level: PenaltyLevel) -> None:
    record = PENALTIES.read(PENALTY | {"level": word}, {}, READING)

    assert isinstance(record, PenaltyRecord)
    assert record.level is level


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("level", "较重", "LEVEL"),
        ("level", "", "LEVEL"),
        ("decided_on", "昨天", "DATE"),
        ("fine_yuan", "-1", "AMOUNT"),
        ("fine_yuan", "0.001", "AMOUNT_FRACTION"),
        ("act", "=1+1", "FORMULA"),
        ("penalty_kind", "罚\u202e款", "CONTROL_CHARACTERS"),
        ("uscc", CODE[:17], "USCC_LENGTH"),
    ],
)
def test_a_fault_is_named_by_the_column_and_not_by_the_member(field: str, text: str, reason: str) -> None:
    assert refused_for(lambda: PENALTIES.read(PENALTY | {field: text}, {}, READING)) == (reason, field, text)


def test_an_excepted_code_is_taken_by_every_reader_of_codes() -> None:
    wrong = CODE[:17] + ("0" if CODE[17] != "0" else "1")
    record = PENALTIES.read(PENALTY | {"uscc": wrong}, {}, Reading(exceptions=frozenset({wrong})))

    assert record.uscc == wrong


@pytest.mark.parametrize(
    ("decided_on", "is_older"),
    [(date(2026, 1, 1), True), (date(2026, 1, 2), False), (date(2026, 1, 3), False)],
    ids=["day before", "same day", "day after"],
)
def test_a_penalty_decided_earlier_is_older(decided_on: date, *, is_older: bool) -> None:
    record = PENALTIES.read(PENALTY | {"decided_on": decided_on.isoformat()}, {}, READING)

    assert PENALTIES.stored.is_older(record, {"decided_on": date(2026, 1, 2)}) is is_older


def test_fields_are_found_by_name_and_ends_are_those_whose_absence_means_something() -> None:
    assert set(ENTERPRISES.by_name) == {field.name for field in ENTERPRISES.fields}
    assert ENTERPRISES.by_name["term_to"].form is CellForm.END
    assert ENTERPRISES.ends == {"term_to"}
    assert ANNUAL_REPORTS.ends == PREMISES.ends == PENALTIES.ends == frozenset()
    assert {field for kind in LICENSE_KINDS for field in kind.ends} == {"valid_to"}


@pytest.mark.parametrize(
    ("kind", "keeps_rest", "keeps_doubts"),
    [(ENTERPRISES, False, True), (PREMISES, False, False), (PENALTIES, False, False)],
    ids=lambda value: getattr(value, "name", None),
)
def test_a_kind_keeps_what_its_record_has_room_for(
    kind: object, *, keeps_rest: bool, keeps_doubts: bool
) -> None:
    assert (kind.keeps_rest, kind.keeps_doubts) == (keeps_rest, keeps_doubts)  # type: ignore[attr-defined]


def test_licenses_keep_the_columns_that_no_field_reads() -> None:
    assert [kind.name for kind in LICENSE_KINDS if kind.keeps_rest and kind.keeps_doubts] == ["licenses"]


def test_a_field_is_a_line_of_text_unless_it_says_otherwise() -> None:
    field = FieldText("note", CellForm.KEPT, 10)

    assert field.member == ""
    assert field.read("一楼\r\n东侧", "note", READING) == "一楼 东侧"


def test_a_word_of_a_vocabulary_is_its_value_and_another_is_refused_as_declared() -> None:
    read = one_of({"是": True, "否": False}, StateUnknownError)

    assert [read(text, "f", READING) for text in ("是", "否")] == [True, False]
    assert refused_for(lambda: read("对", "f", READING)) == ("STATUS", "f", "对")


@pytest.mark.parametrize(
    ("last", "end"),
    [("2026-01-02", date(2026, 1, 2)), ("2026-01-03", date(2026, 1, 3)), ("长期", None), ("", None)],
)
def test_a_period_may_end_on_its_first_day_or_never(last: str, end: date | None) -> None:
    read = period({"from": "2026-01-02", "to": last}, "from", "to", READING)

    assert read == (date(2026, 1, 2), end)
    assert period({"from": "2026-01-02"}, "from", "to", READING) == (date(2026, 1, 2), None)


def test_a_period_that_runs_backwards_is_refused_at_its_end() -> None:
    texts = {"from": "2026-01-02", "to": "2026-01-01"}

    assert refused_for(lambda: period(texts, "from", "to", READING)) == (
        "PERIOD_REVERSED",
        "to",
        "2026-01-01",
    )
    assert refused_for(lambda: period({"from": ""}, "from", "to", READING)) == ("DATE", "from", "")


def test_a_moment_of_a_period_is_the_day_of_the_hubs_zone() -> None:
    texts = {"from": "2021-12-31T16:00:00Z", "to": "2022-12-31T15:59:59Z"}

    assert period(texts, "from", "to", READING) == (date(2022, 1, 1), date(2022, 12, 31))


def test_flags_are_the_names_of_what_holds_in_order() -> None:
    assert flags(B=True, A=True, C=False) == ("B", "A")
    assert flags() == ()


@pytest.mark.parametrize(
    ("code", "exceptions", "org_holds", "doubts"),
    [
        (CODE, (), True, ()),
        (CODE, (), False, ("USCC_ORG_CHECK",)),
        (CODE, (CODE,), False, ("USCC_EXCEPTION",)),
        ("99" + CODE[2:], (), True, ("USCC_KIND",)),
        ("99" + CODE[2:], (), False, ("USCC_ORG_CHECK", "USCC_KIND")),
        ("99" + CODE[2:], ("99" + CODE[2:],), False, ("USCC_EXCEPTION",)),
    ],
    ids=["plain", "organisation code", "excepted", "other registry", "both", "excepted of another registry"],
)
def test_doubts_about_a_code(
    code: str, exceptions: tuple[str, ...], *, org_holds: bool, doubts: tuple[str, ...]
) -> None:
    context = Reading(exceptions=frozenset(exceptions))

    assert code_doubts(code, context, org_holds=org_holds) == doubts
