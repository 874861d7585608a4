"""What tests do with a PKCS#11 token, in a process of its own: `python -m tests.support.token_work WORK URI RING ...`.

Prints one JSON document.
"""

import json
import multiprocessing
import sys
import time
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from flask.testing import FlaskClient

from hub.app import create_app
from hub.config import Settings
from keys import (
    Algorithm,
    AlgorithmNotSupportedError,
    KeyRing,
    KeysError,
    Purpose,
    PurposeSigner,
    RingFolder,
    SignerAwayError,
    profile_algorithms,
)
from signing import Verifier, new_plate_id, sign_plate
from tests.support.applications import stop
from tests.support.softhsm import PIN
from tests.support.token_fields import fields_away, fields_lost, fields_web

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
USCC = "91330802MA2TEXT162"
ORIGIN = "https://hub.example"
PROCESSES, SIGNATURES = 4, 200
PATIENCE = 60.0  # a bound for a device that never comes back, not a measure


def create(uri: str, ring: Path) -> object:
    made = KeyRing.create(ring, PIN, now=NOW, source=uri)
    again = KeyRing.create(ring, PIN, now=NOW, source=uri)
    return {"jwks": made.jwks(), "same": made.infos == again.infos, "checked": made.is_checked}


def sign(uri: str, ring: Path) -> object:
    opened = KeyRing.open(ring, PIN, source=uri)
    return {
        purpose.value: b64encode(opened.signer(purpose).sign(f"message {number}".encode())).decode()
        for number, purpose in enumerate(Purpose)
    }


def plate(uri: str, ring: Path) -> object:
    signer = KeyRing.open(ring, PIN, source=uri).signer(Purpose.CODE_PLATE)
    return [sign_plate(uscc=USCC, plate_id=new_plate_id(), origin=ORIGIN, signer=signer) for _ in range(20)]


def outage(uri: str, ring: Path, token: Path) -> object:
    """The device is pulled out of a running process, looked for, and put back."""
    opened = KeyRing.open(ring, PIN, source=uri)
    signer = opened.signer(Purpose.CODE_PLATE)
    text = sign_plate(uscc=USCC, plate_id=new_plate_id(), origin=ORIGIN, signer=signer)
    away = token.with_name("away")
    token.rename(away)
    refused = [_refusal(signer) for _ in range(3)]
    started_away = KeyRing.open(ring, PIN, source=uri)
    believed = Verifier(started_away.verification_keys(), origins=[ORIGIN]).verify_code(text, now=NOW).uscc
    waiting = _refusal(started_away.signer(Purpose.LOG))
    away.rename(token)
    return {
        "refused": refused,
        "unchecked": started_away.is_checked is False,
        "believed": believed,
        "waiting": waiting,
        "back": [_eventually(signer), _eventually(started_away.signer(Purpose.LOG))],
        "checked": KeyRing.open(ring, PIN, source=uri).is_checked,
    }


def start_away(uri: str, ring: Path) -> object:
    """A process that never saw the device."""
    try:
        opened = KeyRing.open(ring, PIN, source=uri)
    except KeysError as error:
        return {"refused": type(error).__name__}
    keys = [key.kid for key in opened.verification_keys()]
    return {
        "checked": opened.is_checked,
        "keys": keys,
        "sign": _refusal(opened.signer(Purpose.CODE_PLATE)),
        "change": _change(uri, ring),
    }


def rotate(uri: str, ring: Path) -> object:
    place = RingFolder(ring, PIN, source=uri)
    place.generate(Purpose.CODE_PLATE, Algorithm.ES256, now=NOW)
    place.compromise("P1", reason="test", now=NOW)
    place.rotate(Purpose.CODE_PLATE, Algorithm.ES256, now=NOW, at_once=True)
    signer = KeyRing.open(ring, PIN, source=uri).signer(Purpose.CODE_PLATE)
    return {"kid": signer.kid, "length": len(signer.sign(b"x"))}


def crowd(uri: str, ring: Path) -> object:
    """Four processes at once, forked from one that has the device open."""
    opened = KeyRing.open(ring, PIN, source=uri)
    opened.signer(Purpose.CODE_PLATE).sign(b"the parent signs first")
    context = multiprocessing.get_context("fork")
    keys = opened.verification_keys()
    with context.Pool(PROCESSES, initializer=_inherit, initargs=(opened,)) as pool:
        texts = [text for batch in pool.map(_batch, range(PROCESSES)) for text in batch]
    mine = _batch_of(opened)
    verifier = Verifier(keys, origins=[ORIGIN])
    return len({verifier.verify_code(text, now=NOW).payload for text in [*texts, *mine]})


def wrong_pin(uri: str, ring: Path) -> object:
    """Many attempts of one process with a wrong PIN are one attempt for the token."""
    said = []
    for _ in range(20):
        try:
            KeyRing.open(ring, "not the pin", source=uri)
        except KeysError as error:
            said.append(type(error).__name__)
    return {"said": said, "kids": len(KeyRing.open(ring, PIN, source=uri).infos)}


def national(uri: str, ring: Path) -> object:
    try:
        KeyRing.create(ring, PIN, now=NOW, source=uri, algorithms=profile_algorithms("national"))
    except AlgorithmNotSupportedError as error:
        return str(error)
    return None


def reseal(uri: str, ring: Path) -> object:
    """The device is lost for good; another token takes its place under the same name."""
    lost = []
    try:
        KeyRing.open(ring, PIN, source=uri)
    except KeysError as error:
        lost.append(type(error).__name__)
    place = RingFolder(ring, PIN, source=uri)
    place.reseal()
    for info in place.read().infos:
        place.compromise(info.kid, reason="token lost", now=NOW)
        place.generate(info.purpose, info.algorithm, now=NOW, at_once=True)
    opened = KeyRing.open(ring, PIN, source=uri)
    lost += [opened.signer(Purpose.CODE_PLATE).kid, len(opened.signer(Purpose.LOG).sign(b"x"))]
    return lost


def web(uri: str, home: Path, token: Path) -> object:
    """A web process started without its device, asked for what needs it and for what does not; then it is back."""
    environ = {
        "HUB_HOME": str(home),
        "HUB_KEYS": uri,
        "HUB_KEYS_PASSPHRASE": PIN,
        "HUB_SECRET_KEY": "not-a-secret-" * 4,
    }
    settings = Settings.from_env(environ)
    away = token.with_name("away")
    token.rename(away)
    app = create_app(settings)
    client = app.test_client()
    refused = client.get("/.well-known/key-history")
    keys = client.get("/.well-known/jwks.json").get_json()["keys"]
    dark = _gauge(client)
    away.rename(token)
    deadline = time.monotonic() + PATIENCE
    while _gauge(client) != "1.0" and time.monotonic() < deadline:
        client.get("/.well-known/jwks.json")  # whatever uses the keys looks after them
        time.sleep(0.1)
    again = client.get("/.well-known/key-history")
    token.rename(away)
    kept = client.get("/.well-known/key-history")
    stop(app)
    return {
        "refused": [refused.status_code, refused.headers["Retry-After"], refused.get_json()["reason"]],
        "said": refused.get_json()["message"],
        "keys": len(keys),
        "gauge": [dark, _gauge(client)],
        "again": [again.status_code, kept.status_code, again.text == kept.text],
    }


def _gauge(client: FlaskClient) -> str:
    lines = client.get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"}).text.splitlines()
    return next(line.split()[1] for line in lines if line.startswith("hub_key_ring_checked "))


def _change(uri: str, ring: Path) -> str:
    try:
        RingFolder(ring, PIN, source=uri).compromise("P1", reason="x", now=NOW)
    except SignerAwayError as error:
        return type(error).__name__
    return "changed"


def _refusal(signer: PurposeSigner) -> str | None:
    try:
        signer.sign(b"x")
    except SignerAwayError as error:
        return error.reason
    return None


def _eventually(signer: PurposeSigner) -> int:
    deadline = time.monotonic() + PATIENCE
    while _refusal(signer) is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    return len(signer.sign(b"x"))


_inherited: list[KeyRing] = []


def _inherit(ring: KeyRing) -> None:
    _inherited.append(ring)


def _batch(_: int) -> list[str]:
    return _batch_of(_inherited[0])


def _batch_of(ring: KeyRing) -> list[str]:
    signer = ring.signer(Purpose.CODE_PLATE)
    return [
        sign_plate(uscc=USCC, plate_id=new_plate_id(), origin=ORIGIN, signer=signer)
        for _ in range(SIGNATURES)
    ]


WORKS: dict[str, Callable[..., object]] = {
    work.__name__: work
    for work in (
        *(create, sign, plate, outage, start_away, rotate, crowd, wrong_pin, national, reseal, web),
        *(fields_away, fields_lost, fields_web),
    )
}

if __name__ == "__main__":
    name, uri, *places = sys.argv[1:]
    print(json.dumps(WORKS[name](uri, *map(Path, places))))
