"""The button with which a phone says whether it stands where the plate belongs, with a real browser's geolocation."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from hub.kernel.actor import Role
from tests.browser.samples import Samples
from tests.browser.visiting import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Guest = Callable[..., Visitor]
HASTY = """const ask = Geolocation.prototype.getCurrentPosition;
Geolocation.prototype.getCurrentPosition = function (ok, failed, options) {
  return ask.call(this, ok, failed, {...options, timeout: 0});
};"""  # the browser's own time-out, after no time instead of twenty seconds
FAR = {"latitude": 29.6123456, "longitude": 119.6123456, "accuracy": 20}


def test_a_phone_that_is_allowed_to_tell_is_answered_and_tells_no_more_than_a_hundred_metres(
    guest: Guest, samples: Samples
) -> None:
    visitor = guest(viewport=PHONE, permissions=["geolocation"], geolocation=FAR)
    tab = visitor.open(f"/c/{samples.code}/place")
    sent: list[str] = []
    tab.on("request", lambda request: sent.append(request.post_data or ""))

    tab.locator("#place button").click()

    expect(tab.locator("main")).to_contain_text("您的手机不在码牌登记的场所")
    (body,) = [each for each in sent if "latitude" in each]
    assert "latitude=29.612&longitude=119.612&accuracy=20" in body
    assert tab.url.endswith("/place")  # no position in an address
    assert visitor.faults == []


@pytest.mark.parametrize(
    ("permissions", "script"),
    [([], ""), (["geolocation"], ""), (["geolocation"], HASTY)],
    ids=("refused", "unknown", "late"),
)
def test_a_phone_that_tells_no_position_sends_nothing_and_says_so(
    guest: Guest, samples: Samples, permissions: list[str], script: str
) -> None:
    visitor = guest(viewport=PHONE, permissions=permissions)
    visitor.context.add_init_script(script)
    tab = visitor.open(f"/c/{samples.code}/place")
    tab.context.set_geolocation(None)
    sent: list[str] = []
    tab.on("request", lambda request: sent.append(request.method))

    tab.locator("#place button").click()

    expect(tab.locator("#place-status")).to_have_text(
        tab.locator("#place").get_attribute("data-failed") or "?"
    )
    expect(tab.locator("#place button")).to_be_enabled()
    assert sent == []
    assert visitor.faults == []


def test_an_official_finds_the_suspected_copies_from_the_overview(guest: Guest) -> None:
    tab = guest(role=Role.OFFICIAL).open("/government/")

    tab.locator("a[href*='/copies?state=open']").click()

    expect(tab.locator("tbody tr").first).to_be_visible()  # the demonstration has one
