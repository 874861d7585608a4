"""The account page: a person's own passkeys."""

import pytest
from sqlalchemy import select

from hub.access.models import Passkey
from hub.kernel.actor import Role
from tests.support.authenticator import Authenticator
from tests.support.browser import Browser
from tests.support.invitees import ORIGIN, Invitee

pytestmark = pytest.mark.usefixtures("acts_are_named")


def test_a_second_passkey_can_be_added_renamed_and_removed(enrolled: Invitee) -> None:
    assert enrolled.log_in(enrolled.phone.log_in(enrolled.login_options())).status_code == 200
    browser = enrolled.browser
    tablet = Authenticator(ORIGIN)
    options = browser.json("/access/passkeys/options").get_json()
    assert len(options["excludeCredentials"]) == 1
    body = {"credential": tablet.register(options), "label": "平板"}
    assert browser.json("/access/passkeys", body).status_code == 200
    identifier = tablet._answer({})["id"]

    assert browser.post(f"/access/passkeys/{identifier}/rename", {"label": "办公室平板"}).status_code == 303
    assert "办公室平板" in browser.get("/access/account").text
    assert browser.post(f"/access/passkeys/{identifier}/remove").status_code == 303
    assert "办公室平板" not in browser.get("/access/account").text


def test_the_last_passkey_stays(enrolled: Invitee) -> None:
    enrolled.log_in(enrolled.phone.log_in(enrolled.login_options()))
    identifier = enrolled.phone._answer({})["id"]

    assert enrolled.browser.post(f"/access/passkeys/{identifier}/remove").status_code == 409


def test_nobody_touches_the_passkey_of_another_person(enrolled: Invitee) -> None:
    stranger = Browser(enrolled.browser.client.application)
    stranger.login(Role.OFFICIAL)
    identifier = enrolled.phone._answer({})["id"]

    assert stranger.post(f"/access/passkeys/{identifier}/rename", {"label": "x"}).status_code == 404
    assert stranger.post(f"/access/passkeys/{identifier}/remove").status_code == 404
    with enrolled.browser.services.db.read() as session:
        assert session.scalars(select(Passkey.label)).one() == "我的手机"
