"""Logging in as people do, with Chromium's virtual authenticator in the place of a fingerprint reader."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from tests.browser.samples import Samples
from tests.browser.visiting import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Guest = Callable[..., Visitor]
AT_ENFORCEMENT = re.compile(r"/enforcement/$")


def add_authenticator(tab: Tab, *, verifies: bool = True) -> None:
    """A platform authenticator in this tab; `verifies` is whether the finger is the right one."""
    session = tab.context.new_cdp_session(tab)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def enrol(visitor: Visitor, path: str) -> Tab:
    tab = visitor.open(path)
    add_authenticator(tab)
    tab.locator("[data-passkey-start]").click()
    expect(tab).to_have_url(AT_ENFORCEMENT)
    return tab


def log_out(tab: Tab) -> None:
    tab.locator("form[action$='/access/logout'] button").click()
    expect(tab.locator("form[action$='/access/logout']")).to_have_count(0)


def test_an_enrolment_link_makes_a_passkey_that_logs_in_later(guest: Guest, samples: Samples) -> None:
    visitor = guest(viewport=PHONE)
    tab = enrol(visitor, samples.enrolment())
    log_out(tab)

    tab.goto(f"{samples.server.url}/enforcement/")
    expect(tab).to_have_url(re.compile(r"/access/login\?next="))
    tab.locator("[data-passkey-start]").click()

    expect(tab).to_have_url(AT_ENFORCEMENT)
    assert visitor.faults == []


def test_a_login_ends_where_it_was_asked_for(guest: Guest, samples: Samples) -> None:
    tab = enrol(guest(), samples.enrolment())
    log_out(tab)

    tab.goto(f"{samples.server.url}/enforcement/certificate")
    tab.locator("[data-passkey-start]").click()

    expect(tab).to_have_url(re.compile(r"/enforcement/certificate$"))


def test_a_used_enrolment_link_enrols_nobody(guest: Guest, samples: Samples) -> None:
    link = samples.enrolment()
    enrol(guest(), link)

    second = guest()
    answer = second.context.request.get(f"{samples.server.url}{link}")
    tab = second.open(link, status=answer.status)

    assert answer.status in range(400, 500)
    expect(tab.locator("[data-passkey-start]")).to_have_count(0)
    assert samples.server.cookie not in {cookie["name"] for cookie in second.context.cookies()}


def test_a_finger_that_is_not_verified_logs_nobody_in(guest: Guest, samples: Samples) -> None:
    visitor = guest()
    tab = visitor.open(samples.enrolment())
    add_authenticator(tab, verifies=False)

    tab.locator("[data-passkey-start]").click()

    expect(tab.locator("#problem")).to_be_visible()
    assert samples.server.cookie not in {cookie["name"] for cookie in visitor.context.cookies()}


def test_a_device_without_our_passkey_is_told_to_try_again(guest: Guest) -> None:
    tab = guest().open("/access/login")
    add_authenticator(tab)

    tab.locator("[data-passkey-start]").click()

    expect(tab.locator("#problem")).to_be_visible(timeout=65_000)


def test_a_login_link_of_the_demonstration_works_once(guest: Guest, samples: Samples) -> None:
    link = samples.login_link()
    visitor = guest(viewport=PHONE)
    tab = visitor.open(link)
    tab.locator("main form button").click()
    expect(tab).to_have_url(re.compile(r"/enterprise/$"))

    late = guest().context.request.get(f"{samples.server.url}{link}")

    assert late.status in range(400, 500)
