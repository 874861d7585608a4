"""A hub of one's own over a real socket: a worker in a subprocess, the demonstration city, a port nobody else uses."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hub import config, schema
from hub.access.models import Appointment, Person
from hub.access.remits import SERVING, WHOLE_CITY, give
from hub.access.sessions import open_session
from hub.codes.plates.service import PlateOffice
from hub.config import Settings
from hub.demo.load import load
from hub.kernel.actor import ENTERPRISE_ROLES, Operator, Role
from hub.kernel.database import Database
from hub.kernel.ids import new_handle, new_id
from hub.trust import personal_fields
from hub.trust.keys.issuer import Issuer, open_ring, ring_folder
from hub.trust.record.database import open_database
from hub.web.context import cookie_name
from keys import KeyRing, ScryptCost

ROOT = Path(__file__).parents[2]
PASSPHRASE = "muddy violin borrows ninety tents"
CHEAP = ScryptCost(n=2)  # key stretching is tested on its own; here it would only cost time
START_SECONDS = 60  # a cold start takes three; a loaded machine more
STOP_SECONDS = 10
DEPARTMENT = "示范市市场监督管理局"
TEST = Operator("test")


@dataclass(frozen=True)
class Server:
    """A running hub. `db` is the very database it serves from."""

    settings: Settings
    db: Database
    showcase: str
    log: Path
    port: int  # where it listens; `url` may be that of a proxy in front
    pid: int = 0

    @property
    def url(self) -> str:
        return self.settings.base_url

    @property
    def cookie(self) -> str:
        return cookie_name(self.settings)

    def press(self) -> PlateOffice:
        return PlateOffice(issuer=Issuer(open_ring(self.settings)), origin=self.url)

    def session(self, role: Role, *, uscc: str | None = None, name: str = "测试员") -> str:
        """The session token of a new person in `role`; an enterprise role is held at the showcase unless said."""
        moment = config.now()
        is_member = role in ENTERPRISE_ROLES
        person = Person(id=new_id(moment), name=name, user_handle=new_handle(), created_at=moment)
        appointment = Appointment(
            person_id=person.id,
            id=new_id(moment),
            role=role,
            uscc=(uscc or self.showcase) if is_member else None,
            department=None if is_member else DEPARTMENT,
            certificate_no="TEST-0001" if role is Role.OFFICER else None,
            valid_from=moment,
            valid_to=None,
            ended_at=None,
            by="test",
        )
        with self.db.write() as session:
            session.add_all([person, appointment])
            if role in SERVING:
                give(session, person.id, role, DEPARTMENT, given=WHOLE_CITY, by="test", now=moment)
            return open_session(session, appointment, method="passkey", now=moment).token


def free_port() -> int:
    """A loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running_hub(
    home: Path,
    *,
    enterprises: int,
    host: str = "localhost",
    extra: Mapping[str, str] | None = None,
    workers: int = 0,
) -> Iterator[Server]:
    """Prepare a hub with a demonstration city under `home`, serve it, and stop it at the end.

    `workers`: as `hub serve` does, background worker and all; 0: one web process alone.

    The host is `localhost` because browsers offer passkeys there and not at a bare address.
    """
    port = free_port()
    environ = {
        "HUB_HOME": str(home),
        "HUB_BASE_URL": f"http://{host}:{port}",
        "HUB_KEYS_PASSPHRASE": PASSPHRASE,
        "HUB_SECRET_KEY": "not-a-secret-" * 4,
        "HUB_DEMO": "1",
        "HUB_RATE_FACTOR": "1000",  # one visitor opens every page of the hub within a minute
        **(extra or {}),
    }
    settings = Settings.from_env(environ)
    db, showcase = _prepared(settings, enterprises)
    log = home / "server.log"
    try:
        with _process(environ, port=port, log=log, workers=workers) as process:
            _wait_until_ready(process, port, log)
            yield Server(settings, db, showcase, log, port, pid=process.pid)
    finally:
        db.close()


def _prepared(settings: Settings, enterprises: int) -> tuple[Database, str]:
    settings.home.mkdir(mode=0o700, exist_ok=True)
    now = config.now()
    place = ring_folder(settings)
    ring = KeyRing.create(
        place.path, place.passphrase, now=now, source=place.source, cost=CHEAP, is_demonstration=settings.demo
    )
    db = open_database(settings.database_url)
    personal_fields.attach(db, lambda: open_ring(settings))
    schema.upgrade(db)
    mark = load(
        db,
        press=PlateOffice(issuer=Issuer(ring), origin=settings.base_url),
        size=enterprises,
        seed=None,
        today=settings.today(now),
        now=now,
        by=TEST,
        progress=lambda _: None,
    )
    return db, mark.showcase


@contextmanager
def _process(
    environ: Mapping[str, str], *, port: int, log: Path, workers: int
) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "hub.server", "--port", str(port), "wsgi:app"]
    if workers:
        command = [sys.executable, "-m", "hub.cli", "serve", "--port", str(port), "--workers", str(workers)]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**inherited, **environ}, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if _is_ready(port):
            return
        time.sleep(0.05)
    raise RuntimeError(f"the hub did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-4000:]}")


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def browser_program() -> str:
    """Debian's Chromium; `playwright install` is never used."""
    found = shutil.which("chromium")
    if found is None:
        raise RuntimeError("Chromium is not installed: sudo apt-get install chromium fonts-noto-cjk")
    return found
