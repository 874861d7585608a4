"""What Chromium does with our headers and with names that try to be programs."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from hub.codes.plates.queries import plates_of
from hub.kernel.actor import Role
from hub.registry.models import Enterprise
from tests.browser.samples import Samples
from tests.browser.visiting import Visitor
from tests.support.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Guest = Callable[..., Visitor]
HOSTILE = (
    "<script>document.documentElement.dataset.planted='script'</script>"
    "<img src=x onerror=\"document.documentElement.dataset.planted='handler'\">'\"</title></textarea>{{7*7}}"
)
# Runs in the page itself, as if escaping had failed: what is planted, and what the browser said about it.
_PLANT = """async html => {
  const refused = [];
  document.addEventListener("securitypolicyviolation", e => refused.push(e.effectiveDirective));
  document.body.insertAdjacentHTML("beforeend", html);
  const script = document.createElement("script");
  script.textContent = "document.documentElement.dataset.planted = 'script'";
  document.body.append(script);
  const style = document.createElement("style");
  style.textContent = "h1 { display: none }";
  document.body.append(style);
  const beyond = document.createElement("script");
  beyond.src = "https://planted.example/x.js";
  document.body.append(beyond);
  await new Promise(done => setTimeout(done, 300));
  return [...new Set(refused)].sort();
}"""
ENDS = (
    (None, "/"),
    (None, "/c/{code}"),
    (Role.OWNER, "/enterprise/"),
    (Role.OFFICER, "/enforcement/scan"),
    (Role.OFFICIAL, "/government/"),
)


class Hostile(NamedTuple):
    uscc: str
    code: str


@pytest.fixture(scope="module")
def hostile(server: Server, samples: Samples) -> Iterator[Hostile]:
    """An enterprise whose name slipped past every check of the import."""
    with server.db.read() as session:
        others = session.scalars(select(Enterprise.uscc).where(Enterprise.uscc != samples.uscc)).all()
    standing = (row.plate for uscc in others for row in plates_of(uscc, db=server.db) if row.plate.is_active)
    plate = next(standing)
    with server.db.write() as session:
        before = session.scalars(select(Enterprise.name).where(Enterprise.uscc == plate.uscc)).one()
        session.execute(update(Enterprise).where(Enterprise.uscc == plate.uscc).values(name=HOSTILE))
    yield Hostile(plate.uscc, plate.text.rpartition("/")[2])
    with server.db.write() as session:
        session.execute(update(Enterprise).where(Enterprise.uscc == plate.uscc).values(name=before))


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (None, "/c/{code}"),
        (Role.OWNER, "/enterprise/"),
        (Role.OWNER, "/enterprise/code"),
        (Role.OFFICER, "/enforcement/code/{code}"),
        (Role.OFFICER, "/enforcement/enterprises/{uscc}"),
        (Role.OFFICIAL, "/government/enterprises?q={uscc}"),
        (Role.OFFICIAL, "/government/enterprises/{uscc}"),
    ],
    ids=str,
)
def test_a_name_that_is_a_program_is_only_read(
    role: Role | None, path: str, guest: Guest, hostile: Hostile
) -> None:
    visitor = guest(role=role, uscc=hostile.uscc)
    tab = visitor.open(path.format(uscc=hostile.uscc, code=hostile.code))

    expect(tab.locator("main")).to_contain_text("<script>document.documentElement.dataset.planted")
    expect(tab.locator("main")).to_contain_text("{{7*7}}")
    assert tab.evaluate("document.documentElement.dataset.planted ?? null") is None
    assert tab.locator("img[src=x]").count() == 0
    assert visitor.faults == []


@pytest.mark.parametrize(("role", "path"), ENDS, ids=str)
def test_chromium_refuses_what_is_planted_even_if_escaping_failed(
    role: Role | None, path: str, guest: Guest, samples: Samples
) -> None:
    tab = guest(role=role).open(path.format(code=samples.code))

    refused = tab.evaluate(_PLANT, HOSTILE)

    assert refused == ["script-src-attr", "script-src-elem", "style-src-elem"]
    assert tab.evaluate("document.documentElement.dataset.planted ?? null") is None
    expect(tab.locator("h1").first).not_to_have_css("display", "none")


def test_no_other_site_can_frame_our_pages(guest: Guest, samples: Samples) -> None:
    visitor = guest()
    tab = visitor.context.new_page()
    tab.route(
        "http://elsewhere.test/",
        lambda route: route.fulfill(content_type="text/html", body="<iframe></iframe>"),
    )
    tab.goto("http://elsewhere.test/")

    with tab.expect_event("framenavigated", lambda frame: frame.parent_frame is not None) as event:
        tab.evaluate("url => { document.querySelector('iframe').src = url; }", f"{samples.server.url}/")

    assert event.value.url.startswith("chrome-error:")


def test_only_the_scan_page_may_use_the_camera(guest: Guest) -> None:
    officer = guest(role=Role.OFFICER)
    asks = "() => document.featurePolicy.allowsFeature('camera')"

    assert officer.open("/enforcement/scan").evaluate(asks) is True
    assert officer.open("/enforcement/").evaluate(asks) is False


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    guest: Guest, samples: Samples
) -> None:
    visitor = guest()
    tab = visitor.open(samples.login_link(Role.OFFICIAL))
    tab.locator("main form button").click()
    expect(tab.locator("h1")).to_be_visible()

    cookie = next(each for each in visitor.context.cookies() if each["name"] == samples.server.cookie)

    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    assert samples.server.cookie not in tab.evaluate("document.cookie")
