"""Names in the characters that the registry writes: kept as they are, found and compared in either spelling."""

import csv
import json
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.kernel.database import Database
from hub.licenses.models import License
from hub.registry.models import Enterprise
from hub.registry.names import is_same_name
from hub.registry.search import search
from tests.support.feed_shapes import FOOD_HEADER, GOOD, HEAD, SHOP, csv_bytes, food_number
from tests.support.loading import load, write
from tests.support.workbooks import workbook_of

SPELLINGS = [
    ("衢州\uf900商行", "衢州豈商行"),
    ("衢州\U0002f800商行", "衢州丽商行"),
    ("ＡＢＣ小吃店", "ABC小吃店"),
    ("①号面馆", "1号面馆"),
    ("㈱三衢店", "(株)三衢店"),
    ("ｶﾗｵｹ三衢", "カラオケ三衢"),
    ("ﬁne柯城", "fine柯城"),
    ("㍿三衢", "株式会社三衢"),
    ("Cafe\u0301柯城", "Café柯城"),
    ("か\u3099柯城", "が柯城"),
    ("衢州⼀店", "衢州一店"),
    ("衢州﹙集团﹚公司", "衢州（集团）公司"),
    ("衢州〔集团〕公司", "衢州（集团）公司"),
    ("衢州【集团】公司", "衢州(集团)公司"),
    ("衢州［集团］公司", "衢州（集团）公司"),
    ("衢州〈集团〉公司", "衢州《集团》公司"),
    ("衢州“好”店", '衢州"好"店'),
    ("衢州「好」店", "衢州“好”店"),
    ("衢州·商行", "衢州•商行"),
    ("衢州〇店", "衢州○店"),
    ("衢州 商行", "衢州\u3000商行"),
    ("abc商行店", "ABC商行店"),
]


def market(folder: Path, kind: str, name: str) -> Path:
    header = HEAD.split(",")
    row = [name if cell == "柯城试验商行" else cell for cell in next(csv.reader([GOOD]))]
    match kind:
        case "csv":
            return write(folder, "market.csv", csv_bytes(header, [row]))
        case "xlsx":
            return workbook_of(folder, "market.xlsx", csv_bytes(header, [row]))
        case _:
            told = dict(zip(header, row, strict=True))
            return write(folder, "market.jsonl", json.dumps(told, ensure_ascii=False) + "\n")


def food(holder: str) -> bytes:
    row = [food_number(1), "食品经营许可证", holder, SHOP, "", "2024-01-01", "2028-01-01", "局", "有效", "1"]
    return csv_bytes(FOOD_HEADER, [row])


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
@pytest.mark.parametrize(("one", "other"), SPELLINGS, ids=ascii)
def test_a_name_is_kept_found_and_compared_in_either_spelling(
    db: Database, tmp_path: Path, kind: str, one: str, other: str
) -> None:
    load(db, market(tmp_path, kind, one))
    load(db, write(tmp_path, "food.csv", food(other)))

    with db.read() as session:
        assert session.get_one(Enterprise, SHOP).name == one
        assert search(session, one, limit=5) == search(session, other, limit=5) == [SHOP]
        license_ = session.scalars(select(License)).one()
        assert license_.holder_name == other
        assert "HOLDER_NAME_DIFFERS" not in license_.quality


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("衢州商行", "衢州商店"),
        ("衢州(集团)公司", "衢州集团公司"),
        ("三衢1号店", "三衢2号店"),
        ("丽商行", "麗商行"),
        ("衢州·商行", "衢州商行"),
    ],
)
def test_names_that_differ_in_more_than_their_spelling_are_two(one: str, other: str) -> None:
    assert not is_same_name(one, other)
