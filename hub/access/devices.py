"""What a browser is called in the list of one's sessions: program and system, and no more than that.

The text that a browser sends of itself can tell one person from another; only two words of it are kept.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address

from hub.kernel.messages import Message

_UNKNOWN = Message("未知设备", "Unknown device")
# first match wins: most programs also name the ones that they descend from
_PROGRAMS = (
    ("MicroMessenger/", Message("微信", "WeChat")),
    ("DingTalk/", Message("钉钉", "DingTalk")),
    ("AlipayClient/", Message("支付宝", "Alipay")),
    ("HuaweiBrowser/", Message("华为浏览器", "Huawei Browser")),
    ("MiuiBrowser/", Message("小米浏览器", "Mi Browser")),
    ("QQBrowser/", Message("QQ 浏览器", "QQ Browser")),
    ("UCBrowser/", Message("UC 浏览器", "UC Browser")),
    ("SamsungBrowser/", Message("三星浏览器", "Samsung Internet")),
    ("Edg/", Message("Edge", "Edge")),
    ("EdgA/", Message("Edge", "Edge")),
    ("OPR/", Message("Opera", "Opera")),
    ("Firefox/", Message("Firefox", "Firefox")),
    ("FxiOS/", Message("Firefox", "Firefox")),
    ("CriOS/", Message("Chrome", "Chrome")),
    ("Chrome/", Message("Chrome", "Chrome")),
    ("Safari/", Message("Safari", "Safari")),
)
_SYSTEMS = (
    ("OpenHarmony", Message("鸿蒙", "HarmonyOS")),
    ("HarmonyOS", Message("鸿蒙", "HarmonyOS")),
    ("Android", Message("安卓", "Android")),
    ("iPhone", Message("iPhone", "iPhone")),
    ("iPad", Message("iPad", "iPad")),
    ("Windows", Message("Windows", "Windows")),
    ("Macintosh", Message("Mac", "Mac")),
    ("CrOS", Message("ChromeOS", "ChromeOS")),
    ("Linux", Message("Linux", "Linux")),
)


def device_of(user_agent: str) -> str:
    """Return the mark under which a browser is kept, such as `Chrome/ Android`; "" for one that is not known."""
    found = (_first(_PROGRAMS, user_agent), _first(_SYSTEMS, user_agent))
    return " ".join(mark for mark in found if mark)


def device_name(device: str) -> Message:
    """Return the words for a mark of `device_of`."""
    said = [name for table in (_PROGRAMS, _SYSTEMS) for mark, name in table if mark in device.split(" ")]
    if not said:
        return _UNKNOWN
    return Message(" · ".join(one.zh for one in said), " · ".join(one.en for one in said))


def network_of(address: str) -> str:
    """Return the part of an address that tells the place and not the line: /24 of IPv4, /48 of IPv6; "" for no address."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if isinstance(found, IPv4Address):
        return f"{str(found).rpartition('.')[0]}.*"
    return f"{IPv6Address(int(found) >> 80 << 80)}/48"


def _first(table: tuple[tuple[str, Message], ...], text: str) -> str:
    return next((mark for mark, _name in table if mark in text), "")
