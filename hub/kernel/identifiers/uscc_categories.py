"""First two characters of a USCC: which department registered what kind of body (GB 32100-2015, amendment 1).

General knowledge, not checked against the text of the amendment; the letters A, N and Y come from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from hub.kernel.messages import Message


@dataclass(frozen=True, slots=True)
class UsccCategory:
    """`prefix` is the first two characters; `registry` who registers, `body` what kind of body."""

    prefix: str
    registry: Message
    body: Message


_OTHER = Message("其他", "other")
_REGISTRIES: Final = (
    (
        "1",
        Message("机构编制", "Public-sector establishment"),
        {
            "1": Message("机关", "state organ"),
            "2": Message("事业单位", "public institution"),
            "3": Message("编办直接管理机构编制的群众团体", "mass organisation with state staffing"),
            "9": _OTHER,
        },
    ),
    (
        "2",
        Message("外交", "Foreign affairs"),
        {"1": Message("外国常驻新闻机构", "resident foreign news agency"), "9": _OTHER},
    ),
    (
        "3",
        Message("司法行政", "Judicial administration"),
        {
            "1": Message("律师执业机构", "law firm"),
            "2": Message("公证处", "notary office"),
            "3": Message("基层法律服务所", "grass-roots legal service office"),
            "4": Message("司法鉴定机构", "forensic institution"),
            "5": Message("仲裁委员会", "arbitration commission"),
            "9": _OTHER,
        },
    ),
    (
        "4",
        Message("文化", "Culture"),
        {"1": Message("外国在华文化中心", "foreign cultural centre in China"), "9": _OTHER},
    ),
    (
        "5",
        Message("民政", "Civil affairs"),
        {
            "1": Message("社会团体", "social association"),
            "2": Message("民办非企业单位", "private non-enterprise unit"),
            "3": Message("基金会", "foundation"),
            "4": Message("基层群众性自治组织", "self-governing organisation of residents"),
            "9": _OTHER,
        },
    ),
    (
        "6",
        Message("旅游", "Tourism"),
        {
            "1": Message("外国旅游部门常驻代表机构", "resident office of a foreign tourism authority"),
            "2": Message(
                "港澳台地区旅游部门常驻内地(大陆)代表机构", "resident tourism office of HK, Macao or Taiwan"
            ),
            "9": _OTHER,
        },
    ),
    (
        "7",
        Message("宗教", "Religious affairs"),
        {
            "1": Message("宗教活动场所", "place of worship"),
            "2": Message("宗教院校", "religious school"),
            "9": _OTHER,
        },
    ),
    (
        "8",
        Message("工会", "Trade unions"),
        {"1": Message("基层工会", "grass-roots trade union"), "9": _OTHER},
    ),
    (
        "9",
        Message("市场监督管理", "Market regulation"),
        {
            "1": Message("企业", "enterprise"),
            "2": Message("个体工商户", "self-employed household"),
            "3": Message("农民专业合作社", "farmers' cooperative"),
        },
    ),
    (
        "A",
        Message("中央军委改革和编制办公室", "Military establishment"),
        {"1": Message("军队事业单位", "military public institution"), "9": _OTHER},
    ),
    (
        "N",
        Message("农业", "Agriculture"),
        {
            "1": Message("组级集体经济组织", "collective economy of a village group"),
            "2": Message("村级集体经济组织", "collective economy of a village"),
            "3": Message("乡镇级集体经济组织", "collective economy of a township"),
            "9": _OTHER,
        },
    ),
    ("Y", Message("其他", "Other"), {"1": _OTHER}),
)

CATEGORIES: Final[Mapping[str, UsccCategory]] = MappingProxyType(
    {
        first + second: UsccCategory(first + second, registry, body)
        for first, registry, bodies in _REGISTRIES
        for second, body in bodies.items()
    }
)
