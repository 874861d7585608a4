"""The public log from outside: read by a program that knows only C2SP's documents, and its receipts."""

import base64
import hashlib
import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask
from flask.testing import FlaskClient

from hub import config
from hub.kernel.actor import Role
from hub.trust.receipts import REASONS
from hub.trust.record import events
from signing.log import verify_receipt
from tests.support.browser import Browser
from tests.support.logs import USCC, LogHub
from tests.support.plates import add_enterprise

SIZE = 300  # one full tile, a partial one, two levels


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> LogHub:
    made = LogHub.make(tmp_path_factory.mktemp("log") / "var")
    made.add(SIZE)
    return made


@pytest.fixture
def app(hub: LogHub) -> Iterator[Flask]:
    with hub.app() as made:
        yield made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


class Reader:
    """A log reader made from C2SP signed-note, tlog-checkpoint and tlog-tiles, and RFC 6962: nothing of ours."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str) -> bytes:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return answer.data

    def checkpoint(self) -> tuple[str, int, bytes]:
        text, signatures = self.get("/log/checkpoint").decode().split("\n\n")
        text += "\n"
        origin, size, root = text.splitlines()
        (line,) = signatures.splitlines()
        dash, name, blob = line.split(" ")
        raw = base64.b64decode(blob)
        jwks = json.loads(self.get("/.well-known/jwks.json"))
        (jwk,) = [key for key in jwks["keys"] if key["purpose"] == "log"]
        public = base64.urlsafe_b64decode(jwk["x"] + "=")
        assert (dash, name) == ("\u2014", origin)
        assert raw[:4] == hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
        Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], text.encode())
        return origin, int(size), base64.b64decode(root)

    def entries(self, size: int) -> list[bytes]:
        found: list[bytes] = []
        for number in range((size + 255) // 256):
            width = min(256, size - number * 256)
            part = "" if width == 256 else f".p/{width}"
            bundle = self.get(f"/log/tile/entries/{number:03d}{part}")
            while bundle:
                (length,) = struct.unpack(">H", bundle[:2])
                found.append(bundle[2 : 2 + length])
                bundle = bundle[2 + length :]
        return found


def tree_hash(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + tree_hash(leaves[:split]) + tree_hash(leaves[split:])).digest()


def test_a_stranger_recomputes_the_whole_log(client: FlaskClient, hub: LogHub) -> None:
    reader = Reader(client)
    origin, size, root = reader.checkpoint()

    entries = reader.entries(size)

    assert (origin, size) == (hub.origin, len(entries))
    assert tree_hash(entries) == root
    leaf_tile = reader.get("/log/tile/0/000")
    assert leaf_tile == b"".join(hashlib.sha256(b"\0" + entry).digest() for entry in entries[:256])
    assert reader.get("/log/tile/1/000.p/1") == tree_hash(entries[:256])
    for entry in entries:
        assert json.loads(entry).keys() == {"at", "commitment", "kind"}
        assert USCC.encode() not in entry


def test_full_tiles_are_kept_for_ever_and_the_checkpoint_is_not(client: FlaskClient) -> None:
    full = client.get("/log/tile/0/000")
    partial = client.get("/log/tile/0/001.p/44")
    checkpoint = client.get("/log/checkpoint")

    assert full.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert partial.headers["Cache-Control"] == "public, max-age=60"
    assert checkpoint.headers["Cache-Control"] == "public, max-age=1"
    assert checkpoint.headers["Access-Control-Allow-Origin"] == "*"
    for path, answer in (("/log/tile/0/000", full), ("/log/checkpoint", checkpoint)):
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/log/tile/0/001",
        "/log/tile/0/001.p/45",
        "/log/tile/0/002",
        "/log/tile/1/000",
        "/log/tile/1/000.p/2",
        "/log/tile/2/000.p/1",
        "/log/tile/00/000",
        "/log/tile/0/0",
        "/log/tile/0/x000/001",
        "/log/tile/0/000.p/0",
        "/log/tile/0/000.p/256",
        "/log/tile/64/000",
        "/log/tile/-1/000",
        "/log/tile/x/000",
        "/log/tile/entries/001",
        "/log/tile/entries/001.p/45",
        "/log/tile/entries/0",
        "/log/tile/0/000/",
        "/log/tile/0/..%2f000",
        "/log/receipts/01900000-0000-7000-8000-000000000000",
        "/log/receipts/x",
    ],
)
def test_what_the_log_does_not_have_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_fuller_tile_begins_with_the_emptier(client: FlaskClient) -> None:
    assert client.get("/log/tile/0/000").data[: 7 * 32] == client.get("/log/tile/0/000.p/7").data


def test_anyone_who_knows_an_act_gets_its_receipt_without_its_opening(
    client: FlaskClient, hub: LogHub
) -> None:
    act = hub.add(1)[0]
    answer = client.get(f"/log/receipts/{act}")

    found = verify_receipt(
        answer.text,
        keys=hub.issuer.key_set,
        now=config.now(),
        issuer=hub.settings.base_url,
        origin=hub.origin,
    )

    assert answer.mimetype == "application/jwt"
    assert answer.headers["Cache-Control"] == "no-store"
    assert (found.id, found.kind, found.opening) == (act, "account.invited", None)
    assert USCC not in base64.urlsafe_b64decode(answer.text.split(".")[1] + "==").decode()


def test_an_act_that_waits_says_so(client: FlaskClient, hub: LogHub) -> None:
    with hub.db.write() as session:
        act = events.record(
            session, kind="account.ended", uscc=USCC, subject="s", by="test", data={}, now=config.now()
        )
    answer = client.get(f"/log/receipts/{act.id}")

    assert (answer.status_code, answer.get_json()["reason"]) == (409, "LOG_NOT_SEQUENCED")
    hub.sequence()
    assert client.get(f"/log/receipts/{act.id}").status_code == 200


def verdict(browser: Browser, receipt: str) -> dict[str, object]:
    answer = browser.json("/api/v1/verifications", {"receipt": receipt})
    assert answer.status_code == 200
    found: dict[str, object] = answer.get_json()
    return found


def test_a_receipt_is_verified_over_the_api(app: Flask, hub: LogHub) -> None:
    browser = Browser(app)
    receipt = browser.get(f"/log/receipts/{hub.add(1)[0]}").text

    good, bad = verdict(browser, receipt), verdict(browser, receipt[:-4] + "AAAA")

    entry = good["entry"]
    assert isinstance(entry, dict)
    assert (good["verdict"], good["genuine"], good["kind"]) == ("valid", True, "receipt")
    assert (good["reasons"], entry["log"]) == (["RECEIPT_IN_LOG"], hub.origin)
    assert (bad["verdict"], bad["genuine"], bad["reasons"]) == ("refused", False, ["TOKEN_SIGNATURE"])
    assert "entry" not in bad


def test_the_enterprise_reads_opens_and_takes_away_what_is_recorded_about_it(app: Flask, hub: LogHub) -> None:
    add_enterprise(hub.db)
    owner = Browser(app)
    owner.login(Role.OWNER, uscc=USCC)
    hub.sequence()
    page = owner.get("/enterprise/log").text
    path = re.findall(r"/enterprise/log/receipts/[0-9a-f-]{36}", page)[0]

    answer = owner.get(path)
    found = verify_receipt(answer.text.strip(), keys=hub.issuer.key_set, now=config.now())
    exported = [json.loads(line) for line in owner.get("/enterprise/log/export").text.splitlines()]

    assert found.opening is not None
    assert found.opening["uscc"] == USCC
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert len(exported) > SIZE
    for line in exported[:5]:
        if line["receipt"] is not None:
            assert verify_receipt(line["receipt"], keys=hub.issuer.key_set, now=config.now()).opening


def test_another_enterprise_gets_no_receipt_with_an_opening(app: Flask, hub: LogHub) -> None:
    foreign = hub.add(1, uscc="91330802MA2TEXT24X")[0]
    owner = Browser(app)
    owner.login(Role.OWNER, uscc=USCC)

    assert owner.get(f"/enterprise/log/receipts/{foreign}").status_code == 404


def test_a_citizen_checks_a_receipt_on_the_page(app: Flask, hub: LogHub) -> None:
    browser = Browser(app)
    receipt = browser.get(f"/log/receipts/{hub.add(1)[0]}").text
    broken = "\n".join(receipt[start : start + 70] for start in range(0, len(receipt), 70))

    good = browser.post("/log/check", {"receipt": broken})
    bad = browser.post("/log/check", {"receipt": "no receipt"})

    assert REASONS["RECEIPT_IN_LOG"].zh in good.text
    assert REASONS["TOKEN_FORM"].zh in bad.text
    assert (good.status_code, bad.status_code) == (200, 200)


def test_what_goes_wrong_on_the_page_is_told_on_a_page(app: Flask) -> None:
    browser = Browser(app)
    browser.get("/log/")

    too_long = browser.post("/log/check", {"receipt": "x" * 20_001})
    stale = app.test_client().post("/log/check", headers={"Accept": "text/html"})

    assert (too_long.status_code, too_long.mimetype) == (400, "text/html")
    assert (stale.status_code, stale.mimetype) == (403, "text/html")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_says_how_the_log_stands(client: FlaskClient, language: str) -> None:
    page = client.get("/log/", query_string={"lang": language}).text

    assert client.get("/log/checkpoint").text.splitlines()[0] in page
    assert "account.invited" in page
    assert "<script>" not in page


def test_an_auditor_gets_any_receipt_with_its_opening_and_others_do_not(app: Flask, hub: LogHub) -> None:
    act = hub.add(1)[0]
    auditor, official = Browser(app), Browser(app)
    auditor.login(Role.AUDITOR)
    official.login(Role.OFFICIAL)
    path = f"/government/audit/receipts/{act}"

    found = verify_receipt(auditor.get(path).text.strip(), keys=hub.issuer.key_set, now=config.now())

    assert found.opening is not None
    assert path in auditor.get("/government/audit").text
    assert official.get(path).status_code == 404


def test_a_receipt_of_a_history_that_was_rewritten_is_told_apart(tmp_path: Path) -> None:
    """The receipt is genuine, and today's log has another entry in its place: it is evidence, and the hub says so."""
    hub = LogHub.make(tmp_path / "var")
    hub.add(3)
    copy = hub.copy_database()
    receipt = hub.run("log", "receipt", hub.add(2)[1]).output.strip()
    hub.restore(copy)
    hub.add(4)

    told = hub.run("verify", receipt, "--json")

    assert (told.exit_code, json.loads(told.output)["reasons"]) == (1, ["RECEIPT_LOG_DIFFERS"])
    hub.db.close()
