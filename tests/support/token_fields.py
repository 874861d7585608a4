"""What tests do with personal fields whose data keys are wrapped by a PKCS#11 token, in a process of its own."""

import json
import shutil
import time
from collections.abc import Callable
from contextlib import closing
from http import HTTPStatus
from pathlib import Path

from click.testing import CliRunner
from sqlalchemy import func, select

from hub.access.models import Person
from hub.access.service import Post, invite
from hub.app import create_app
from hub.cli.commands import Commands
from hub.cli.context import HubContext
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.trust import personal_fields
from hub.trust.keys.issuer import open_ring
from hub.trust.record.database import open_database
from keys import KeysError, SignerAwayError
from tests.support.applications import stop
from tests.support.browser import Browser
from tests.support.plates import NOW, OPERATOR
from tests.support.servers import Server
from tests.support.softhsm import LABEL, PIN, SoftToken, add_token

NAME = "金丝雀"
PATIENCE = 60.0  # a bound for a device that never comes back, not a measure


def environ_of(uri: str, home: Path) -> dict[str, str]:
    return {
        "HUB_HOME": str(home),
        "HUB_BASE_URL": "http://127.0.0.1:8000",
        "HUB_KEYS": uri,
        "HUB_KEYS_PASSPHRASE": PIN,
        "HUB_SECRET_KEY": "not-a-secret-" * 4,
    }


def fields_away(uri: str, home: Path, token: Path) -> object:
    """A name is sealed; the device goes; one process has opened its data keys before, another has not; it is back."""
    settings = Settings.from_env(environ_of(uri, home))
    made = _hub(uri, home, "init")
    with closing(_attached(settings)) as early, closing(_attached(settings)) as late:
        _add(early)
        away = token.with_name("away")
        token.rename(away)
        told = {
            "init": made,
            "stored": _stored(early),
            "early": _names(early),
            "late": [_names(late), _refused(lambda: _add(late)), _count(late)],
            "commands": [_hub(uri, home, "keys", "renew-data", "--yes"), _hub(uri, home, "init")],
            "files": (home / "keys" / "data-keys.json").read_text(),
        }
        away.rename(token)
        _when_back(lambda: _add(late))
        return {**told, "back": [_names(late), _count(late)], "renewed": _renewed(uri, home, late)}


def fields_lost(uri: str, home: Path, token: Path) -> object:
    """The device is gone for good and another takes its place: what was sealed is given up on demand, not by itself."""
    settings = Settings.from_env(environ_of(uri, home))
    _hub(uri, home, "init")
    with closing(_attached(settings)) as db:
        _add(db)
        before = _stored(db)
    shutil.rmtree(token)
    token.mkdir()
    add_token(SoftToken(token.with_name("softhsm2.conf"), token), label=LABEL)
    resealed = _hub(uri, home, "keys", "reseal", "--yes")
    for kid in (entry["kid"] for entry in json.loads((home / "keys" / "ring.json").read_text())["keys"]):
        _hub(uri, home, "keys", "compromise", kid, "--reason", "token lost", "--successor", "--yes")
    refused = _hub(uri, home, "init")
    given_up = _hub(uri, home, "init", "--new-keys")
    with closing(_attached(settings)) as db:
        _add(db)
        return {
            "resealed": resealed[0],
            "refused": refused,
            "given_up": given_up,
            "same": before[0] in _stored(db),
            "names": _names(db),
        }


def fields_web(uri: str, home: Path, token: Path) -> object:
    """A web process started without the device is asked for a page with names, and for one without."""
    settings = Settings.from_env(environ_of(uri, home))
    _hub(uri, home, "init")
    with closing(_attached(settings)) as db:
        session = Server(settings, db, "", home / "log", 0).session(Role.AUDITOR, name=NAME)
    away = token.with_name("away")
    token.rename(away)
    app = create_app(settings)
    browser = Browser(app)
    browser.set_session(session)
    dark = browser.get("/government/audit", headers={"Accept": "application/json"})
    public = browser.get("/.well-known/jwks.json")
    away.rename(token)
    _when_back(lambda: _require_ok(browser))
    light = browser.get("/government/audit")
    stop(app)
    problem = dark.get_json(silent=True) or {}
    return {
        "dark": [dark.status_code, dark.headers.get("Retry-After"), problem.get("reason")],
        "public": public.status_code,
        "light": [light.status_code, NAME in light.text],
    }


def _when_back(work: Callable[[], object]) -> None:
    """A device that was away is looked for twice a second."""
    deadline = time.monotonic() + PATIENCE
    while _refused(work) == SignerAwayError.reason and time.monotonic() < deadline:
        time.sleep(0.1)


def _require_ok(browser: Browser) -> None:
    if browser.get("/government/audit").status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        raise SignerAwayError


def _attached(settings: Settings) -> Database:
    db = open_database(settings.database_url)
    personal_fields.attach(db, lambda: open_ring(settings))
    return db


def _add(db: Database) -> None:
    place = Post(Role.OFFICIAL, department="局")
    invite(place, name=NAME, by=OPERATOR, base_url="http://127.0.0.1:8000", now=NOW, db=db)


def _names(db: Database) -> object:
    def read() -> list[str]:
        with db.read() as session:
            return sorted(session.scalars(select(Person.name)))

    return _refused(read)


def _count(db: Database) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def _stored(db: Database) -> list[str]:
    with db.engine.connect() as connection:
        return list(connection.exec_driver_sql("SELECT name FROM access_person ORDER BY id").scalars())


def _refused(work: Callable[[], object]) -> object:
    try:
        return work()
    except KeysError as error:
        return error.reason


def _hub(uri: str, home: Path, *arguments: str) -> tuple[int, str]:
    """The exit code and what was said."""
    context = HubContext()
    try:
        done = CliRunner(env=environ_of(uri, home)).invoke(Commands(name="hub"), list(arguments), obj=context)
    finally:
        context.close()
        if "db" in vars(context):
            context.db.close()
    said = done.output + (f"{done.exception}" if done.exception else "")
    return done.exit_code, said


def _renewed(uri: str, home: Path, db: Database) -> object:
    before = _stored(db)
    code, said = _hub(uri, home, "keys", "renew-data", "--yes")
    return [code, not set(before) & set(_stored(db)), _names(db), said]
