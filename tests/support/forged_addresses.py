"""Codes that point elsewhere, or hide characters that a reader does not see."""

from collections.abc import Iterator

from signing import Reason
from tests.support.forger import (
    ORIGIN,
    Forged,
    Workshop,
    bare,
    because,
    registry,
)

ADDRESS_FORGERIES, forgery = registry()
R = Reason


@forgery
def foreign_host(shop: Workshop) -> Iterator[Forged]:
    hosts = (
        "evil.example", "yizhao.example.com", "yizhao.example.cn.evil.example", "evil-yizhao.example.cn",
        "yizhao-example.cn", "yizhaoexample.cn", "www.yizhao.example.cn", "yizhao.example.cn.", "yizha0.example.cn",
        "yizhao.exarnple.cn", "xn--yizho-ira.example.cn", "127.0.0.1", "127.0.0.1:8001", "localhost:8000",
        "[::1]", "2130706433", "0x7f.1", "yizhao.example.cn%2eevil.example", "yizhao.example.c", "example.cn",
    )  # fmt: skip
    for host in hosts:
        for scheme in ("https", "http"):
            yield f"{scheme}://{host}/c/{bare(shop.plate)}", because(R.CODE_HOST)


@forgery
def user_part_before_a_foreign_host(shop: Workshop) -> Iterator[Forged]:
    for start in (
        "https://yizhao.example.cn@evil.example", "https://yizhao.example.cn:443@evil.example",
        "https://evil@yizhao.example.cn", "https://:@yizhao.example.cn", "https://yizhao.example.cn\\@evil.example",
    ):  # fmt: skip
        yield f"{start}/c/{bare(shop.plate)}", because(R.CODE_HOST)


@forgery
def port_tricks(shop: Workshop) -> Iterator[Forged]:
    for port in (":443", ":8443", ":", ":0", ":00443", ":80", ":65536"):
        yield f"{ORIGIN}{port}/c/{bare(shop.plate)}", because(R.CODE_HOST)


@forgery
def path_tricks(shop: Workshop) -> Iterator[Forged]:
    for path in ("/C/", "/x/c/", "//c/", "/c", "/", "/./c/", "/c;a/", "/c\\", "/%63/", "", "/c/../d/c"):
        yield f"{ORIGIN}{path}{bare(shop.plate)}", because(R.CODE_HOST, R.CODE_ALPHABET)
    for path in ("/c//", "/c/./", "/c/../c/", "/c/x/", "/c/https://yizhao.example.cn/c/"):
        yield f"{ORIGIN}{path}{bare(shop.plate)}", because(R.CODE_ALPHABET)


@forgery
def scheme_tricks(shop: Workshop) -> Iterator[Forged]:
    for start in (
        "http://yizhao.example.cn", "HTTPS://yizhao.example.cn", "https://YIZHAO.example.cn", "ftp://yizhao.example.cn",
        "javascript:alert(1)//", "data:text/html,", "//yizhao.example.cn", "https:/yizhao.example.cn",
        "https:yizhao.example.cn", "file://yizhao.example.cn", "yizhao.example.cn", "https://127.0.0.1:8000",
    ):  # fmt: skip
        yield f"{start}/c/{bare(shop.plate)}", because(R.CODE_HOST)


@forgery
def percent_encoded(shop: Workshop) -> Iterator[Forged]:
    for text in (
        shop.plate.replace("/c/P", "/c/%50"),
        shop.plate.replace("P1.", "P1%2E"),
        shop.plate + "%00",
    ):
        yield text, because(R.CODE_ALPHABET)
    yield shop.plate.replace("/c/", "%2Fc%2F"), because(R.CODE_HOST)


@forgery
def query_or_fragment(shop: Workshop) -> Iterator[Forged]:
    for tail in ("?", "?a=1", "?next=https://evil.example", "#", "#top", ";x", "&a=b", "/", "/..", "\\", "+"):
        yield shop.plate + tail, because(R.CODE_ALPHABET)


@forgery
def control_characters_and_spaces(shop: Workshop) -> Iterator[Forged]:
    for control in "\n\r\t\0\x0b\x0c\x1b\x7f\x85\u2028\u3000 ":
        for text in (shop.plate + control, control + shop.plate, shop.plate.replace("/c/", f"/c/{control}")):
            yield text, because(R.CODE_ALPHABET)
        yield bare(shop.plate) + control, because(R.CODE_ALPHABET)
        yield f"https://evil.example/c/{bare(shop.plate)}{control}", because(R.CODE_ALPHABET)


@forgery
def writing_direction_tricks(shop: Workshop) -> Iterator[Forged]:
    for mark in "\u202a\u202b\u202d\u202e\u2066\u2067\u2069\u200e\u200f":
        yield f"{mark}{shop.plate}", because(R.CODE_ALPHABET)
        yield f"{ORIGIN}/c/{mark}{bare(shop.plate)[::-1]}", because(R.CODE_ALPHABET)


@forgery
def invisible_characters(shop: Workshop) -> Iterator[Forged]:
    for unseen in "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u034f\u3164":
        for at in (0, 8, len(shop.plate) // 2, len(shop.plate)):
            yield shop.plate[:at] + unseen + shop.plate[at:], because(R.CODE_ALPHABET)


@forgery
def full_width(shop: Workshop) -> Iterator[Forged]:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in bare(shop.plate))
    yield from ((text, because(R.CODE_ALPHABET)) for text in (wide, f"{ORIGIN}/c/{wide}"))


@forgery
def foreign_digits_and_look_alike_letters(shop: Workshop) -> Iterator[Forged]:
    alike = {"1": "１١۱𝟏", "0": "０٠۰О", "P": "ＰРΡ", "A": "ＡАΑ", "M": "ＭМΜ", ".": "．。․"}
    for text in (shop.plate, bare(shop.plate)):
        for genuine, strangers in alike.items():
            yield from ((text.replace(genuine, s), because(R.CODE_ALPHABET)) for s in strangers)
