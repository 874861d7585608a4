"""Whatever an authenticator answers is accepted or refused with a reason; it never breaks the hub."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select, update

from hub.access.models import Passkey, PasskeyDoubt
from hub.access.passkey_doubts import DoubtSeenError
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from tests.support.applications import create_app, stop
from tests.support.authenticator import Authenticator
from tests.support.beside import beside
from tests.support.browser import Browser
from tests.support.invitees import ORIGIN, Invitee, invited
from tests.support.odd_answers import KEYS, STATEMENTS, Odd, encoded
from tests.support.tampering import behind_its_back

pytestmark = pytest.mark.usefixtures("acts_are_named")

BE, BS = 0x08, 0x10


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))])
def either(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Flask]:
    """The application on either database."""
    url = settings.database_url
    if request.param == "postgresql":
        made: Database = request.getfixturevalue("postgres_db")
        url = made.engine.url.render_as_string(hide_password=False)
    app = create_app(replace(settings, database_url=url))
    yield app
    stop(app)


class Kept(NamedTuple):
    sign_count: int
    is_eligible: bool | None
    is_backed_up: bool | None


def passkeys_in(invitee: Invitee) -> list[Kept]:
    columns = (Passkey.sign_count, Passkey.is_eligible, Passkey.is_backed_up)
    with invitee.browser.services.db.read() as session:
        return [Kept(*row) for row in session.execute(select(*columns))]


def register(invitee: Invitee, phone: Odd) -> tuple[int, str]:
    invitee.phone = phone
    answer = invitee.enrol(phone.register_oddly(invitee.options()))
    return answer.status_code, (answer.get_json() or {}).get("reason", "")


@pytest.mark.parametrize("key", list(KEYS))
def test_a_key_that_is_none_or_was_not_asked_for_is_refused(invitee: Invitee, key: str) -> None:
    status, reason = register(invitee, Odd(ORIGIN, cose=encoded(KEYS[key])))

    assert (status, reason) in {(401, "PASSKEY_REFUSED"), (422, "INVALID_INPUT"), (422, "PASSKEY_UNFIT")}
    assert passkeys_in(invitee) == []
    assert invitee.browser.get(invitee.path).status_code == 200  # the link is not spent


@pytest.mark.parametrize("statement", list(STATEMENTS))
def test_an_attestation_that_nobody_asked_for_is_taken_as_none(invitee: Invitee, statement: str) -> None:
    form, body = STATEMENTS[statement]
    phone = Odd(ORIGIN, form=form, statement=body)

    assert register(invitee, phone)[0] == 200
    assert invitee.browser.post("/access/logout").status_code == 303
    assert invitee.log_in(phone.log_in(invitee.login_options())).status_code == 200


@pytest.mark.parametrize(("length", "status"), [(0, 401), (1, 200), (1_023, 200), (1_024, 422), (2_000, 422)])
def test_a_credential_id_has_at_most_1023_bytes(invitee: Invitee, length: int, status: int) -> None:
    assert register(invitee, Odd(ORIGIN, credential_id=b"\x07" * length))[0] == status


def test_what_is_backed_up_without_being_eligible_is_refused(invitee: Invitee) -> None:
    assert register(invitee, Odd(ORIGIN, flags=BS))[0] == 401


def test_the_browser_waits_as_long_as_the_challenge_lives(enrolled: Invitee, app: Flask) -> None:
    assert invited(app, name="乙").options()["timeout"] == 300_000
    assert enrolled.login_options()["timeout"] == 300_000


@pytest.mark.parametrize("key", list(KEYS))
def test_a_bad_key_that_is_stored_already_logs_nobody_in(enrolled: Invitee, key: str) -> None:
    with beside(enrolled.browser.services.db) as session:
        session.execute(update(Passkey).values(public_key=encoded(KEYS[key])))

    answer = enrolled.log_in(enrolled.phone.log_in(enrolled.login_options()))

    assert (answer.status_code, answer.get_json()["reason"]) == (401, "PASSKEY_REFUSED")


def test_a_counter_of_32_bits_is_kept_on_both_databases(either: Flask) -> None:
    invitee = invited(either)
    phone = Odd(ORIGIN, count=2**32 - 2)
    assert register(invitee, phone)[0] == 200

    assert invitee.log_in(phone.log_in(invitee.login_options())).status_code == 200
    assert passkeys_in(invitee)[0].sign_count == 2**32 - 1


def test_a_counter_that_does_not_grow_is_refused_and_told_to_an_official_once(
    enrolled: Invitee, app: Flask
) -> None:
    clone = enrolled.phone.clone()
    for _ in range(2):
        assert enrolled.log_in(enrolled.phone.log_in(enrolled.login_options())).status_code == 200
    for _ in range(2):
        clone.count = 0
        assert enrolled.log_in(clone.log_in(enrolled.login_options())).status_code == 401
    official = Browser(app)
    official.login(Role.OFFICIAL)

    page = official.get("/government/doubts").text

    assert "李明" in page
    assert "签名计数未增加" in page
    with enrolled.browser.services.db.read() as session:
        doubt = session.scalars(select(PasskeyDoubt.id)).one()
    assert official.post(f"/government/doubts/{doubt}").status_code == 303
    again = official.post(f"/government/doubts/{doubt}")
    assert (again.status_code, DoubtSeenError.zh in again.text) == (409, True)
    assert "已处理" in official.get("/government/doubts").text
    gone = "DELETE FROM access_person WHERE id = (SELECT person_id FROM access_passkey_doubt)"
    behind_its_back(enrolled.browser.services.db, gone)
    assert "签名计数未增加" in official.get("/government/doubts").text


def test_a_forged_answer_with_an_old_counter_tells_nobody_anything(enrolled: Invitee) -> None:
    assert enrolled.log_in(enrolled.phone.log_in(enrolled.login_options())).status_code == 200
    forger = Authenticator(
        ORIGIN, credential_id=enrolled.phone.credential_id, handle=enrolled.phone.handle, count=0
    )

    assert enrolled.log_in(forger.log_in(enrolled.login_options())).status_code == 401
    with enrolled.browser.services.db.read() as session:
        assert session.scalars(select(PasskeyDoubt)).all() == []


@pytest.mark.parametrize(("before", "after", "status"), [(0, BE, 401), (BE, 0, 401), (BE, BE | BS, 200)])
def test_whether_a_passkey_may_be_backed_up_never_changes(
    invitee: Invitee, before: int, after: int, status: int
) -> None:
    phone = Odd(ORIGIN, flags=before)
    assert register(invitee, phone)[0] == 200
    assert passkeys_in(invitee)[0].is_eligible is bool(before)
    phone.lasting = after

    assert invitee.log_in(phone.log_in(invitee.login_options())).status_code == status
    assert passkeys_in(invitee)[0].is_backed_up is (status == 200)


@pytest.mark.parametrize(
    "body",
    [
        {"credential": {"response": {"clientDataJSON": "W" * 15_000}}},
        {"credential": {"response": {"clientDataJSON": "W1tb" * 3_900}}},
        {"credential": {"rawId": "\ud800", "response": {"clientDataJSON": "\ud800"}}},
        {"credential": {"rawId": "☃", "response": {"clientDataJSON": "☃"}}},
        {"credential": {"response": []}},
        {"credential": []},
        {"credential": None},
        {"credential": {}, "label": "x"},
        {"credential": {"a": {"b": {"c": [1, {"d": 2}]}}}},
        [],
        "text",
        None,
        7,
    ],
)
@pytest.mark.parametrize("path", ["/access/login", "/access/prove", "/access/passkeys", "enrol"])
def test_nonsense_is_refused_at_every_door_of_passkeys(invitee: Invitee, path: str, body: object) -> None:
    browser = invitee.browser
    browser.login(Role.OFFICIAL)
    where = invitee.path if path == "enrol" else path

    assert browser.json(where, body).status_code in {400, 401, 422}
