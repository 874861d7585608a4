"""The whole hub from its wheel, outside any checkout: init, demonstration city, serve, verify, doctor."""

import configparser
import json
import os
import signal
import subprocess
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.alone import ROOT, WHOLE, asked_for, build_wheel, clean_environment, install
from tests.support.servers import START_SECONDS, free_port

SECONDS = 300
OWN_FOLDERS = ("hub", "keys", "schemas", "signing")


@dataclass(frozen=True)
class Installed:
    """A wheel in an environment of its own, and a folder to work in."""

    wheel: Path
    program: Path
    folder: Path
    port: int

    @property
    def environ(self) -> dict[str, str]:
        return {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.folder),
            "HUB_HOME": str(self.folder / "home"),
            "HUB_DEMO": "1",
            "PORT": str(self.port),
        }

    def hub(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.program), *arguments],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            check=False,
            text=True,
            timeout=SECONDS,
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("installed")
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    wanted = [line for line in setup["options"]["install_requires"].split("\n") if line]
    python = clean_environment(folder / "env", asked_for(wanted))
    wheel = build_wheel(folder, WHOLE, ".")
    install(wheel, python)
    work = folder / "elsewhere"
    work.mkdir()
    made = Installed(wheel, python.with_name("hub"), work, free_port())
    for command in (["init"], ["demo", "--enterprises", "20"]):
        ran = made.hub(*command)
        assert ran.returncode == 0, ran.stderr
    return made


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *OWN_FOLDERS], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_the_wheel_has_every_file_of_the_checkout(installed: Installed) -> None:
    assert set(tracked()) - set(zipfile.ZipFile(installed.wheel).namelist()) == set()


def test_a_plate_of_the_installed_hub_is_verified(installed: Installed) -> None:
    first = installed.hub("plate", "list", "--state", "placed", "--json").stdout.splitlines()[0]
    printed = installed.hub("plate", "print", json.loads(first)["plate_id"], "--out", "plate.png")
    assert printed.returncode == 0, printed.stderr
    ran = installed.hub("verify", "--json", "plate.png")

    assert ran.returncode in {0, 1}, ran.stderr
    assert json.loads(ran.stdout)["genuine"] is True


def test_the_installed_hub_serves_pages_with_their_styles_and_images(installed: Installed) -> None:
    with serving(installed) as address:
        page = urllib.request.urlopen(f"{address}/").read().decode()
        script = urllib.request.urlopen(f"{address}/openapi.json").read()

    told = (installed.folder / "serve.log").read_text(encoding="utf-8")
    assert "一照" in page
    assert "one-time login link" in told
    assert '"message": "request"' not in told  # the welcome stays in sight
    assert '"message": "request"' in (installed.folder / "home/requests.jsonl").read_text(encoding="utf-8")
    assert json.loads(script)["openapi"].startswith("3.1")


def test_doctor_of_the_installed_hub_names_no_missing_part(installed: Installed) -> None:
    ran = installed.hub("doctor", "--json")

    assert ran.returncode == 0, ran.stdout
    assert {each["what"] for each in json.loads(ran.stdout)} > {"database", "keys"}


@contextmanager
def serving(installed: Installed) -> Iterator[str]:
    address = f"http://127.0.0.1:{installed.port}"
    log = installed.folder / "serve.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(installed.program), "serve"],
            cwd=installed.folder,
            env=installed.environ,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        _wait(f"{address}/readyz", log)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def _wait(address: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))
