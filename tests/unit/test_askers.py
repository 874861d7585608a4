"""One name for one asker, and counts that a flood of askers does not wash away."""

import pytest

from hub.web.askers import UNKNOWN, asker, plain
from hub.web.limits import MinuteCounts


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("203.0.113.9:5678", "203.0.113.9"),
        (" 203.0.113.9 ", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("::FFFF:CB00:7109", "203.0.113.9"),
        ("[::ffff:203.0.113.9]:80", "203.0.113.9"),
        ("2002:cb00:7109::1", "203.0.113.9"),
        ("64:ff9b::203.0.113.9", "203.0.113.9"),
        ("64:ff9b:1::203.0.113.9", "203.0.113.9"),
        ("::203.0.113.9", "203.0.113.9"),
        ("::ffff:0:203.0.113.9", "203.0.113.9"),
        ("2001:0:4136:e378:8000:63bf:34ff:8ef6", "203.0.113.9"),
        ("2001:0:cb00:7201:0:1111:34ff:8ef6", "203.0.113.9"),
        ("::1", "::/64"),
        ("::", "::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:ffff:0:0:9", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:3:4:5:6]:443", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::7]", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("unknown", UNKNOWN),
        ("", UNKNOWN),
        ("_hidden", UNKNOWN),
        ("203.0.113.9, 10.0.0.1", UNKNOWN),
        ("x" * 10_000, UNKNOWN),
    ],
)
def test_an_asker_has_one_name_however_the_address_is_written(address: str, name: str) -> None:
    assert asker(address) == name


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.1:80", "::ffff:127.0.0.1", "[::ffff:7f00:1]:9"])
def test_an_address_has_one_spelling(address: str) -> None:
    assert plain(address) == "127.0.0.1"
    assert plain("[::1]:80") == "::1"


def test_a_flood_of_askers_makes_nobody_forgotten_and_stays_bounded() -> None:
    counts = MinuteCounts(most=100)
    assert [counts.hit("login", "one", limit=3) for _ in range(4)] == [True, True, True, False]

    for number in range(70_000):
        counts.hit("login", f"asker {number}", limit=3)

    assert not counts.hit("login", "one", limit=3)
    late = [counts.hit("login", "late", limit=3) for _ in range(10)]
    assert late[-1] is False
    assert len(counts._counts) == 100
    assert len(counts._shared) <= 65_536


def test_a_weight_counts_as_so_many() -> None:
    counts = MinuteCounts()

    assert counts.hit("scan", "one", limit=10, weight=1)
    assert not counts.hit("scan", "one", limit=10, weight=10)
    assert not counts.hit("scan", "one", limit=10)
