"""An officer at the door: the camera, a photograph or ten typed characters, the verdict, and more with a purpose."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Playwright, expect
from playwright.sync_api import Page as Tab

from hub.access.looks import PURPOSES
from hub.codes.printing import plate_face, png
from hub.kernel.actor import Role
from tests.browser.samples import Samples
from tests.browser.visiting import CAMERA, PHONE, Visitor, launch, visitor
from tests.support.cameras import clip, opened, photograph, picture_of_code
from tests.support.servers import DEPARTMENT, Server

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Guest = Callable[..., Visitor]
PHONE_LIKE: dict[str, Any] = {"viewport": PHONE, "is_mobile": True, "has_touch": True}


@pytest.fixture(scope="module")
def printed(samples: Samples) -> Image.Image:
    """The plate as it hangs at the door."""
    settings = samples.server.settings
    return opened(png(plate_face(samples.plate, base_url=settings.base_url, demo=settings.demo)))


@contextmanager
def officer_with_camera(playwright: Playwright, server: Server, recording: Path) -> Iterator[Visitor]:
    browser = launch(playwright, *CAMERA, f"--use-file-for-fake-video-capture={recording}")
    try:
        with visitor(browser, server, role=Role.OFFICER, permissions=["camera"], **PHONE_LIKE) as found:
            yield found
    finally:
        browser.close()


def payload(picture: Image.Image) -> FilePayload:
    target = BytesIO()
    picture.save(target, "JPEG", quality=88)
    return {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": target.getvalue()}


def on_clear_ground(symbol: Image.Image) -> FilePayload:
    """The dark modules alone, as drawing programs export a code: everything light is transparent black."""
    clear = Image.new("RGBA", symbol.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=symbol.convert("L").point(lambda light: 255 - light))
    target = BytesIO()
    clear.save(target, "PNG")
    return {"name": "code.png", "mimeType": "image/png", "buffer": target.getvalue()}


def light_on_clear_ground(symbol: Image.Image) -> FilePayload:
    """White modules on nothing, as they are drawn for a dark page: laid on white they vanish."""
    clear = Image.new("RGBA", symbol.size, (0, 0, 0, 0))
    clear.paste((255, 255, 255, 255), mask=symbol.convert("L").point(lambda light: 255 - light))
    target = BytesIO()
    clear.save(target, "PNG")
    return {"name": "code.png", "mimeType": "image/png", "buffer": target.getvalue()}


def expect_verdict_on(tab: Tab, samples: Samples) -> None:
    expect(tab.locator("#verdict")).to_be_visible()
    expect(tab.locator("#who")).to_have_text(samples.plate.enterprise_name)
    expect(tab.locator("main")).to_contain_text(samples.plate.address)


def test_the_camera_reads_a_plate_and_the_verdict_follows(
    playwright: Playwright, samples: Samples, printed: Image.Image, tmp_path: Path
) -> None:
    with officer_with_camera(playwright, samples.server, clip(tmp_path, printed)) as officer:
        tab = officer.open("/enforcement/scan")

        expect_verdict_on(tab, samples)
        assert officer.faults == []


def test_a_code_that_leads_elsewhere_is_refused_and_its_host_is_shown(
    playwright: Playwright, samples: Samples, tmp_path: Path
) -> None:
    sticker = picture_of_code(f"https://yizhao.example.net/c/{samples.code}")
    with officer_with_camera(playwright, samples.server, clip(tmp_path, sticker)) as officer:
        tab = officer.open("/enforcement/scan")

        expect(tab.locator(".host")).to_have_text("yizhao.example.net")
        expect(tab.locator(".verdict-red")).to_be_visible()
        expect(tab.locator("#who")).to_have_count(0)
        assert tab.url.startswith(samples.server.url)
        assert not any("yizhao.example.net" in page.url for page in officer.context.pages)


def test_a_photograph_is_read_in_the_browser(guest: Guest, samples: Samples, printed: Image.Image) -> None:
    officer = guest(role=Role.OFFICER, **PHONE_LIKE)
    tab = officer.open("/enforcement/scan")

    tab.set_input_files("#picture-file", payload(photograph(printed)))

    expect_verdict_on(tab, samples)
    assert officer.faults == []


def test_a_photograph_without_a_code_says_how_to_take_a_better_one(guest: Guest) -> None:
    tab = guest(role=Role.OFFICER, **PHONE_LIKE).open("/enforcement/scan")

    tab.set_input_files("#picture-file", payload(Image.new("RGB", (800, 600), "white")))

    expect(tab.locator("#scan-status")).to_have_text(
        tab.locator("#scanner").get_attribute("data-nothing") or ""
    )


@pytest.mark.parametrize("laid", [on_clear_ground, light_on_clear_ground])
def test_a_picture_on_a_clear_ground_is_read_in_the_browser_as_on_white_or_black(
    guest: Guest, samples: Samples, laid: Callable[[Image.Image], FilePayload]
) -> None:
    officer = guest(role=Role.OFFICER, **PHONE_LIKE)
    tab = officer.open("/enforcement/scan")

    tab.set_input_files("#picture-file", laid(picture_of_code(samples.plate.plate.text)))

    expect_verdict_on(tab, samples)
    assert officer.faults == []


def test_of_several_codes_in_a_picture_ours_is_judged_and_the_other_is_named(
    guest: Guest, samples: Samples
) -> None:
    ours, other = (
        picture_of_code(text) for text in (samples.plate.plate.text, "https://pay.example.net/f2f/7")
    )
    both = Image.new("RGB", (ours.width + other.width + 80, max(ours.height, other.height) + 80), "white")
    both.paste(other, (20, 40))
    both.paste(ours, (other.width + 60, 40))
    officer = guest(role=Role.OFFICER, **PHONE_LIKE)
    tab = officer.open("/enforcement/scan")

    tab.set_input_files("#picture-file", payload(both))

    expect_verdict_on(tab, samples)
    expect(tab.locator(".verdict-host")).to_contain_text("pay.example.net")
    assert officer.faults == []


def test_a_photograph_is_read_by_the_server_when_there_is_no_javascript(
    guest: Guest, samples: Samples, printed: Image.Image
) -> None:
    tab = guest(role=Role.OFFICER, java_script_enabled=False, **PHONE_LIKE).open("/enforcement/scan")

    tab.set_input_files("#picture-file", payload(photograph(printed)))
    tab.locator("#picture-send").click()

    expect_verdict_on(tab, samples)


def test_without_a_camera_the_page_says_what_else_can_be_done(guest: Guest) -> None:
    tab = guest(role=Role.OFFICER, **PHONE_LIKE).open("/enforcement/scan")

    expect(tab.locator("#scan-status")).to_have_text(
        tab.locator("#scanner").get_attribute("data-missing") or ""
    )
    expect(tab.locator("#picture-choose")).to_be_visible()
    expect(tab.locator("#plate")).to_be_visible()


def test_a_typed_plate_number_gives_the_same_verdict(guest: Guest, samples: Samples) -> None:
    plate_id = samples.plate.plate.plate_id
    tab = guest(role=Role.OFFICER, **PHONE_LIKE).open("/enforcement/")

    tab.locator("#plate").fill(f"{plate_id[:5].lower()}-{plate_id[5:].lower()}")
    tab.locator("form.typed button").click()

    expect_verdict_on(tab, samples)


def test_a_mistyped_plate_number_is_refused_and_can_be_corrected(guest: Guest, samples: Samples) -> None:
    plate_id = samples.plate.plate.plate_id
    wrong = plate_id[:4] + ("2" if plate_id[4] != "2" else "3") + plate_id[5:]
    tab = guest(role=Role.OFFICER, **PHONE_LIKE).open("/enforcement/")

    tab.locator("#plate").fill(wrong)
    tab.locator("form.typed button").click()

    expect(tab.locator(".verdict-red")).to_be_visible()
    expect(tab.locator("#plate")).to_have_value(re.compile(wrong, re.IGNORECASE))


def test_more_opens_with_a_purpose_and_the_enterprise_sees_who_looked(guest: Guest, samples: Samples) -> None:
    officer = guest(role=Role.OFFICER, **PHONE_LIKE)
    tab = officer.open(f"/enforcement/code/{samples.code}")
    purpose = next(iter(PURPOSES.values()))
    tab.get_by_label(purpose.name.zh).check()
    tab.get_by_role("button", name="查看").last.click()
    expect(tab).to_have_url(re.compile(f"/enforcement/enterprises/{samples.uscc}$"))
    expect(tab.locator("h1")).to_have_text(samples.plate.enterprise_name)

    owner = guest(role=Role.OWNER, **PHONE_LIKE).open("/enterprise/looks")

    newest = owner.locator("main .timeline li").first
    expect(newest).to_contain_text(DEPARTMENT)
    expect(newest).to_contain_text(purpose.name.zh)
    expect(newest).to_contain_text("测试员")


def test_a_scanned_address_leads_an_officer_to_the_officers_view(guest: Guest, samples: Samples) -> None:
    tab = guest(role=Role.OFFICER, **PHONE_LIKE).open(f"/c/{samples.code}")

    expect(tab).to_have_url(re.compile(r"/enforcement/code/"))
    expect_verdict_on(tab, samples)


def test_the_end_can_be_put_on_the_home_screen(guest: Guest) -> None:
    tab = guest(role=Role.OFFICER, **PHONE_LIKE).open("/enforcement/")
    session = tab.context.new_cdp_session(tab)

    assert session.send("Page.getAppManifest")["errors"] == []
    missing = [
        each["errorId"] for each in session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    ]
    assert missing == ["in-incognito"]  # a profile of Playwright's is always a private one
