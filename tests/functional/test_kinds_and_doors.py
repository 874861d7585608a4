"""Every kind of text that the hub signs, offered at every place that takes one: believed at its own, refused elsewhere."""

from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from hub import config
from hub.cli.context import HubContext
from hub.cli.duties import DUTIES, Worker, run_all
from hub.cli.verify import verify
from hub.codes import dynamic
from hub.codes.models import Plate
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.trust.record.models import Event
from hub.web.context import EXTENSION, Services, cookie_name
from keys import Purpose
from signing import TokenKind, sign_token
from tests.support.browser import Browser
from tests.support.plates import OWNER, USCC, add_license, add_plate, press_of
from tests.support.reference import TABLES
from tests.support.taking import PARTY, VERIFY, shown, text_of
from tests.support.wallets import proof_for, registered

NAME = "衢州示例餐饮有限公司"  # whose name is shown, is believed
Texts = Mapping[str, str]
Door = Callable[[str], bool]

CODES = frozenset({"plate", "dynamic"})
CREDENTIALS = frozenset({"credential", "presentation"})
OWN: Mapping[
    str, frozenset[str]
] = {  # what each door is there for; a door that is not named here is for none
    "page": CODES,
    "code": CODES,
    "code in a batch": CODES,
    "officer's scan": CODES,
    "credential": CREDENTIALS,
    "credential with a verifier": frozenset({"presentation"}),
    "credential in a batch": CREDENTIALS,
    "receipt": frozenset({"receipt"}),
    "receipt in a batch": frozenset({"receipt"}),
    "command line": CODES | CREDENTIALS | {"receipt"},
}


@pytest.fixture
def owner(app: Flask, db: Database, settings: Settings) -> Browser:
    add_plate(db, settings, name="一号店")
    browser = Browser(app)
    browser.login(Role.OWNER, uscc=USCC)
    return browser


@pytest.fixture
def texts(app: Flask, db: Database, settings: Settings, owner: Browser) -> Texts:
    """One genuine text of each kind, made by the hub itself as it would be for its users."""
    services: Services = app.extensions[EXTENSION]
    now = config.now()
    holder = registered(owner)
    credential = text_of(owner, add_license(db))
    duties = [each for each in DUTIES if each.name in {"log", "statuses"}]
    run_all(Worker(db, settings, services.issuer, TABLES), now=config.now, duties=duties)
    client = app.test_client()
    with db.read() as session:
        event = session.scalars(select(Event.id).where(Event.kind == "plate.made")).one()
        plate = session.scalars(select(Plate.text)).one()
    signer = services.issuer.key_ring.signer(Purpose.OIDC)
    claims = {
        "iss": settings.base_url,
        "sub": USCC,
        "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + 600,
    }
    return {
        "plate": plate,
        "dynamic": dynamic.new_dynamic(USCC, press=press_of(settings), seconds=300, by=OWNER, now=now).text,
        "credential": credential,
        "presentation": shown(credential, holder, "number"),
        "receipt": client.get(f"/log/receipts/{event}").text,
        "status list": client.get("/status/1").text,
        "bundle": client.get("/api/v1/bundle").get_json()["bundle"],
        "key history": client.get("/.well-known/key-history").text,
        "checkpoint": client.get("/log/checkpoint").text,
        "access token": sign_token(claims, kind=TokenKind.ACCESS, signer=signer),
        "id token": sign_token(claims, kind=TokenKind.IDENTITY, signer=signer),
        "wallet's proof": proof_for(owner, holder),
        "key binding": shown(credential, holder, "number").rpartition("~")[2],
        "session": owner.client.get_cookie(cookie_name(settings), domain="127.0.0.1").value,  # type: ignore[union-attr]  # logged in
    }


class Doors:
    """Every place that takes a signed text, as somebody who found one would try it. True: the text was believed."""

    def __init__(self, app: Flask, environ: Mapping[str, str]) -> None:
        self._app, self._environ = app, dict(environ)
        self._client = app.test_client(use_cookies=False)
        self._officer = Browser(app)
        self._officer.login(Role.OFFICER)

    def table(self) -> dict[str, Door]:
        return {
            "page": self.page,
            "code": partial(self.asked, "code"),
            "code in a batch": partial(self.asked, "code", batch=True),
            "credential": partial(self.asked, "credential"),
            "credential with a verifier": partial(
                self.asked, "credential", audience=PARTY["audience"], nonce=PARTY["nonce"]
            ),
            "credential in a batch": partial(self.asked, "credential", batch=True),
            "receipt": partial(self.asked, "receipt"),
            "receipt in a batch": partial(self.asked, "receipt", batch=True),
            "officer's scan": self.scan,
            "command line": self.command,
            "login": self.login,
            "bearer": self.bearer,
            "cookie": self.cookie,
        }

    def asked(self, member: str, text: str, *, batch: bool = False, **more: str) -> bool:
        item = {member: text, **more}
        if not batch:
            answer = self._client.post(VERIFY, json=item)
            return answer.status_code == 200 and answer.get_json()["genuine"]
        answer = self._client.post(f"{VERIFY}/batch", json={"items": [item, {"code": "not a code"}]})
        return answer.status_code == 200 and answer.get_json()["items"][0]["genuine"]

    def page(self, text: str) -> bool:
        return NAME in self._client.get(f"/c/{quote(text.rpartition('/c/')[2], safe='')}").text

    def scan(self, text: str) -> bool:
        return NAME in self._officer.post("/enforcement/scan", {"text": text}).text

    def command(self, text: str) -> bool:
        ran = CliRunner(env=self._environ).invoke(verify, ["--", text], obj=HubContext())
        assert ran.exit_code in {0, 1, 2, 3}, ran.output
        return ran.exit_code in {0, 1}

    def login(self, text: str) -> bool:
        visitor = Browser(self._app)
        attempts = (
            visitor.json("/access/login", {"code": text}),
            visitor.json("/access/login", {"credential": text}),
            visitor.post(f"/access/link/{quote(text, safe='')}"),
            visitor.get(f"/access/enrol/{quote(text, safe='')}"),
        )
        is_in = visitor.get("/enterprise/").status_code == 200
        return is_in or any(_opens(answer.headers.getlist("Set-Cookie")) for answer in attempts)

    def bearer(self, text: str) -> bool:
        return self._enters("Authorization", f"Bearer {text}")

    def cookie(self, text: str) -> bool:
        services: Services = self._app.extensions[EXTENSION]
        return self._enters("Cookie", f"{cookie_name(services.settings)}={text}")

    def _enters(self, name: str, value: str) -> bool:
        headers = {name: value.encode("ascii", "ignore").decode().replace("\n", " ")}
        return self._client.get("/enterprise/", headers=headers).status_code == 200


def _opens(cookies: list[str]) -> bool:
    return any(
        each.startswith(("hub_session=", "__Host-hub=")) and "Max-Age=0" not in each for each in cookies
    )


def test_every_kind_is_believed_at_its_own_doors_and_at_no_other(
    app: Flask, texts: Texts, environ: dict[str, str]
) -> None:
    believed = set()
    doors = Doors(app, environ).table()
    for place, door in doors.items():
        for kind, text in texts.items():
            if door(text):
                believed.add((kind, place))

    expected = {(kind, place) for place, kinds in OWN.items() for kind in kinds} | {("session", "cookie")}
    assert believed == expected
    assert len(doors) * len(texts) >= 180


def test_a_presentation_shown_to_one_who_asked_for_nothing_says_so(app: Flask, texts: Texts) -> None:
    """It is a genuine credential, and no proof that its holder stands before whoever received it."""
    answer = app.test_client().post(VERIFY, json={"credential": texts["presentation"]}).get_json()

    assert (answer["verdict"], "HOLDER_NOT_ASKED" in answer["reasons"]) == ("attention", True)
