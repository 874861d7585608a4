"""Which address a phone can open: the machine's own, never a loopback one."""

from ipaddress import ip_address

import pytest

from hub.cli.addresses import reachable


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.53", "localhost", "::1"])
def test_a_loopback_address_is_for_this_machine_only(host: str) -> None:
    assert reachable(host) is None


@pytest.mark.parametrize(
    ("host", "told"), [("192.0.2.7", "192.0.2.7"), ("2001:db8::7", "[2001:db8::7]"), ("desk.lan", "desk.lan")]
)
def test_an_address_that_was_named_is_taken(host: str, told: str) -> None:
    assert reachable(host) == told


def test_everywhere_becomes_the_address_of_the_way_out() -> None:
    """A machine without a network has none; then nothing is claimed."""
    found = reachable("0.0.0.0")  # noqa: S104  # asked about, not bound
    assert found is None or not ip_address(found).is_loopback
