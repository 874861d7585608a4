"""Without a mouse, and in the other language: the same pages, the same work."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from hub.kernel.actor import Role
from tests.browser.samples import Samples
from tests.browser.visiting import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Guest = Callable[..., Visitor]
MOST_STEPS = 14  # presses of Tab until the main action: header and navigation of the largest end, and a few
MAIN_ACTIONS = (
    (None, "/access/login", "[data-passkey-start]"),
    (Role.OWNER, "/enterprise/", "main a[href$='/enterprise/code']"),
    (Role.OFFICER, "/enforcement/", ".scan-button"),
    (Role.OFFICIAL, "/government/enterprises", "#q"),
)
PLACES = (
    (Role.OWNER, "/enterprise/licenses?colour=red"),
    (Role.OFFICER, "/enforcement/scan"),
    (Role.OFFICIAL, "/government/plates/area?name={area}"),
)


def press_tab_until(tab: Tab, selector: str, most: int) -> int:
    """How many presses of Tab lead to the element."""
    for step in range(1, most + 1):
        tab.keyboard.press("Tab")
        if tab.evaluate("selector => document.activeElement.matches(selector)", selector):
            return step
    raise AssertionError(f"{selector} was not reached with {most} presses of Tab")


@pytest.mark.parametrize(("role", "path", "selector"), MAIN_ACTIONS, ids=str)
def test_the_keyboard_reaches_the_main_action_and_shows_where_it_is(
    role: Role | None, path: str, selector: str, guest: Guest
) -> None:
    tab = guest(role=role).open(path)

    press_tab_until(tab, selector, MOST_STEPS)

    outline = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline not in {"none", ""}


@pytest.mark.parametrize(("role", "path", "selector"), MAIN_ACTIONS, ids=str)
def test_the_first_tab_offers_to_skip_to_the_content(
    role: Role | None, path: str, selector: str, guest: Guest
) -> None:
    tab = guest(role=role).open(path)

    tab.keyboard.press("Tab")
    expect(tab.locator(".skip")).to_be_in_viewport()
    tab.keyboard.press("Enter")

    assert tab.evaluate("document.activeElement.id") == "main"
    press_tab_until(tab, selector, 6)


def test_the_keyboard_alone_verifies_a_typed_plate(guest: Guest, samples: Samples) -> None:
    tab = guest(role=Role.OFFICER).open("/enforcement/")

    press_tab_until(tab, "#plate", MOST_STEPS + 4)
    tab.keyboard.type(samples.plate.plate.plate_id)
    tab.keyboard.press("Enter")

    expect(tab.locator("#who")).to_have_text(samples.plate.enterprise_name)


def test_no_page_takes_over_the_order_of_the_keyboard(guest: Guest) -> None:
    official = guest(role=Role.OFFICIAL)

    assert (
        official.open("/government/").locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count()
        == 0
    )


@pytest.mark.parametrize(("role", "path"), PLACES, ids=str)
def test_changing_the_language_keeps_the_page(role: Role, path: str, guest: Guest, samples: Samples) -> None:
    visitor = guest(role=role, viewport=PHONE)
    tab = visitor.open(path.format(area=samples.plate.area))
    address = tab.url

    tab.get_by_role("button", name="English").click()

    expect(tab.locator("html")).to_have_attribute("lang", "en")
    assert tab.url == address
    tab.get_by_role("button", name="中文").click()
    expect(tab.locator("html")).to_have_attribute("lang", "zh-CN")


def test_the_chosen_language_stays_on_the_next_page(guest: Guest) -> None:
    visitor = guest(role=Role.OWNER)
    tab = visitor.open("/enterprise/")
    tab.get_by_role("button", name="English").click()
    expect(tab.locator("html")).to_have_attribute("lang", "en")

    tab.locator(".nav a").nth(1).click()

    expect(tab).to_have_url(re.compile(r"/enterprise/licenses$"))
    expect(tab.locator("html")).to_have_attribute("lang", "en")
