"""What a passer-by gets who scans a plate: the answer, on any phone, without a script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import Request, Response, expect

from hub.codes.plates.queries import group_plate_id
from tests.browser.samples import Samples
from tests.browser.visiting import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Guest = Callable[..., Visitor]
MOST_BYTES = 10 * 1024  # page and style sheet together: a second on a bad line


@pytest.fixture
def passer_by(guest: Guest) -> Visitor:
    return guest(java_script_enabled=False, viewport=PHONE, is_mobile=True, has_touch=True)


def test_the_page_answers_without_javascript(passer_by: Visitor, samples: Samples) -> None:
    tab = passer_by.open(f"/c/{samples.code}")

    expect(tab.locator("h1")).to_have_text(samples.plate.enterprise_name)
    expect(tab.locator("main")).to_contain_text(samples.uscc)
    expect(tab.locator("main")).to_contain_text(samples.plate.address)
    expect(tab.locator("main")).to_contain_text(group_plate_id(samples.plate.plate.plate_id))
    expect(tab.locator("main")).to_contain_text(samples.server.settings.host)
    assert tab.locator(".verdict").bounding_box()["y"] < PHONE["height"] / 3  # type: ignore[index]


def test_the_page_takes_two_requests_and_ten_kilobytes(guest: Guest, samples: Samples) -> None:
    visitor = guest(viewport=PHONE)
    tab = visitor.context.new_page()
    asked: list[Request] = []
    answers: list[Response] = []
    tab.on("request", lambda request: asked.append(request))  # noqa: PLW0108  # Playwright marks the function it is given
    tab.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  # the same

    tab.goto(samples.plate.plate.text, wait_until="networkidle")

    sizes = [len(answer.body()) for answer in answers]
    assert len([request for request in asked if request.url.startswith("http")]) == 2
    assert len(sizes) == 2
    assert sum(sizes) <= MOST_BYTES, sizes


def test_the_page_has_no_script(guest: Guest, samples: Samples) -> None:
    tab = guest().open(f"/c/{samples.code}")

    assert tab.locator("script").count() == 0
    assert tab.evaluate("document.scripts.length") == 0


def test_the_page_shows_no_person_and_no_telephone(guest: Guest, samples: Samples) -> None:
    text = guest().open(f"/c/{samples.code}?all=1").locator("body").inner_text()

    assert samples.space.enterprise.person not in text
    assert re.search(r"(?<!\w)1[3-9]\d{9}(?!\w)", text) is None


def test_a_code_that_was_tampered_with_names_nobody(passer_by: Visitor, samples: Samples) -> None:
    head, signature = samples.code.rsplit(".", 1)
    forged = f"{head}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"

    tab = passer_by.open(f"/c/{forged}", status=404)

    expect(tab.locator(".verdict")).to_be_visible()
    assert samples.plate.enterprise_name not in tab.content()


def test_the_language_link_changes_the_page_without_javascript(passer_by: Visitor, samples: Samples) -> None:
    tab = passer_by.open(f"/c/{samples.code}")

    tab.get_by_role("link", name="English").click()

    expect(tab.locator("html")).to_have_attribute("lang", "en")
    expect(tab.locator("h1")).to_have_text(samples.plate.enterprise_name)


def report(tab: Tab, words: str) -> str:
    """Fill in the report at the foot of a code's page; gives the receipt number."""
    tab.locator("#report summary").click()
    tab.locator("select[name=kind]").select_option(index=1)
    tab.locator("textarea[name=text]").fill(words)
    tab.locator("#report button").click()
    expect(tab).to_have_url(re.compile(r"/c/thanks/"))
    return tab.locator("dd.num").inner_text()


def test_a_report_without_javascript_gets_a_receipt(passer_by: Visitor, samples: Samples) -> None:
    receipt = report(passer_by.open(f"/c/{samples.code}"), "门头与页面名称不符")

    assert re.fullmatch(r"[0-9a-f-]{36}", receipt)
