"""The sentence for every reason code of an identifier, in Chinese and English."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.kernel.messages import Message

MESSAGES: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "CHARACTER_UNUSUAL": Message(
            "其中夹有看不见或不常用的字符，请删去后用键盘重新录入。",
            "It holds a character that is not seen or not usual; delete it and type it anew by hand.",
        ),
        "USCC_LENGTH": Message(
            "统一社会信用代码应为18位。", "A unified social credit code has 18 characters."
        ),
        "USCC_ALPHABET": Message(
            "统一社会信用代码只含数字和大写字母，不含I、O、S、V、Z。",
            "A unified social credit code holds digits and capital letters, never I, O, S, V or Z.",
        ),
        "USCC_REGION": Message(
            "统一社会信用代码第3至8位(登记管理机关行政区划)应为数字。",
            "Characters 3 to 8 of a unified social credit code (region of the registry) are digits.",
        ),
        "USCC_CATEGORY": Message(
            "统一社会信用代码前两位(登记管理部门和机构类别)不存在。",
            "The first two characters of the unified social credit code (registry, kind) do not exist.",
        ),
        "USCC_CHECK": Message(
            "统一社会信用代码校验码不符，请核对是否抄错。",
            "The check character of the unified social credit code does not fit; look for a slip.",
        ),
        "USCC_ORG_CHECK": Message(
            "统一社会信用代码中的组织机构代码(第9至17位)校验码不符。",
            "The organisation code inside the credit code (characters 9 to 17) fails its check.",
        ),
        "LICENSE_ID_ROOT": Message(
            "电子证照标识应以1.2.156.3005.2开头。",
            "An electronic license identifier begins with 1.2.156.3005.2.",
        ),
        "LICENSE_ID_PARTS": Message(
            "电子证照标识应由证照类型代码、颁发机构代码、流水号、版本号、校验位五段组成。",
            "An electronic license identifier has five parts: type, issuer, serial, version, check.",
        ),
        "LICENSE_ID_ALPHABET": Message(
            "电子证照标识各段只含数字和大写字母。",
            "The parts of an electronic license identifier hold digits and capital letters.",
        ),
        "LICENSE_ID_VERSION": Message(
            "电子证照标识的版本号应为001至999的三位数字。",
            "The version of an electronic license identifier is three digits, 001 to 999.",
        ),
        "LICENSE_ID_CHECK": Message(
            "电子证照标识校验位不符。",
            "The check character of the electronic license identifier does not fit.",
        ),
        "REGION_UNKNOWN": Message(
            "行政区划代码不在本市代码表内，请人工核对。",
            "The region code is not in this city's table; check by hand.",
        ),
        "REGION_RETIRED": Message(
            "行政区划代码当日已停用或尚未启用，存量代码仍然有效。",
            "The region code was not in use on that day; identifiers that carry it stay valid.",
        ),
    }
)
