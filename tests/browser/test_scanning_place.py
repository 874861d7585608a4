"""An officer's scanner with the position compared: told, refused, unknown or lost, in a real browser; nothing of it stays."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Geolocation, expect
from playwright.sync_api import Page as Tab
from sqlalchemy import inspect, select, table, text

from hub.codes.printing import plate_face, png
from hub.kernel.actor import Role
from hub.supervision.clones.models import PlateSighting
from tests.browser.samples import Samples
from tests.browser.visiting import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Guest = Callable[..., Visitor]
FAR: Geolocation = {"latitude": 29.6734567, "longitude": 119.6734567, "accuracy": 20}
TRACES = ("29.673", "119.673", "29.6734567", "119.6734567")
HEARING = """window.heard = "";
const watch = Geolocation.prototype.watchPosition;
Geolocation.prototype.watchPosition = function (ok, failed, options) {
  return watch.call(this, place => { ok(place); heard = "told"; },
    error => { failed(error); heard = ["", "refused", "unavailable", "late"][error.code]; }, options);
};"""  # what the page's own watch was told last


def emulate(tab: Tab, position: Geolocation | None) -> None:
    """Let the browser know this position (Emulation.setGeolocationOverride); None: it cannot find out where it is."""
    tab.context.set_geolocation(position)


def hears(tab: Tab, what: str) -> None:
    """Wait until the page has been told so."""
    tab.wait_for_function("what => heard === what", arg=what)


def officers_scanner(guest: Guest, **wishes: Any) -> tuple[Visitor, Tab, list[str]]:
    """The scanner with the comparison switched on, and the bodies that it sends."""
    officer = guest(role=Role.OFFICER, viewport=PHONE, **wishes)
    officer.context.add_init_script(HEARING)
    tab = officer.open("/enforcement/scan")
    sent: list[str] = []
    tab.on("request", lambda request: sent.append(request.post_data or ""))
    return officer, tab, sent


def photographed(tab: Tab, samples: Samples) -> None:
    """The plate from a picture, which the page reads itself."""
    settings = samples.server.settings
    picture = png(plate_face(samples.plate, base_url=settings.base_url, demo=settings.demo))
    tab.locator("#picture-file").set_input_files(
        {"name": "door.png", "mimeType": "image/png", "buffer": picture}
    )
    expect(tab.locator("#who")).to_have_text(samples.plate.enterprise_name)


def stored(samples: Samples) -> str:
    """Everything that the hub keeps: its database, table by table, and its log of requests."""
    db = samples.server.db
    with db.read() as session:
        tables = inspect(session.connection()).get_table_names()
        rows = [
            str(row) for name in tables for row in session.execute(select(text("*")).select_from(table(name)))
        ]
    logs = [path.read_text(encoding="utf-8") for path in (samples.server.log, *log_files(samples))]
    return "\n".join([*rows, *logs])


def log_files(samples: Samples) -> list[Path]:
    return list(samples.server.settings.home.glob("*.jsonl"))


def test_an_officer_who_lets_the_position_be_compared_is_told_and_no_position_stays(
    guest: Guest, samples: Samples
) -> None:
    officer, tab, sent = officers_scanner(guest, permissions=["geolocation"])
    emulate(tab, FAR)
    tab.locator("#with-position").check()
    hears(tab, "told")

    photographed(tab, samples)

    expect(tab.locator("main")).to_contain_text("您距登记场所超过 300 米")
    (body,) = [each for each in sent if "latitude" in each]
    assert re.search(r"latitude=29\.673&longitude=119\.673&accuracy=20(&|$)", body)
    assert "29.6734567" not in body
    kept = stored(samples)
    assert samples.plate.plate.plate_id in kept
    assert not [trace for trace in TRACES if trace in kept]
    with samples.server.db.read() as session:
        nearness = select(PlateSighting.nearness).where(
            PlateSighting.plate_id == samples.plate.plate.plate_id
        )
        assert "away" in session.scalars(nearness).all()
    assert officer.faults == []


@pytest.mark.parametrize(
    ("permissions", "position", "becomes"),
    [([], FAR, "refused"), (["geolocation"], None, "unavailable")],
    ids=("refused", "unknown"),
)
def test_a_position_that_is_refused_or_unknown_is_not_sent_and_the_verdict_comes_all_the_same(
    guest: Guest, samples: Samples, permissions: list[str], position: Geolocation | None, becomes: str
) -> None:
    officer, tab, sent = officers_scanner(guest, permissions=permissions)
    emulate(tab, position)
    tab.locator("#with-position").check()
    hears(tab, becomes)

    photographed(tab, samples)

    assert not [body for body in sent if "latitude" in body]
    assert "300 米" not in tab.locator("main").inner_text()
    assert officer.faults == []


def test_a_position_that_is_lost_again_is_not_sent(guest: Guest, samples: Samples) -> None:
    _, tab, sent = officers_scanner(guest, permissions=["geolocation"])
    emulate(tab, FAR)
    tab.locator("#with-position").check()
    hears(tab, "told")
    emulate(tab, None)
    hears(tab, "unavailable")

    photographed(tab, samples)

    assert not [body for body in sent if "latitude" in body]


def test_without_the_tick_nothing_is_asked_and_nothing_sent(guest: Guest, samples: Samples) -> None:
    _, tab, sent = officers_scanner(guest, permissions=["geolocation"])
    emulate(tab, FAR)
    assert not tab.locator("#with-position").is_checked()

    photographed(tab, samples)

    assert not [body for body in sent if "latitude" in body]
