"""Python and JavaScript read what was scanned alike, whatever the host is and whatever stands around the code."""

import json
import subprocess
from pathlib import Path

import pytest

from signing.scanned_text import ScanReader

READER = Path(__file__).parents[3] / "signing/javascript/scanned.js"
ORIGINS = ("https://hub.example", "https://other.example:8443", "http://127.0.0.1:8000")
CODE = "P1.91330802MA2TEXT162.0000000000.AAAA"
PLATE = f"https://hub.example/c/{CODE}"
SAME = (
    f"HTTPS://HUB.EXAMPLE/c/{CODE}",
    f"https://Hub.Example:443/c/{CODE}",
    f"https://hub.example:/c/{CODE}",
    f"https://hub.example:443/%63%2f%20{CODE}%E3%80%80#a?b",
    f"\ufeff\u3000{PLATE}?utm_source=x\r\n",
)
OTHERS = (
    PLATE.replace("hub.", "hub%2E"),
    PLATE.replace("https", "http"),
    PLATE.replace("https", "http\u017f"),
    PLATE.replace("hub.example", "hub.example:80"),
    PLATE.replace("hub.example", "hub.example."),
    PLATE.replace("hub.example", "user@hub.example"),
    PLATE.replace("hub.example", "\uff48ub.example"),
    PLATE.replace("other", "hub").replace("hub.example", "other.example"),
    PLATE.replace("/c/", "/C/"),
    f"{PLATE}?" + "\U0001f600" * 4_001,
)
ODD = (
    f"{PLATE}%",
    f"{PLATE}%4",
    f"{PLATE}%zz",
    f"{PLATE}%FF",
    f"{PLATE}%C3%A9",
    f"{PLATE}%ED%A0%80",
    f"{PLATE}%252E",
    f"{PLATE}%2520",
    f"{PLATE}%3Fa",
    f"{PLATE}%23",
)
JUDGE = f"""
import {{ readScanned }} from {json.dumps(READER.as_uri())};
const asked = JSON.parse(process.argv[1]);
process.stdout.write(JSON.stringify(asked.texts.map((text) => readScanned(text, asked.origins))));
"""


def read(text: str) -> str:
    return ScanReader(ORIGINS).read(text)


@pytest.mark.parametrize("text", SAME, ids=ascii)
def test_what_names_our_plate_is_read_as_our_plate(text: str) -> None:
    assert read(text) == PLATE


@pytest.mark.parametrize("text", OTHERS, ids=lambda text: ascii(text)[:80])
def test_an_address_of_another_stays_as_it_is(text: str) -> None:
    assert read(text) == text


@pytest.mark.parametrize("text", [*SAME, *OTHERS, *ODD], ids=lambda text: ascii(text)[:80])
def test_what_was_read_is_read_the_same_again(text: str) -> None:
    assert read(read(text)) == read(text)


@pytest.mark.parametrize(
    ("text", "is_ours"),
    [
        (PLATE, True),
        (f"https://hub.example:443/c/{CODE}?x", True),
        ("https://hub.example/c/anything", True),
        (CODE, True),
        (CODE.replace("P1", "Z99"), True),
        (f"{CODE}.BBBB", True),
        ("A1.5", False),  # another one's number, not a damaged code of ours
        ("E7.2024.001", False),
        (f"{CODE}.B.C", False),
        (CODE.lower(), False),
        ("https://hub.example/", False),
        (f"https://hub.example.evil.example/c/{CODE}", False),
    ],
)
def test_what_has_the_form_of_a_code_of_ours(text: str, *, is_ours: bool) -> None:
    reader = ScanReader(ORIGINS)

    assert reader.is_ours(reader.read(text)) is is_ours


def test_javascript_reads_alike() -> None:
    texts = [*SAME, *OTHERS, *ODD]
    asked = json.dumps({"texts": texts, "origins": ORIGINS})
    ran = subprocess.run(
        ["node", "--input-type=module", "-e", JUDGE, asked],
        capture_output=True, check=True, encoding="utf-8", timeout=60,
    )  # fmt: skip

    assert json.loads(ran.stdout) == [read(text) for text in texts]
