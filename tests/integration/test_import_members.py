"""JSON rows that lack a member which others have, and members that no field reads: marked, refused or named."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.feeds.reasons import QUALITY
from hub.kernel.database import Database
from hub.licenses.models import License
from tests.support.feed_shapes import GOOD, HEAD, ROAD
from tests.support.loading import load, refused, write

WITHOUT_END = {name: value for name, value in ROAD.items() if name != "validTo"} | {
    "licenseNo": "浙交运管许可衢字330802000002号"
}


@pytest.fixture
def market(db: Database, tmp_path: Path) -> Database:
    load(db, write(tmp_path, "market.csv", f"{HEAD}\n{GOOD}\n"))
    return db


def lines(*rows: dict[str, object]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def marks(db: Database) -> dict[str, bool]:
    with db.read() as session:
        return {one.number: "END_ABSENT" in one.quality for one in session.scalars(select(License))}


@pytest.mark.parametrize("as_document", [False, True])
def test_an_object_without_the_end_that_others_have_is_stored_with_a_mark(
    market: Database,
    tmp_path: Path,
    as_document: bool,  # noqa: FBT001  # one of the table
) -> None:
    rows = [ROAD, WITHOUT_END]
    content = json.dumps(rows) if as_document else lines(*rows)

    loading = load(market, write(tmp_path, "road.json", content))

    assert (loading.accepted, loading.reasons) == (2, {})
    assert marks(market) == {str(ROAD["licenseNo"]): False, str(WITHOUT_END["licenseNo"]): True}
    assert "END_ABSENT" in QUALITY


@pytest.mark.parametrize("end", [None, "", "长期"])
def test_an_end_that_says_there_is_none_has_no_such_mark(
    market: Database, tmp_path: Path, end: str | None
) -> None:
    load(market, write(tmp_path, "road.jsonl", lines(ROAD, WITHOUT_END | {"validTo": end})))

    assert not any(marks(market).values())


@pytest.mark.parametrize(
    "name",
    [
        "validUntil",
        "valid_until",
        "validTill",
        "expiryDate",
        "endDate",
        "vaildTo",
        "有效期至",
        "到期日",
        "截止日",
    ],
)
def test_an_end_under_another_name_is_refused_and_never_taken_for_none(
    market: Database, tmp_path: Path, name: str
) -> None:
    rows = lines(ROAD, WITHOUT_END | {name: "2026-12-31"})

    loading = load(market, write(tmp_path, "road.jsonl", rows))

    assert (loading.accepted, loading.reasons) == (1, {"END_NAME": 1})
    (view,) = refused(market, loading)
    assert (view.column, view.value) == (name, "2026-12-31")


@pytest.mark.parametrize("name", ["validto", "valid_to", "VALID-TO"])
def test_another_spelling_of_the_end_far_down_is_refused_as_well(
    market: Database, tmp_path: Path, name: str
) -> None:
    rows = [ROAD] * 30 + [WITHOUT_END | {name: "2026-12-31"}]

    loading = load(market, write(tmp_path, "road.jsonl", lines(*rows)))

    assert loading.reasons == {"END_NAME": 1}


def test_other_members_beside_an_absent_end_do_not_refuse_the_row(market: Database, tmp_path: Path) -> None:
    more = {"createTime": "2026-01-01 08:00:00", "remark": "首次", "validUntil": None}

    loading = load(market, write(tmp_path, "road.jsonl", lines(ROAD, WITHOUT_END | more)))

    assert (loading.accepted, loading.reasons) == (2, {})


def test_columns_and_members_that_no_field_reads_are_named(market: Database, tmp_path: Path) -> None:
    rows = lines(*[ROAD | {"remark": "首次"}] * 30, ROAD | {"isuedOn": "2024-01-01"})

    loading = load(market, write(tmp_path, "road.jsonl", rows))
    table = load(market, write(tmp_path, "more.csv", f"{HEAD},备注,注册资夲\n{GOOD},x,5\n"))

    assert loading.unread == ("remark", "isuedOn")
    assert table.unread == ("备注", "注册资夲")
