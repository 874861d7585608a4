"""持证主体代码类型 (GB/T 36903): which kind of number names the holder of a license."""

from collections.abc import Mapping
from types import MappingProxyType

ORGANISATION_BY_USCC = "001"

HOLDER_CODE_TYPES: Mapping[str, str] = MappingProxyType(
    {
        ORGANISATION_BY_USCC: "统一社会信用代码",
        "099": "其他法人或组织有效证件",
        "111": "公民身份号码",
        "114": "军官证",
        "115": "武警警官证",
        "118": "士兵证",
        "119": "武警士兵证",
        "120": "军队文职人员证",
        "122": "武警部队文职人员证",
        "411": "外交护照",
        "412": "公务护照",
        "413": "公务普通护照",
        "414": "普通护照",
        "511": "台湾居民来往大陆通行证",
        "516": "港澳居民来往内地通行证",
        "551": "港澳居民居住证",
        "552": "台湾居民居住证",
        "999": "其他自然人有效证件",
    }
)
