"""A seeded generator of departments' files: seven shapes, with the mistakes departments make, and the counts they give.

Everything is invented; the subject part of each credit code begins with `TEXT`, which no registry issues.
"""

import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from openpyxl import Workbook

from hub.kernel.identifiers.checks import ALPHABET_31
from tests.support.feed_shapes import (
    CODES_HEADER,
    DISTRICTS,
    FOOD_HEADER,
    MARKET_HEADER,
    OTHER_TYPES,
    PENALTY_HEADER,
    PREMISES_HEADER,
    SCOPES,
    SHEET_HEADER,
    STATES,
    Expected,
    credit_code,
    csv_bytes,
    food_number,
)


@dataclass(frozen=True)
class Shop:
    """One invented enterprise, as its rows need it."""

    uscc: str
    name: str
    region: str
    address: str
    scope: str


class Feeds:
    """The seven files of one invented small city; the same for the same size and seed."""

    def __init__(self, *, enterprises: int = 60, seed: int = 1) -> None:
        self.random = random.Random(seed)
        self.shops = [self._shop(number) for number in range(enterprises)]
        self.expected: dict[str, Expected] = {}
        self._ghost = credit_code(900_000)

    def write(self, folder: Path) -> list[Path]:
        """Write all seven in order; `expected` then holds their counts by file name."""
        makers: dict[str, Callable[[Expected], bytes]] = {
            "01_market.csv": self._market,
            "02_food.csv": self._food,
            "03_mixed.xlsx": self._mixed,
            "04_road.jsonl": self._road,
            "05_other.csv": self._other,
            "06_penalties.csv": self._penalties,
            "07_premises.csv": self._premises,
        }
        paths = []
        for name, make in makers.items():
            self.expected[name] = Expected()
            (folder / name).write_bytes(make(self.expected[name]))
            paths.append(folder / name)
        return paths

    def _shop(self, number: int) -> Shop:
        region = self.random.choice(list(DISTRICTS))
        return Shop(
            uscc=credit_code(number, region=region, category=self.random.choice(("91", "92"))),
            name=f"{DISTRICTS[region]}试验{number}号商行",
            region=region,
            address=f"浙江省衢州市{DISTRICTS[region]}试验路{number + 1}号",
            scope=self.random.choice(SCOPES),
        )

    def _day(self, first: int = 2010, years: int = 14) -> date:
        return date(first, 1, 1) + timedelta(days=self.random.randrange(years * 365))

    def _written(self, day: date) -> str:
        style = self.random.choice(
            ("{0:%Y-%m-%d}", "{0:%Y%m%d}", "{0.year}/{0.month}/{0.day}", "{0.year}年{0.month}月{0.day}日")
        )
        return style.format(day)

    def _market_row(self, shop: Shop) -> list[str]:
        since = self._day()
        return [
            shop.uscc,
            shop.name,
            "个体工商户" if shop.uscc.startswith("92") else "有限责任公司",
            "张三",
            "50",
            self._written(since),
            self.random.choice(("长期", "", "9999-12-31", "2099-12-31", self._written(date(2040, 6, 30)))),
            f"衢州市{DISTRICTS[shop.region]}市场监督管理局",
            self.random.choice(STATES),
            shop.address,
            shop.region,
            "F5299",
            shop.scope,
            since.isoformat(),
        ]

    def _market(self, expected: Expected) -> bytes:
        rows = [self._market_row(shop) for shop in self.shops]
        expected.accepted = len(rows)
        for row in self.random.sample(rows, len(rows) // 10):
            row[0] = f" {row[0].lower()} "
        rows.append(list(rows[3]))
        expected.duplicate = 1
        bad = [self._market_row(self.random.choice(self.shops)) for _ in range(7)]
        bad[0][5], bad[1][0], bad[3][0] = "2025-02-30", "", bad[3][0][:17]
        bad[2][1] = "衢州\u202e假冒\u202c商行"
        bad[4][0] = bad[4][0][:10] + "I" + bad[4][0][11:]
        for row in bad[5:]:
            row[0] = row[0][:17] + ALPHABET_31[(ALPHABET_31.index(row[0][17]) + 1) % 31]
        expected.refused.update(
            ("DATE", "MISSING", "NAME_CONTROL_CHARACTERS", "USCC_LENGTH", "USCC_ALPHABET")
        )
        expected.refused["USCC_CHECK"] = 2
        for row in (*bad, [""] * len(MARKET_HEADER)):
            rows.insert(self.random.randrange(len(self.shops), len(rows) + 1), row)
        expected.blank = 1
        expected.rows = len(rows)
        return csv_bytes(MARKET_HEADER, rows, "gb18030")

    def _food_row(self, shop: Shop, serial: int) -> list[str]:
        since = self._day(2021, 5)
        until = since + timedelta(days=1825)
        number = food_number(serial, region=shop.region)
        office = f"衢州市{DISTRICTS[shop.region]}市场监督管理局"
        dates = (self._written(since), self._written(until))
        return [number, "食品经营许可证", shop.name, shop.uscc, shop.address, *dates, office, "有效", "1"]

    def _food(self, expected: Expected) -> bytes:
        rows = [self._food_row(shop, serial) for serial, shop in enumerate(self.shops)]
        rows[1][9] = "2"
        expected.accepted = len(rows)
        bad = [list(self._food_row(self.shops[0], 900_000 + n)) for n in range(4)]
        bad[0][0] = bad[0][0][:15] + str((int(bad[0][0][15]) + 1) % 10)
        bad[1][5:7] = ["2025-10-05", "2020-10-06"]
        bad[2][3] = self._ghost
        bad[3][8] = "很好"
        expected.refused.update(("NUMBER_CHECK", "PERIOD_REVERSED", "UNKNOWN_HOLDER", "STATUS"))
        rows += [*bad, [*rows[1][:9], "1"], list(rows[2])]
        expected.superseded = expected.duplicate = 1
        expected.rows = len(rows)
        return csv_bytes(FOOD_HEADER, rows, "utf-8-sig")

    def _mixed(self, expected: Expected) -> bytes:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "证照数据"
        sheet.append(["衢州市卫生健康、公安、烟草部门证照归集表"])
        sheet.append(["证照", None, "持证主体", None, "有效期", None, "机关", None])
        sheet.append(SHEET_HEADER)
        for serial, shop in enumerate(self.shops[::3]):
            since = datetime.combine(self._day(2022, 4), datetime.min.time())
            ends = [since + timedelta(days=1460), "长期", (since + timedelta(days=1460)).date().isoformat()]
            office = f"衢州市{DISTRICTS[shop.region]}烟草专卖局"
            codes = self.random.choice(("01", "01", "04", "07"))
            number = f"{shop.region}{serial:06d}"
            sheet.append(
                [
                    "烟草专卖零售许可证",
                    number,
                    shop.name,
                    shop.uscc,
                    since,
                    self.random.choice(ends),
                    office,
                    codes,
                ]
            )
            expected.accepted += 1
        shop = self.shops[0]
        sheet.append([None] * 8)
        sheet.append(
            ['=HYPERLINK("https://evil.example")', "1", shop.name, shop.uscc, "2025-01-01", "", "局", "01"]
        )
        expected.blank = expected.refused["LICENSE_TYPE"] = 1
        expected.rows = expected.accepted + 2
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def _road(self, expected: Expected) -> bytes:
        lines = []
        for serial, shop in enumerate(self.shops[::5]):
            since = self._day(2022, 4)
            row = {
                "licenseType": "道路运输经营许可证",
                "licenseNo": f"浙交运管许可衢字{shop.region}{serial:06d}号",
                "holder": shop.name,
                "holderCode": shop.uscc,
                "validFrom": since.isoformat(),
                "validTo": (since + timedelta(days=1460)).isoformat(),
                "issuer": "衢州市交通运输局",
                "state": "有效",
                "vehicles": self.random.randrange(30),
            }
            lines.append(json.dumps(row, ensure_ascii=False))
            expected.accepted += 1
        lines.append('{"licenseType": "道路运输经营许可证", "licenseNo": ')
        lines.append(json.dumps({**row, "holder": "长" * 5_000}, ensure_ascii=False))
        expected.refused.update(("JSON", "TOO_LONG"))
        expected.rows = len(lines)
        return ("\n".join(lines) + "\n").encode()

    def _other(self, expected: Expected) -> bytes:
        rows = []
        for serial, shop in enumerate(self.shops):
            since = self._day(2022, 4)
            until = self._written(since + timedelta(days=1460)) if serial % 4 else ""
            kind = self.random.choice(OTHER_TYPES)
            state = self.random.choice(("有效", "有效", "注销", "暂扣", "吊销"))
            dates = (self._written(since), self._written(since), until)
            rows.append([kind, f"测{serial:06d}号", shop.name, shop.uscc, "001", "衢州市某局", *dates, state])
        expected.rows = expected.accepted = len(rows)
        return csv_bytes(CODES_HEADER, rows)

    def _penalties(self, expected: Expected) -> bytes:
        rows = []
        for serial, shop in enumerate(self.shops[::7]):
            level, fine = self.random.choice((("严重", "100000"), ("一般", "30000"), ("轻微", "0")))
            no = f"衢市监处罚〔2026〕{serial}号"
            rows.append(
                [
                    no,
                    shop.uscc,
                    "超范围经营",
                    "罚款",
                    fine,
                    level,
                    self._day(2024, 2).isoformat(),
                    "衢州市市场监督管理局",
                ]
            )
        expected.rows = expected.accepted = len(rows)
        return csv_bytes(PENALTY_HEADER, rows, "utf-8-sig")

    def _premises(self, expected: Expected) -> bytes:
        rows = []
        for serial, shop in enumerate(self.shops):
            phone = f"0570{serial:07d}"
            place = ["28.973763", "118.976028", phone]
            rows.append([shop.uscc, shop.name, shop.address, shop.region, "南孔古城", *place])
            if serial % 4 == 0:
                second = shop.address.replace("号", "-2号")
                rows.append([shop.uscc, f"{shop.name}(二店)", second, shop.region, "水亭门", *place])
        expected.rows = expected.accepted = len(rows)
        return csv_bytes(PREMISES_HEADER, rows)
