"""`hub init`, `doctor`, `keys`, `serve`, `worker`: what an operator meets, started as the operator starts them."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from hub.access.demonstrators import DEMONSTRATORS
from hub.trust.witnesses.record import WitnessRecord

START_SECONDS = 60  # a bound for a broken start, not a measure of a good one


def hub(
    *arguments: str, environ: Mapping[str, str], code: int | None = None
) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    done = subprocess.run(
        [sys.executable, "-m", "hub.cli", *arguments],
        env=clean | environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr
    if code is not None:
        assert done.returncode == code, done.stderr
    return done


@pytest.fixture
def fresh(tmp_path: Path) -> dict[str, str]:
    return {"HUB_HOME": str(tmp_path / "var")}


def test_init_makes_a_hub_and_making_it_again_changes_nothing(fresh: dict[str, str]) -> None:
    first = hub("init", environ=fresh, code=0)
    home = Path(fresh["HUB_HOME"])
    ring = (home / "keys" / "ring.json").read_bytes()
    second = hub("init", environ=fresh, code=0)

    assert "brought to" in first.stdout
    assert "already at" in second.stdout
    assert (home / "keys" / "ring.json").read_bytes() == ring
    assert stat.S_IMODE((home / "keys").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "arguments",
    [("plate", "list"), ("verify", "x"), ("demo",), ("worker", "--once"), ("serve",), ("keys", "list")],
)
def test_before_init_every_command_says_to_run_it_and_leaves_nothing_behind(
    fresh: dict[str, str], arguments: tuple[str, ...]
) -> None:
    refused = hub(*arguments, environ=fresh)

    assert refused.returncode != 0
    assert "hub init" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert not Path(fresh["HUB_HOME"]).exists()  # a mistyped HUB_HOME makes no second hub


@pytest.mark.parametrize(
    "given", [(), ("HUB_SECRET_KEY",), ("HUB_KEYS_PASSPHRASE",)], ids=["none", "one", "other"]
)
def test_without_a_home_no_database_is_opened_under_a_secret_that_nobody_gave(
    fresh: dict[str, str], given: tuple[str, ...]
) -> None:
    elsewhere = {"HUB_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/hub"}
    secrets = dict.fromkeys(given, "a secret of more than thirty-two characters")

    refused = hub("worker", "--once", environ=fresh | elsewhere | secrets, code=2)

    assert "hub init" in refused.stderr
    assert not Path(fresh["HUB_HOME"]).exists()


def test_doctor_names_a_home_that_is_not_there_and_does_not_make_it(fresh: dict[str, str]) -> None:
    findings = json.loads(hub("doctor", "--json", environ=fresh, code=1).stdout)

    assert [each["what"] for each in findings if each["level"] == "fix"] == [fresh["HUB_HOME"]]
    assert not Path(fresh["HUB_HOME"]).exists()


def test_a_wrong_passphrase_and_an_open_key_folder_are_refused(fresh: dict[str, str]) -> None:
    hub("init", environ=fresh, code=0)
    wrong = hub("keys", "list", environ=fresh | {"HUB_KEYS_PASSPHRASE": "not the passphrase"}, code=2)
    (Path(fresh["HUB_HOME"]) / "keys").chmod(0o755)
    open_to_all = hub("keys", "list", environ=fresh, code=2)

    assert "passphrase" in wrong.stderr
    assert "0700" in open_to_all.stderr or "700" in open_to_all.stderr


def test_keys_are_listed_with_public_parts_only(fresh: dict[str, str]) -> None:
    hub("init", environ=fresh, code=0)
    keys = json.loads(hub("keys", "list", "--json", environ=fresh, code=0).stdout)

    assert {key["kid"] for key in keys} >= {"P1", "D1"}
    assert not any("d" in key for key in keys)


def test_doctor_is_content_with_a_laptop_hub(fresh: dict[str, str]) -> None:
    hub("init", environ=fresh, code=0)
    findings = json.loads(hub("doctor", "--json", environ=fresh, code=0).stdout)

    assert {finding["what"] for finding in findings} >= {"HUB_DATABASE_URL", "transport", "database", "keys"}
    assert all(finding["level"] != "fix" for finding in findings)


@pytest.mark.parametrize(
    ("setting", "value", "what"),
    [
        ("HUB_BASE_URL", "http://hub.example", "transport"),
        ("HUB_KEYS_PASSPHRASE", "something else", "keys"),
    ],
)
def test_doctor_exits_with_1_and_names_what_must_be_fixed(
    fresh: dict[str, str], setting: str, value: str, what: str
) -> None:
    hub("init", environ=fresh, code=0)
    findings = json.loads(hub("doctor", "--json", environ=fresh | {setting: value}, code=1).stdout)

    assert what in {finding["what"] for finding in findings if finding["level"] == "fix"}


def test_doctor_never_shows_a_database_password(fresh: dict[str, str]) -> None:
    url = "postgresql+psycopg://hub:s3cret@127.0.0.1:1/none"
    said = hub("doctor", environ=fresh | {"HUB_DATABASE_URL": url}, code=1)

    assert "s3cret" not in said.stdout + said.stderr
    assert "127.0.0.1:1/none" in said.stdout


def test_a_database_that_does_not_answer_is_one_plain_line(fresh: dict[str, str]) -> None:
    refused = hub(
        "init", environ=fresh | {"HUB_DATABASE_URL": "postgresql+psycopg://hub@127.0.0.1:1/none"}, code=2
    )

    assert "HUB_DATABASE_URL" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("arguments", [("init",), ("plate", "list"), ("worker", "--once"), ("serve",)])
def test_a_damaged_database_is_one_plain_line(fresh: dict[str, str], arguments: tuple[str, ...]) -> None:
    hub("init", environ=fresh)
    _damage_database(fresh)

    refused = hub(*arguments, environ=fresh, code=2)

    assert len(refused.stderr.strip().splitlines()) == 1


def test_with_a_damaged_database_nothing_is_taken_for_genuine(fresh: dict[str, str]) -> None:
    hub("init", environ=fresh)
    _damage_database(fresh)

    assert hub("verify", "x", environ=fresh).returncode == 3  # cannot tell; 1 would say genuine
    for misused in (("x", "--offline"), ("x", "--nonce", "n"), ("x", "--no-such-option"), ()):
        assert hub("verify", *misused, environ=fresh).returncode == 3  # 2 would say not genuine
    assert "does not answer" in hub("doctor", environ=fresh, code=1).stdout


def _damage_database(fresh: dict[str, str]) -> None:
    for path in Path(fresh["HUB_HOME"]).glob("hub.sqlite3*"):
        path.write_bytes(b"no database" * 1_000)


def test_a_port_in_use_and_an_address_of_another_machine_are_refused(fresh: dict[str, str]) -> None:
    hub("init", environ=fresh)
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as other:
        taken = hub("serve", "--port", str(other.getsockname()[1]), environ=fresh, code=2)
    far = hub("serve", "--host", "192.0.2.1", environ=fresh, code=2)

    assert not (
        Path(fresh["HUB_HOME"]) / "address"
    ).exists()  # later commands sign in the name of the one that runs
    for refused in (taken, far):
        assert "cannot listen on" in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1


def test_a_wrong_value_is_refused_in_words(fresh: dict[str, str]) -> None:
    hub("init", environ=fresh)

    refused = hub("plate", "issue", "--uscc", "123", environ=fresh, code=2)

    assert "18" in refused.stderr
    assert "统一社会信用代码" in refused.stderr
    assert "码牌编号" in hub("plate", "print", "P-1", "--out", "x.png", environ=fresh, code=2).stderr


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answer(url: str) -> tuple[int, str]:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@contextmanager
def _served(environ: Mapping[str, str], port: int, said: list[str]) -> Iterator[str]:
    """The address of `hub serve` in a process of its own, which has said so; `said` is what it printed by its end."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    server = subprocess.Popen(
        [sys.executable, "-m", "hub.cli", "serve", "--port", str(port)],
        env=clean | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    begun: list[str] = []
    try:
        for line in server.stdout or ():  # the first answer may come before the links are made
            begun.append(line)
            if "Ctrl-C" in line:
                break
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGTERM)
        said.append("".join(begun) + server.communicate(timeout=60)[0])


def test_the_demonstration_is_served_with_links_and_a_plate_and_stops_cleanly(fresh: dict[str, str]) -> None:
    port, said = _free_port(), list[str]()
    environ = fresh | {"HUB_DEMO": "1", "PORT": str(port)}
    hub("init", environ=environ, code=0)
    hub("demo", "--enterprises", "60", environ=environ, code=0)
    with _served(environ, port, said) as address:
        status, home = _answer(f"{address}/")
        ready = _answer(f"{address}/readyz")

    assert (status, ready[0]) == (200, 200)
    assert "一照集成" in home
    assert said[0].count(f"http://localhost:{port}/access/link/") == len(DEMONSTRATORS)
    assert all(who.may.zh in said[0] and who.may.en in said[0] for who in DEMONSTRATORS)
    assert "Traceback" not in said[0]
    picture = next(Path(fresh["HUB_HOME"]).glob("demo/plate-*.png"))
    verdict = json.loads(hub("verify", str(picture), "--json", environ=environ).stdout)
    assert verdict["genuine"] is True

    lines = hub("log", "checkpoint", environ=environ, code=0).stdout.split("\n")  # a witness has seen more
    WitnessRecord(Path(fresh["HUB_HOME"])).keep_checkpoint("\n".join([lines[0], "1000000", *lines[2:]]))
    with _served(environ, port, said) as address:
        assert "read-only" in _answer(f"{address}/readyz")[1]
    assert "READ-ONLY" in said[1]
    assert "/access/link/" not in said[1]


def test_the_worker_makes_one_round_and_ends(fresh: dict[str, str]) -> None:
    hub("init", environ=fresh, code=0)

    assert hub("worker", "--once", environ=fresh, code=0).stdout == ""
