"""How an address is shown to people without a login."""

import re

MASK = "***"

# From the first house number on: digits of any width, or Chinese numerals before a word that counts buildings.
# 荷花一路 keeps its name; 荷花一路12号 and 石梁镇二十三号 do not keep their number.
_HOUSE_NUMBER = re.compile(
    r"(?:[0-90-9]|[〇零一二三四五六七八九十百]+(?:号|弄|幢|栋|座|楼|层|单元|室|户)).*", re.DOTALL
)


def public_address(address: str, *, is_residence: bool) -> str:
    """The address, without the house number where somebody lives there (《个人信息保护法》 art. 6, least data)."""
    return _HOUSE_NUMBER.sub(MASK, address) if is_residence else address
