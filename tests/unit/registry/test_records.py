"""What a record tells: the document that is compared and kept, and the columns of its row."""

from datetime import date
from decimal import Decimal

from hub.credit.models import Penalty
from hub.credit.reported import PenaltyRecord
from hub.credit.rules import PenaltyLevel
from hub.kernel.bulk import table_of
from hub.registry.models import Enterprise
from hub.registry.records import OverlayFact
from tests.support.records import CODE, permit, shop

PENALTY = PenaltyRecord(
    uscc=CODE,
    decision_no="衢市监处罚〔2026〕1号",
    act="超范围经营",
    kind="罚款",
    level=PenaltyLevel.ORDINARY,
    decided_on=date(2026, 1, 1),
    authority="局",
    fine_yuan=Decimal(5),
)


def test_the_document_of_a_record_is_plain_json_in_the_order_of_its_fields() -> None:
    assert list(PENALTY.content().items()) == [
        ("uscc", CODE),
        ("decision_no", "衢市监处罚〔2026〕1号"),
        ("act", "超范围经营"),
        ("kind", "罚款"),
        ("level", "一般"),
        ("decided_on", "2026-01-01"),
        ("authority", "局"),
        ("fine_yuan", "5.00"),
    ]
    fact = OverlayFact(kind="经营异常名录", since=date(2026, 1, 1), source="test")
    overlays = shop(overlays=(fact,)).content()["overlays"]
    assert overlays == [{"kind": "经营异常名录", "since": "2026-01-01", "source": "test"}]
    assert permit(extra={"a": "b"}).content()["extra"] == {"a": "b"}


def test_our_own_doubts_are_no_part_of_the_document() -> None:
    assert shop(quality=("IN_FUTURE",), is_residence=True).content() == shop().content()
    assert permit(quality=("IN_FUTURE",)).content() == permit().content()


def test_the_columns_of_a_record_are_those_that_its_table_has() -> None:
    assert PENALTY.columns(table_of(Penalty)) == PENALTY.content() | {
        "decided_on": date(2026, 1, 1),
        "fine_yuan": Decimal(5),
    }
    columns = shop(is_residence=True, quality=("IN_FUTURE",)).columns(table_of(Enterprise))
    assert columns["quality"] == ["IN_FUTURE"]
    assert "is_residence" not in columns
