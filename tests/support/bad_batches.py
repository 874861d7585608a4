"""A small city's files, and thirty batches that no department should deliver: wrong states, dates, columns, kinds, rows."""

from collections.abc import Callable
from datetime import date, timedelta

from tests.support.feed_shapes import FOOD_HEADER, MARKET_HEADER, credit_code, csv_bytes, food_number

HOLDERS = 40


def market_row(number: int) -> list[str]:
    row = [credit_code(number), f"柯城试验{number}号商行", "有限责任公司", "张三", "50", "2015-03-04", "长期"]
    return [
        *row,
        "衢州市市场监督管理局",
        "存续",
        f"柯城区试验路{number}号",
        "330802",
        "F5299",
        "餐饮服务",
        "2025-01-01",
    ]


def food_row(number: int) -> list[str]:
    holder = market_row(number)
    row = [food_number(number), "食品经营许可证", holder[1], holder[0], holder[9], "2024-03-01", "2029-02-28"]
    return [*row, "衢州市市场监督管理局", "有效", "1"]


FOOD = [food_row(number) for number in range(HOLDERS)]
MARKET = [market_row(number) for number in range(HOLDERS)]
Rows = list[list[str]]


def each(rows: Rows, **changes: str | Callable[[list[str]], str]) -> Rows:
    """Copies of the rows with columns replaced, by their place: c5="…"."""
    out = [list(row) for row in rows]
    for name, value in changes.items():
        for row in out:
            row[int(name[1:])] = value if isinstance(value, str) else value(row)
    return out


def moved(column: int, days: int) -> Callable[[list[str]], str]:
    return lambda row: (date.fromisoformat(row[column]) + timedelta(days=days)).isoformat()


def rotated(rows: Rows, column: int) -> Rows:
    """Each row with the value of the next one in this column."""
    values = [row[column] for row in rows]
    return [
        [*row[:column], value, *row[column + 1 :]]
        for row, value in zip(rows, values[1:] + values[:1], strict=True)
    ]


def swapped(rows: Rows, one: int, other: int) -> Rows:
    out = [list(row) for row in rows]
    for row in out:
        row[one], row[other] = row[other], row[one]
    return out


def food(rows: Rows) -> bytes:
    return csv_bytes(FOOD_HEADER, rows)


def market(rows: Rows) -> bytes:
    return csv_bytes(MARKET_HEADER, rows)


NAMES = [row[2] for row in FOOD]
BAD: dict[str, bytes] = {
    "mass revocation": food(each(FOOD, c8="吊销")),
    "mass withdrawal": food(each(FOOD, c8="撤销")),
    "mass taking back": food(each(FOOD, c8="撤回")),
    "mass cancellation": food(each(FOOD, c8="注销")),
    "mass suspension": food(each(FOOD, c8="暂扣")),
    "mass revocation of a quarter": food(each(FOOD[:10], c8="吊销") + FOOD[10:]),
    "revocation as a newer version": food(each(FOOD, c8="吊销", c9="2")),
    "mass expiry": food(each(FOOD, c6="2025-01-01")),
    "mass expiry, far back": food(each(FOOD, c5="2001-01-01", c6="2005-12-31")),
    "no end for all": food(each(FOOD, c6="长期")),
    "ends a hundred years later": food(each(FOOD, c6="2098-02-28")),
    "ends a day earlier": food(each(FOOD, c6=moved(6, -1))),
    "beginnings a day earlier": food(each(FOOD, c5=moved(5, -1))),
    "dates a year later": food(each(FOOD, c5=moved(5, 365), c6=moved(6, 365))),
    "beginning and end exchanged": food(swapped(FOOD, 5, 6)),
    "names shifted by a row": food(rotated(FOOD, 2)),
    "credit codes shifted by a row": food(rotated(FOOD, 3)),
    "numbers shifted by a row": food(rotated(FOOD, 0)),
    "name and issuer exchanged": food(swapped(FOOD, 2, 7)),
    "number and credit code exchanged": food(swapped(FOOD, 0, 3)),
    "state and version exchanged": food(swapped(FOOD, 8, 9)),
    "all columns shifted": food([[*row[1:], row[0]] for row in FOOD]),
    "kinds of another department": food(each(FOOD, c1="烟草专卖零售许可证")),
    "kinds that nobody knows": food(each(FOOD, c1="星际航行许可证")),
    "states that nobody knows": food(each(FOOD, c8="状态良好")),
    "each license twice with other contents": food(
        [row for one in FOOD for row in (one, *each([one], c8="吊销"))]
    ),
    "an empty file": b"",
    "a header alone": food([]),
    "all enterprises ended": market(each(MARKET, c8="注销")),
    "all enterprises revoked": market(each(MARKET, c8="吊销,未注销")),
    "names of enterprises shifted": market(rotated(MARKET, 1)),
    "terms over": market(each(MARKET, c6="2020-01-01")),
    "holders nobody registered": food(each(FOOD, c3=lambda row: credit_code(900_000 + int(row[0][8:14])))),
}
