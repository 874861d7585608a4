"""What departments' files are made of: headers, codes that pass every check, and the counts a loader must give."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hub.kernel.identifiers.checks import ALPHABET_31, DIGITS, hybrid_check, organisation_check, uscc_check

DISTRICTS = {
    "330802": "柯城区",
    "330803": "衢江区",
    "330822": "常山县",
    "330824": "开化县",
    "330825": "龙游县",
    "330881": "江山市",
}
STATES = ("存续", "存续(在营、开业、在册)", "在业", "存续", "注销", "歇业", "吊销,未注销")
SCOPES = (
    (
        "一般项目:外卖递送服务(除依法须经批准的项目外,凭营业执照依法自主开展经营活动)。许可项目:餐饮服务"
        "(依法须经批准的项目,经相关部门批准后方可开展经营活动,具体经营项目以审批结果为准)。"
    ),
    "日用百货销售、食品销售、烟草制品零售。(依法须经批准的项目,经相关部门批准后方可开展经营活动)",
    "一般项目:会议及展览服务。许可项目:住宿服务;餐饮服务。",
)
OTHER_TYPES = ("增值电信业务经营许可证", "旅行社业务经营许可证", "安全生产许可证", "危险化学品经营许可证")


def columns(text: str) -> list[str]:
    return text.split(",")


MARKET_HEADER = columns(
    "统一社会信用代码,市场主体名称,类型,法定代表人(经营者),注册资本(万元),成立日期,营业期限至,登记机关,登记状态,"
    "住所(经营场所),行政区划,行业代码,经营范围,核准日期"
)
FOOD_HEADER = columns(
    "许可证编号,证照名称,主体名称,统一社会信用代码,经营场所,有效期自,有效期至,发证机关,状态,版本"
)
CODES_HEADER = columns("ZZMC,ZZBH,CZZT,CZZTDM,CZZTDMLXDM,ZZBFJG,ZZBFRQ,ZZYXQQSRQ,ZZYXQJZRQ,ZT")
PENALTY_HEADER = columns(
    "行政处罚决定书文号,统一社会信用代码,违法行为,处罚种类,罚款金额(元),失信程度,处罚决定日期,处罚机关"
)
PREMISES_HEADER = columns("统一社会信用代码,场所名称,场所地址,行政区划,商业区域,纬度,经度,联系电话")
SHEET_HEADER = columns("证照类型名称,证照编号,持证主体,持证主体代码,起始,截止,颁发机构,证照状态代码")


@dataclass
class Expected:
    """What a correct loader answers for one file."""

    rows: int = 0
    accepted: int = 0
    duplicate: int = 0
    superseded: int = 0
    blank: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, object]:
        return {**self.__dict__, "refused": dict(sorted(self.refused.items()))}


def credit_code(number: int, *, region: str = "330802", category: str = "91") -> str:
    """A code that passes every check; another for each number below 923 521."""
    tail = ""
    for _ in range(4):
        number, digit = divmod(number, len(ALPHABET_31))
        tail = ALPHABET_31[digit] + tail
    subject = f"TEXT{tail}"
    body = category + region + subject + organisation_check(subject)
    return body + uscc_check(body)


def food_number(serial: int, *, region: str = "330802") -> str:
    body = f"2{region}{serial:06d}"
    return f"JY{body}{hybrid_check(body, DIGITS)}"


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]], encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


SHOP = credit_code(1)  # the enterprise of the tests that need one row only
ROAD = {
    "licenseType": "道路运输经营许可证",
    "licenseNo": "浙交运管许可衢字330802000001号",
    "holder": "柯城试验商行",
    "holderCode": SHOP,
    "validFrom": "2024-01-01",
    "validTo": "2028-12-31",
    "issuer": "局",
    "state": "有效",
}
HEAD = ",".join(MARKET_HEADER)
GOOD = f"{SHOP},柯城试验商行,个体工商户,张三,5,2020-01-02,长期,局,存续,柯城区试验路1号,330802,F5299,食品销售。,2020-01-02"
OTHER = GOOD.replace(SHOP, credit_code(2))
