"""P8: plates as print-ready sheets, per core."""

import random
from collections.abc import Iterator
from io import BytesIO

from bench.measure import Figure, seconds
from hub.codes.printing import PlateFace, write_sheets

PLATES = 400
SIGNATURE_CHARS = 103
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def figures() -> Iterator[Figure]:
    write_sheets(_faces(8), BytesIO(), title="warm")
    spent = seconds(lambda: write_sheets(_faces(PLATES), BytesIO(), title="bench"))
    yield Figure("P8", "plates as PDF sheets", PLATES / spent, "≥ 100", unit="per CPU s")


def _faces(count: int) -> Iterator[PlateFace]:
    chance = random.Random(8)
    for number in range(count):
        plate_id = "".join(chance.choices(ALPHABET, k=10))
        signature = "".join(chance.choices(ALPHABET, k=SIGNATURE_CHARS))
        yield PlateFace(
            name="衢州示例餐饮有限公司",
            uscc="91330802MA2TEXT162",
            plate_id=plate_id,
            text=f"https://yizhao.example.cn/c/P1.91330802MA2TEXT162.{plate_id}.00000000.{signature}",
            host="yizhao.example.cn",
            premises_name="荷花店",
            address=f"浙江省衢州市柯城区荷花一路{number}号",
            demo=False,
        )
