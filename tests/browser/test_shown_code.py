"""我的码 on the owner's telephone: it counts down, is renewed before it ends, and an officer uses it once."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from hub.kernel.actor import Role
from tests.browser.conftest import DYNAMIC_SECONDS
from tests.browser.samples import Samples
from tests.browser.visiting import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Guest = Callable[..., Visitor]


@pytest.fixture
def owner(guest: Guest) -> Visitor:
    return guest(role=Role.OWNER, viewport=PHONE, is_mobile=True, has_touch=True, device_scale_factor=2)


def shown_on(tab: Tab) -> str:
    """What a scanner reads from the screen."""
    screen = Image.open(BytesIO(tab.screenshot())).convert("L")
    found = zxingcpp.read_barcodes(screen, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    assert len(found) == 1
    return found[0].text


def drawing(tab: Tab) -> str:
    return tab.locator(".code-drawing path").first.get_attribute("d") or ""


def test_the_countdown_runs(owner: Visitor) -> None:
    tab = owner.open("/enterprise/code")
    count = tab.locator("[data-count]")
    first = count.inner_text()

    expect(count).not_to_have_text(first)

    assert 0 < int(count.inner_text()) < int(first) <= DYNAMIC_SECONDS
    assert owner.faults == []


def test_the_code_is_renewed_before_it_ends(owner: Visitor) -> None:
    tab = owner.open("/enterprise/code")
    text, first = shown_on(tab), drawing(tab)
    tab.evaluate(
        """() => { window.dead = 0; new MutationObserver(() => {
          const over = document.querySelector(".code-over"); if (over && !over.hidden) window.dead += 1;
        }).observe(document.body, {subtree: true, attributes: true, childList: true}); }"""
    )

    expect(tab.locator(".code-drawing path").first).not_to_have_attribute(
        "d", first, timeout=DYNAMIC_SECONDS * 1000
    )

    assert tab.evaluate("window.dead") == 0
    assert shown_on(tab) != text


def test_the_screen_shows_a_genuine_code_of_this_enterprise(
    owner: Visitor, guest: Guest, samples: Samples
) -> None:
    text = shown_on(owner.open("/enterprise/code"))

    assert re.match(rf"{re.escape(samples.server.url)}/c/D\d+\.{samples.uscc}\.", text)
    tab = guest(viewport=PHONE).open(text)
    expect(tab.locator("h1")).to_have_text(samples.plate.enterprise_name)


def test_an_officer_uses_a_shown_code_once(owner: Visitor, guest: Guest, samples: Samples) -> None:
    officer = guest(role=Role.OFFICER, viewport=PHONE)
    path = shown_on(owner.open("/enterprise/code")).removeprefix(samples.server.url)
    tab = officer.open(path)
    tab.locator("main form button").click()
    expect(tab.locator("#who")).to_have_text(samples.plate.enterprise_name)

    again = officer.open(path)
    again.locator("main form button").click()

    expect(again.locator(".verdict-red")).to_be_visible()
    expect(again.locator("#who")).to_have_count(0)


def test_a_code_whose_renewal_fails_is_hidden_when_its_time_is_over(owner: Visitor) -> None:
    tab = owner.open("/enterprise/code")

    owner.context.set_offline(True)

    expect(tab.locator(".code-over")).to_be_visible(timeout=2 * DYNAMIC_SECONDS * 1000)
    expect(tab.locator(".code-again")).to_be_visible()
    expect(tab.locator("#code")).to_have_class(re.compile("is-over"))
