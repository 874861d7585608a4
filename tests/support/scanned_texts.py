"""Texts as scanners, telephones and apps deliver them: with what is to be answered at every door."""

from collections.abc import Iterator
from dataclasses import dataclass

GENUINE = "OK"
BASE = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Scanned:
    """`answer`: the reason of the refusal, or OK. `has_page`: a browser would send it to our public page."""

    name: str
    text: str
    answer: str
    has_page: bool = False


def scanned_texts(plate: str) -> list[Scanned]:
    """Made of one genuine plate's address."""
    return [*_around(plate), *_addresses(plate), *_refused(plate)]


def _around(plate: str) -> Iterator[Scanned]:
    bare = plate.rpartition("/")[2]
    yield Scanned("as printed", plate, GENUINE, has_page=True)
    yield Scanned("bare", bare, GENUINE)
    for name, before, after in (
        ("line end", "", "\n"),
        ("carriage return", "", "\r\n"),
        ("tabulator", "", "\t"),
        ("blanks", "  ", " "),
        ("no-break space", "\u00a0", "\u00a0"),
        ("ideographic space", "\u3000", "\u3000"),
        ("byte order mark", "\ufeff", ""),
        ("zero width space", "", "\u200b"),
        ("zero width joiner", "\u200d", "\u2060"),
        ("direction mark", "\u200e", "\u202c"),
        ("soft hyphen", "\u00ad", "\u00ad"),
        ("line separator", "", "\u2028"),
        ("group separator", "", "\x1d"),
        ("everything", "\ufeff \u200b\t", "\u200e\r\n\u3000"),
    ):
        yield Scanned(f"{name} around", f"{before}{plate}{after}", GENUINE)
        if before:
            yield Scanned(f"{name} around the bare", f"{before}{bare}{after}", GENUINE)


def _addresses(plate: str) -> Iterator[Scanned]:
    for name, text in (
        ("upper-case scheme", plate.replace("http:", "HTTP:")),
        ("mixed scheme", plate.replace("http:", "Http:")),
        ("utm", f"{plate}?utm_source=wechat&utm_medium=qr"),
        ("from", f"{plate}?from=singlemessage&isappinstalled=0"),
        ("fragment", f"{plate}#wechat_redirect"),
        ("both", f"{plate}?a=1#b?c"),
        ("empty query", f"{plate}?"),
        ("empty fragment", f"{plate}#"),
        ("long query", f"{plate}?fbclid={'x' * 400}"),
        ("escaped dots", plate.replace("P1.", "P1%2E")),
        ("escaped letter", plate.replace("/P1.", "/%501.")),
        ("query and line end", f"{plate}?from=x\n"),
        ("fragment before query", f"{plate}#wechat_redirect?UTM_Source=x&utm_source=y"),
        ("query that escapes", f"{plate}?a=%zz&b=%E4%B8%80"),
        ("query with an address", f"{plate}?from=https://evil.example/c/P1.X#/c/"),
        ("escaped blank behind", f"{plate}%20"),
        ("escaped line end behind", f"{plate}%0d%0A?from=x"),
        ("escaped unseen behind", f"{plate}%E2%80%8B"),
        ("escaped mark before the code", plate.replace("/P1.", "/%EF%BB%BFP1.")),
        ("unseen before the query", f"{plate}\u200b?from=x"),
        ("escaped path", plate.replace("/c/", "/%63/")),
        ("escaped slash", plate.replace("/c/", "/c%2F")),
        ("every letter escaped", plate[:24] + "".join(f"%{ord(letter):02x}" for letter in plate[24:])),
    ):
        yield Scanned(name, text, GENUINE, has_page="\n" not in text)


def _refused(plate: str) -> Iterator[Scanned]:
    bare = plate.rpartition("/")[2]
    for name, text, reason in (
        ("altered", plate[:-9] + "AAAAAAAA" + plate[-1], "CODE_SIGNATURE"),
        ("cut off", plate[:-3], "CODE_BASE32"),
        ("another host", plate.replace("127.0.0.1", "evil.example"), "CODE_HOST"),
        ("another host, tracked", plate.replace("127.0.0.1", "evil.example") + "?utm_source=x", "CODE_HOST"),
        ("another scheme", plate.replace("http:", "https:"), "CODE_HOST"),
        ("another port", plate.replace(":8000", ":8001"), "CODE_HOST"),
        ("a longer host", plate.replace(":8000", ":8000.evil.example"), "CODE_HOST"),
        ("a name before the host", plate.replace("//", "//evil.example@"), "CODE_HOST"),
        ("our host as a name", plate.replace(":8000", ":8000@evil.example"), "CODE_HOST"),
        ("backslashes", plate.replace("/", "\\"), "CODE_HOST"),
        ("another path", plate.replace("/c/", "/C/"), "CODE_HOST"),
        ("two paths", plate.replace("/c/", "/c//c/"), "CODE_ALPHABET"),
        ("a slash behind", f"{plate}/", "CODE_ALPHABET"),
        ("an ampersand for a question mark", f"{plate}&utm_source=x", "CODE_ALPHABET"),
        ("a semicolon", f"{plate};jsessionid=1", "CODE_ALPHABET"),
        ("escaped query", f"{plate}%3Ffrom=x", "CODE_ALPHABET"),
        ("escaped slash behind", f"{plate}%2F", "CODE_ALPHABET"),
        ("escaped nonsense", f"{plate}%FF%C3", "CODE_ALPHABET"),
        ("half an escape", f"{plate}%4", "CODE_ALPHABET"),
        ("a port with zeros", plate.replace(":8000", ":08000"), "CODE_HOST"),
        ("a host with a dot behind", plate.replace(":8000", ".:8000"), "CODE_HOST"),
        ("a label before", f"URL:{plate}", "CODE_HOST"),
        ("a label of a scanner", f"]Q1{bare}", "CODE_ALPHABET"),
        ("words before", f"扫码验真：{plate}", "CODE_ALPHABET"),
        ("words behind", f"{plate} 请扫码", "CODE_ALPHABET"),
        ("quoted", f'"{bare}"', "CODE_ALPHABET"),
        ("two lines", f"{bare}\n{bare}", "CODE_ALPHABET"),
        ("no scheme", plate.partition("//")[2], "CODE_HOST"),
        ("escaped twice", plate.replace("P1.", "P1%252E"), "CODE_ALPHABET"),
        ("escaped nothing", f"{plate}%00", "CODE_ALPHABET"),
        ("a script", f"javascript:{bare}", "CODE_HOST"),
        ("blank inside", plate.replace("P1.", "P1. "), "CODE_ALPHABET"),
        ("unseen inside", plate.replace("P1.", "P1.\u200b"), "CODE_ALPHABET"),
        ("full width", plate.replace("P1.", "Ｐ１．"), "CODE_ALPHABET"),
        ("bare with a query", f"{bare}?utm_source=x", "CODE_ALPHABET"),
        ("bare in small letters", bare.lower(), "CODE_ALPHABET"),
        ("another credit code", bare.replace("MA2TEXT162", "MA2TEXT163"), "CODE_USCC"),
        ("a tag of nobody", bare.replace("P1.", "P9."), "CODE_KEY_UNKNOWN"),
        ("another tag", bare.replace("P1.", "X1."), "CODE_TAG"),
        ("two codes", f"{bare} {bare}", "CODE_ALPHABET"),
        ("too few parts", "P1.91330802MA2TEXT162", "CODE_FORM"),
        ("a payment", "wxp://f2f0abcdefghijk", "CODE_HOST"),
        ("another payment", "https://qr.alipay.com/fkx1234567", "CODE_HOST"),
        ("words", "hello", "CODE_ALPHABET"),
        ("a number", "1234567890", "CODE_FORM"),
        ("a network", "WIFI:T:WPA;S:cafe;P:secret;;", "CODE_HOST"),
        ("too long", bare + "A" * 300, "CODE_TOO_LONG"),
        ("letters of another script", plate.replace("127", "１２７"), "CODE_ALPHABET"),
        ("a picture sign", f"{bare}\U0001f600", "CODE_ALPHABET"),
    ):
        yield Scanned(name, text, reason, has_page=text.startswith(f"{BASE}/") and " " not in text)
