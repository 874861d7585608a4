"""What of a row is bound to the log, and the one text that it has."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from hub import schema
from hub.credit.models import Penalty
from hub.kernel.bulk import table_of
from hub.registry.models import Premises
from hub.trust.record.bound_rows import BoundTable, binding_of, bound_tables, moment
from hub.trust.record.models import Event

NOT_COVERED = {
    "access_appointment": {
        "certificate_index"
    },  # blind indexes follow from what is covered, under a key that is renewed
    "access_person": {"name_index"},
    "access_passkey": {"is_backed_up", "sign_count", "label", "used_at"},
    "licenses_license": {"colour", "colour_reason", "colour_until", "inspection_due"},
    "registry_enterprise": {"reports"},
}
FEWEST = 15


def bound(model: type) -> BoundTable:
    found = binding_of(table_of(model))
    assert found is not None
    return found


def penalty(**changes: object) -> dict[str, object]:
    columns: dict[str, object] = {
        "uscc": "91330802MA2TEXT162",
        "id": UUID(int=5),
        "decision_no": "衢市监处〔2026〕118号",
        "act": "未维护",
        "kind": "罚款",
        "fine_yuan": Decimal("5000.00"),
        "level": "一般",
        "decided_on": date(2026, 7, 1),
        "authority": "局",
        "source": "x",
        "received_at": datetime(2026, 11, 21, 8, tzinfo=UTC),
        "content_hash": "0",
    }
    return columns | changes


def test_every_column_of_a_bound_table_is_covered_but_those_named_here() -> None:
    tables = {each.name: each for each in bound_tables(schema.METADATA)}
    left = {
        name: {column.name for column in each.table.columns} - set(each.columns)
        for name, each in tables.items()
        if not name.startswith("trust_status")  # the lists have a test of their own
    }

    assert len(tables) >= FEWEST
    assert {name: columns for name, columns in left.items() if columns} == NOT_COVERED
    assert binding_of(table_of(Event)) is None


def test_the_text_of_a_row_has_its_columns_in_order_and_leaves_out_what_is_null() -> None:
    text = bound(Penalty).text(penalty(fine_yuan=None))

    assert text.decode() == (
        '{"act":"未维护","authority":"局","content_hash":"0","decided_on":"2026-07-01",'
        '"decision_no":"衢市监处〔2026〕118号","id":"00000000-0000-0000-0000-000000000005","kind":"罚款",'
        '"level":"一般","received_at":"2026-11-21T08:00:00.000000Z","source":"x","uscc":"91330802MA2TEXT162"}'
    )


@pytest.mark.parametrize("fine", [Decimal(5000), Decimal("5000.0"), 5000, 5000.0])
def test_one_amount_has_one_text(fine: object) -> None:
    binding = bound(Penalty)

    assert binding.text(penalty(fine_yuan=fine)) == binding.text(penalty())


def test_one_moment_has_one_text() -> None:
    east = datetime(2026, 11, 21, 16, tzinfo=timezone(timedelta(hours=8)))

    assert moment(east) == moment(datetime(2026, 11, 21, 8, tzinfo=UTC)) == "2026-11-21T08:00:00.000000Z"


def test_a_whole_number_of_degrees_is_the_same_as_the_database_gives_back() -> None:
    exact = dict(bound(Premises).exact)

    assert exact["latitude"](28) == 28.0
    assert isinstance(exact["latitude"](28), float)


def test_equal_rows_under_other_salts_have_other_digests() -> None:
    binding = bound(Penalty)

    assert binding.digest(penalty(), b"a" * 16) != binding.digest(penalty(), b"b" * 16)


def test_keys_of_bytes_are_named_by_their_digest() -> None:
    passkeys = next(each for each in bound_tables(schema.METADATA) if each.name == "access_passkey")

    name = passkeys.row_name({"credential_id": b"\xff" * 1023})

    assert len(name) == len("access_passkey/") + 64
