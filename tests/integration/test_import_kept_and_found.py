"""What stays of a row in the database: the registry's own characters, places of licenses, no citizen numbers."""

import csv
import io
import json
import os
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.feeds.queries import batches
from hub.kernel.database import Database
from hub.licenses.models import License
from hub.registry.models import Enterprise, Premises
from hub.registry.search import search
from tests.support.feed_shapes import (
    FOOD_HEADER,
    GOOD,
    HEAD,
    PREMISES_HEADER,
    SHOP,
    csv_bytes,
    food_number,
)
from tests.support.loading import load, refused, write

KEPT = "衢州Ⅱ号㎡店№①（个体工商户）"
NUMBER = "330802199001011234"  # nobody's


def market(folder: Path, name: str) -> Path:
    return write(folder, "market.csv", f"{HEAD}\n{GOOD.replace('柯城试验商行', name)}\n")


def food(
    folder: Path, *, address: str = "", holder: str = KEPT, extra: tuple[str, str] | None = None
) -> Path:
    row = [
        food_number(1),
        "食品经营许可证",
        holder,
        SHOP,
        address,
        "2024-01-01",
        "2028-01-01",
        "局",
        "有效",
        "1",
    ]
    header = [*FOOD_HEADER, extra[0]] if extra else FOOD_HEADER
    return write(folder, "food.csv", csv_bytes(header, [[*row, extra[1]] if extra else row]))


def places(folder: Path, *addresses: str) -> Path:
    rows = [
        [SHOP, f"{number}店", address, "330802", "", "", "", ""] for number, address in enumerate(addresses)
    ]
    return write(folder, "premises.csv", csv_bytes(PREMISES_HEADER, rows))


def linked(db: Database) -> str | None:
    """The address of the place that the only license belongs to."""
    with db.read() as session:
        place = session.scalars(select(License.premises_id)).one()
        return session.scalar(select(Premises.address).where(Premises.id == place))


@pytest.mark.parametrize(
    ("name", "queries"),
    [
        (KEPT, ("衢州Ⅱ号㎡店", "衢州II号m2店", "No1", "№①", "(个体工商户)", "（个体工商户）")),
        ("衢州\uf900商行", ("\uf900商行", "豈商行")),
        ("衢州Ｃａｆé店", ("café", "Ｃａｆé", "cafe\u0301", "CAFÉ")),
        ("衢州Cafe\u0301店", ("café", "Ｃａｆé", "cafe\u0301")),
    ],
)
def test_a_name_is_kept_and_found_in_both_spellings(
    any_db: Database, tmp_path: Path, name: str, queries: tuple[str, ...]
) -> None:
    load(any_db, market(tmp_path, name))

    with any_db.read() as session:
        assert session.get_one(Enterprise, SHOP).name == name
        for query in queries:
            assert search(session, query, limit=5) == [SHOP], query


def test_a_holder_in_other_widths_is_the_same_holder(db: Database, tmp_path: Path) -> None:
    load(db, market(tmp_path, KEPT))
    load(db, food(tmp_path, holder="衢州II号m2店No1(个体工商户)"))

    with db.read() as session:
        assert "HOLDER_NAME_DIFFERS" not in session.scalars(select(License)).one().quality


def test_a_license_without_an_address_belongs_to_the_only_place_and_to_none_of_several(
    any_db: Database, tmp_path: Path
) -> None:
    load(any_db, market(tmp_path, "柯城试验商行"))
    load(any_db, food(tmp_path))
    assert linked(any_db) == "柯城区试验路1号"

    load(any_db, places(tmp_path, "柯城区试验路2号"))
    assert linked(any_db) == "柯城区试验路1号"  # it keeps the place it had


@pytest.mark.parametrize(
    ("address", "at"), [("", None), ("别处9号", None), ("浙江省衢州市柯城区试验路 ２ 号", "柯城区试验路2号")]
)
def test_a_new_license_among_several_places_belongs_to_the_one_it_names(
    any_db: Database, tmp_path: Path, address: str, at: str | None
) -> None:
    load(any_db, market(tmp_path, "柯城试验商行"))
    load(any_db, places(tmp_path, "柯城区试验路2号", "柯城区试验路3号"))

    load(any_db, food(tmp_path, address=address))

    assert linked(any_db) == at
    load(any_db, places(tmp_path, "柯城区试验路4号"))
    assert linked(any_db) == at


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("备注", NUMBER),
        ("备注", f"经营者身份证{NUMBER}"),
        ("备注", "330802 19900101 1234"),
        ("备注", "３３０８０２１９９００１０１１２３４"),
        ("备注", "330802900101123"),
        ("经营者身份证号", "33080219900101123"),
        ("护照号码", "E12345678"),
    ],
)
def test_a_citizen_number_in_an_extra_column_is_never_stored(
    db: Database, tmp_path: Path, column: str, text: str
) -> None:
    load(db, market(tmp_path, "柯城试验商行"))
    load(db, food(tmp_path, extra=(column, text)))
    bad = load(
        db,
        write(
            tmp_path,
            "bad.csv",
            food(tmp_path, extra=(column, text)).read_bytes().replace(",有效,".encode(), b",?,"),
        ),
    )

    with db.read() as session:
        (stored,) = session.scalars(select(License)).one().extra.values()
    assert "*" in stored
    assert text not in json.dumps([stored, *(dict(row.row) for row in refused(db, bad))], ensure_ascii=False)


def test_the_list_of_batches_shows_names_in_any_encoding(db: Database, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode("市场".encode("gb18030") + b".csv")
    path.write_bytes(f"{HEAD}\n{GOOD}\n".encode())

    load(db, path)

    with db.read() as session:
        assert [one.file_name for one in batches(session)] == ["市场.csv"]


def test_counts_of_a_file_with_every_kind_of_trouble_add_up(db: Database, tmp_path: Path) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["合计", "3"], ["制表人:张三"], [""]])
    bad = GOOD.replace("长期", "#N/A")
    text = f"{HEAD}\n{GOOD}\n{bad}\n{GOOD}\n{out.getvalue()}"

    loading = load(db, write(tmp_path, "market.csv", text))

    assert (loading.accepted, loading.duplicate, loading.blank) == (1, 1, 1)
    assert (loading.refused, loading.apart) == ({"DATE": 1}, {"ROW_FOOTER": 2})
    assert loading.position == 6


FOOTERS = (
    "本页小计,,,3", "总合计", "Total,,,3", "填报单位（盖章）：衢州市局", "注：含个体户", "※以上数据截至本月末", "*注：含个体户",
    "数据截至2026年11月30日", "————以下空白————",
)  # fmt: skip


def test_lines_below_a_table_are_counted_apart_and_no_holder_that_is_called_alike(
    db: Database, tmp_path: Path
) -> None:
    named = GOOD.replace("柯城试验商行", "合计商行")
    lost = GOOD.replace("柯城试验商行", "注").replace(SHOP, "")
    broken = GOOD.replace("柯城试验商行", "合计（柯城）商行").replace(SHOP, SHOP[:12])
    text = "\n".join([HEAD, named, lost, broken, *FOOTERS]) + "\n"

    loading = load(db, write(tmp_path, "market.csv", text))

    assert loading.accepted == 1
    assert loading.refused == {"MISSING": 1, "USCC_LENGTH": 1}
    assert loading.apart == {"ROW_FOOTER": len(FOOTERS)}
