"""持证主体代码类型 (GB/T 36903): which kind of number names the holder of a license."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hub.kernel.messages import Message


@dataclass(frozen=True)
class HolderCodeType:
    """A kind of number; `is_person` when it names a natural person and must be kept from the public."""

    code: str
    name: Message
    is_person: bool


ORGANISATION_BY_USCC = "001"

_ROWS = (
    (ORGANISATION_BY_USCC, "统一社会信用代码", "Unified social credit code"),
    ("099", "其他法人或组织有效证件", "Other document of an organisation"),
    ("111", "公民身份号码", "Citizen identity number"),
    ("114", "军官证", "Military officer card"),
    ("115", "武警警官证", "Armed police officer card"),
    ("118", "士兵证", "Soldier card"),
    ("119", "武警士兵证", "Armed police soldier card"),
    ("120", "军队文职人员证", "Military civilian card"),
    ("122", "武警部队文职人员证", "Armed police civilian card"),
    ("411", "外交护照", "Diplomatic passport"),
    ("412", "公务护照", "Service passport"),
    ("413", "公务普通护照", "Passport for public affairs"),
    ("414", "普通护照", "Ordinary passport"),
    ("511", "台湾居民来往大陆通行证", "Travel permit for Taiwan residents"),
    ("516", "港澳居民来往内地通行证", "Travel permit for Hong Kong and Macao residents"),
    ("551", "港澳居民居住证", "Residence permit for Hong Kong and Macao residents"),
    ("552", "台湾居民居住证", "Residence permit for Taiwan residents"),
    ("999", "其他自然人有效证件", "Other document of a natural person"),
)
_ORGANISATIONS = frozenset({ORGANISATION_BY_USCC, "099"})

HOLDER_CODE_TYPES: Mapping[str, HolderCodeType] = MappingProxyType(
    {
        code: HolderCodeType(code, Message(zh, en), is_person=code not in _ORGANISATIONS)
        for code, zh, en in _ROWS
    }
)
