"""What a page of another site can make an officer's or official's Chromium ask for: nothing is on record after it."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from sqlalchemy import func, select

from hub.access.models import DistrictLook, Look
from hub.codes.models import Scan
from hub.kernel.actor import Role
from hub.trust.record.models import Event
from tests.browser.samples import Samples
from tests.browser.visiting import Visitor
from tests.support.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Guest = Callable[..., Visitor]
WORDS = "purpose=complaint&reason=%E8%AF%B7%E5%9B%9E%E7%94%B5"
TARGETS = (
    "/api/v1/enterprises/{uscc}?" + WORDS,
    "/api/v1/enterprises/{uscc}/licenses?" + WORDS,
    "/api/v1/bundle?region=330802&" + WORDS,
    "/c/{code}",
    "/enforcement/code/{code}",
    "/enforcement/enterprises/{uscc}?" + WORDS,
    "/government/enterprises/{uscc}?" + WORDS,
)
WAYS = ("link", "redirect", "window", "form")


class _Elsewhere(BaseHTTPRequestHandler):
    """Another site: `/redirect?to=` leads away at once, every other page when its button is pressed."""

    def do_GET(self) -> None:  # the library's name
        asked = urlsplit(self.path)
        target = parse_qs(asked.query).get("to", [""])[0]
        if asked.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", target)
            self.end_headers()
            return
        way = asked.path.strip("/")
        address, _, query = target.partition("?")
        fields = "".join(f'<input name="{k}" value="{v[0]}">' for k, v in parse_qs(query).items())
        body = {
            "link": f'<a id="go" href="{target}">prize</a>',
            "window": f'<button id="go" onclick="window.open(\'{target}\')">prize</button>',
            "form": f'<form action="{address}">{fields}<button id="go">prize</button></form>',
        }.get(way, "")
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"<!doctype html><title>elsewhere</title>{body}".encode())

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """`localhost` is another site than the hub's 127.0.0.1."""
    site = ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere)
    thread = threading.Thread(target=site.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{site.server_address[1]}"
    site.shutdown()
    site.server_close()
    thread.join()


def on_record(server: Server) -> tuple[int, ...]:
    acts = Event.kind.in_(("enterprise.looked", "bundle.carried", "code.used"))
    with server.db.read() as session:
        return (
            session.scalar(select(func.count()).select_from(Look)) or 0,
            session.scalar(select(func.count()).select_from(DistrictLook)) or 0,
            session.scalar(select(func.count()).select_from(Scan).where(Scan.person_id.is_not(None))) or 0,
            session.scalar(select(func.count()).select_from(Event).where(acts)) or 0,
        )


@pytest.mark.parametrize(
    ("role", "way"), [*((Role.OFFICER, way) for way in WAYS), (Role.OFFICIAL, "link")], ids=str
)
def test_nothing_that_another_site_opens_is_on_record(
    role: Role, way: str, guest: Guest, samples: Samples, elsewhere: str
) -> None:
    visitor = guest(role=role)
    before = on_record(samples.server)
    for target in TARGETS:
        address = samples.server.url + target.format(uscc=samples.uscc, code=samples.code)
        tab = visitor.context.new_page()
        with visitor.context.expect_event("response", lambda got, to=address: got.url.rstrip("?") == to):
            tab.goto(f"{elsewhere}/{way}?to={quote(address, safe='')}")
            if way != "redirect":
                tab.locator("#go").click()
        tab.close()

    assert on_record(samples.server) == before


def test_the_session_is_sent_along_and_still_opens_nothing_of_the_api(
    guest: Guest, samples: Samples, elsewhere: str
) -> None:
    """The navigation carries the cookie (SameSite=Lax): it is the hub that refuses, not the browser."""
    tab = guest(role=Role.OFFICER).context.new_page()
    answers: list[tuple[int, str]] = []
    tab.on("response", lambda got: answers.append((got.status, got.url)))

    tab.goto(
        f"{elsewhere}/redirect?to={quote(f'{samples.server.url}/api/v1/enterprises/{samples.uscc}', safe='')}"
    )
    tab.goto(f"{elsewhere}/redirect?to={quote(f'{samples.server.url}/enforcement/', safe='')}")

    assert [status for status, url in answers if "/api/v1/" in url] == [403]
    assert [status for status, url in answers if url.endswith("/enforcement/")] == [200]
