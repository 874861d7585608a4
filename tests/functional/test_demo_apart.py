"""A demonstration and a real hub never share database, keys, sessions or people."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub import config
from hub.access import sessions
from hub.cli.commands import Commands
from hub.cli.context import HubContext
from hub.config import Settings
from hub.demo.load import load
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.kernel.errors import HubError
from hub.trust.keys.issuer import open_ring, ring_folder
from keys import KeyRing, KeysError
from tests.conftest import CHEAP, PASSPHRASE
from tests.support.applications import create_app, stop
from tests.support.demonstrations import as_demonstration, demonstration_links
from tests.support.plates import OPERATOR, add_enterprise, press_of
from tests.support.servers import free_port


def run(settings: Settings, *arguments: str) -> Result:
    context = HubContext()
    context.settings = settings  # type: ignore[misc]  # a cached property takes it
    try:
        return CliRunner().invoke(Commands(name="hub"), arguments, obj=context)
    finally:
        context.close()
        if "db" in vars(context):
            context.db.close()


def served(settings: Settings) -> str:
    """What `hub serve` says before it ends, in a process of its own, since it forks others."""
    own = {
        "HUB_HOME": str(settings.home),
        "HUB_DATABASE_URL": settings.database_url,
        "HUB_BASE_URL": settings.base_url,
        "HUB_KEYS": settings.keys_uri,
        "HUB_KEYS_PASSPHRASE": settings.keys_passphrase,
        "HUB_SECRET_KEY": settings.secret_key,
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    ran = subprocess.run(
        [sys.executable, "-m", "hub.cli", "serve", "--port", str(free_port())],
        env=inherited | own,
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 2, ran.stderr
    return ran.stderr


def reason(result: Result) -> str:
    return str(getattr(result.exception, "reason", result.output))


def start(settings: Settings) -> str:
    """Why the application does not start; "" when it does."""
    try:
        app = create_app(settings)
    except (HubError, KeysError) as error:
        return error.reason
    stop(app)
    return ""


@pytest.fixture
def city(settings: Settings, db: Database) -> Settings:
    """A demonstration with a few enterprises."""
    demo = as_demonstration(settings)
    now = config.now()
    load(db, press=press_of(demo), size=3, seed=None, today=demo.today(now), now=now, by=OPERATOR, progress=lambda _: 0)  # fmt: skip
    return demo


def test_demonstration_data_needs_the_switch(settings: Settings, db: Database) -> None:
    assert reason(run(settings, "demo", "--enterprises", "3")) == "DEMO_SWITCH"
    assert reason(run(replace(settings, demo=True), "demo", "--enterprises", "3")) == "DEMO_REAL_KEYS"
    assert db.is_demonstration is False


@pytest.mark.parametrize(
    "fill",
    [
        lambda settings, db: add_enterprise(db),  # noqa: ARG005  # one of several fillings
        lambda settings, db: run(  # noqa: ARG005  # as above
            settings, "account", "invite", "--role", "official", "--name", "甲", "--department", "局"
        ),
    ],
)
def test_a_database_with_real_data_takes_no_demonstration_and_serves_none(
    settings: Settings, db: Database, fill: Callable[[Settings, Database], object]
) -> None:
    fill(settings, db)
    demo = as_demonstration(settings)

    assert reason(run(demo, "demo", "--enterprises", "3")) == "DEMO_REAL_DATA"
    assert start(demo) == "DEMO_REAL_DATA"


def test_a_demonstrations_database_and_keys_do_not_start_as_the_real_thing(city: Settings) -> None:
    real = replace(city, demo=False)

    assert start(city) == ""
    assert start(real) == "DEMO_DATABASE"
    assert "demonstration" in served(real)
    for command in (("worker", "--once"), ("init",)):
        assert reason(run(real, *command)) == "DEMO_DATABASE"
    invite = ("account", "invite", "--role", "official", "--name", "甲", "--department", "局")
    assert reason(run(real, *invite)) == "DEMO_DATABASE"
    assert run(real, "plate", "list").exit_code == 0, "looking is no harm"


def test_looking_at_a_demonstration_without_the_switch_says_what_it_is(
    city: Settings,
) -> None:
    real = replace(city, demo=False)

    for command in (
        ("verify", "P1.A.B.C"),
        ("log", "verify"),
        ("plate", "list"),
        ("account", "list", "--json"),
    ):
        told = run(real, *command).stderr
        assert "This database is a demonstration's" in told, command
        assert told.count("仅可查看") == 1
        assert "仅可查看" not in run(city, *command).stderr


def test_nothing_is_signed_with_a_demonstrations_keys_for_a_real_hub(
    settings: Settings, db: Database
) -> None:
    ring_folder(settings).mark_demonstration()
    assert db.read_only is None

    assert start(settings) == "DEMO_KEYS"
    assert reason(run(settings, "bundle", "--out", str(settings.home / "b.json"))) in {
        "DEMO_KEYS",
        "KEYS_DEMONSTRATION",
    }


def test_a_demonstrations_database_is_not_served_with_real_keys(city: Settings) -> None:
    place = ring_folder(city)
    place.path.rename(place.path.with_name("demo-keys"))
    KeyRing.create(place.path, PASSPHRASE, now=config.now(), cost=CHEAP)

    assert start(city) in {"DEMO_REAL_KEYS", "KEYS_RING_OLDER"}


def test_init_marks_the_keys_and_the_database_of_a_new_demonstration(tmp_path: Path) -> None:
    environ = {
        "HUB_HOME": str(tmp_path / "var"),
        "HUB_KEYS_PASSPHRASE": PASSPHRASE,
        "HUB_SECRET_KEY": "x" * 32,
    }
    demo = Settings.from_env(environ | {"HUB_DEMO": "1"})
    begun = run(demo, "init")

    assert begun.exit_code == 0, begun.exception
    assert open_ring(demo).is_demonstration
    assert run(demo, "init").exit_code == 0
    assert reason(run(Settings.from_env(environ), "init")) == "DEMO_DATABASE"


def test_the_switch_set_by_mistake_marks_no_real_hub_that_is_still_empty(tmp_path: Path) -> None:
    """The mark cannot be taken off: the hub could never be opened again."""
    real = Settings.from_env(
        {"HUB_HOME": str(tmp_path / "var"), "HUB_KEYS_PASSPHRASE": PASSPHRASE, "HUB_SECRET_KEY": "x" * 32}
    )
    assert run(real, "init").exit_code == 0

    assert reason(run(replace(real, demo=True), "init")) == "DEMO_REAL_KEYS"

    assert run(real, "init").exit_code == 0
    assert start(real) == ""


def test_the_switch_forgotten_gives_no_demonstration_real_keys(tmp_path: Path) -> None:
    demo = Settings.from_env(
        {"HUB_HOME": str(tmp_path / "var"), "HUB_KEYS_PASSPHRASE": PASSPHRASE, "HUB_SECRET_KEY": "x" * 32, "HUB_DEMO": "1"}
    )  # fmt: skip
    assert run(demo, "init").exit_code == 0
    away = ring_folder(demo).path.rename(tmp_path / "away")

    assert reason(run(replace(demo, demo=False), "init")) == "DEMO_DATABASE"

    assert not ring_folder(demo).path.exists()
    away.rename(ring_folder(demo).path)
    assert start(demo) == ""


def test_a_demonstration_of_before_there_were_marks_goes_on(settings: Settings, db: Database) -> None:
    demo, now = replace(settings, demo=True), config.now()
    load(db, press=press_of(demo), size=3, seed=None, today=demo.today(now), now=now, by=OPERATOR, progress=lambda _: 0)  # fmt: skip
    assert not open_ring(demo).is_demonstration

    assert run(demo, "init").exit_code == 0
    assert open_ring(demo).is_demonstration
    assert start(demo) == ""


def test_the_mark_is_under_the_rings_seal(settings: Settings) -> None:
    ring_folder(settings).mark_demonstration()
    path = ring_folder(settings).path / "ring.json"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"version": 3', '"version": 2'), encoding="utf-8"
    )

    with pytest.raises(KeysError, match="changed"):
        open_ring(settings)


def test_ready_made_logins_and_people_do_not_stand_in_a_real_hub(city: Settings, db: Database) -> None:
    now = config.now()
    db.is_demonstration = True
    links = demonstration_links(db, city, uscc=add_enterprise(db), now=now)
    opened = sessions.redeem_login_link(
        links[Role.OFFICIAL].rpartition("/")[2], settings=city, now=now, db=db
    )
    login = sessions.find(opened.token, now=now, db=db)
    assert login is not None
    person = login.actor.person_id
    with db.read() as session:
        assert sessions.first_standing(session, person, now=now) is not None

    db.is_demonstration = False
    assert sessions.find(opened.token, now=now, db=db) is None
    with db.read() as session:
        assert sessions.first_standing(session, person, now=now) is None
