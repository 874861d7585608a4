"""The examples of the documents do what they say, against a hub of a city with many plates."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.codes.models import Plate
from tests.functional.test_bundle_folders import lay
from tests.support.servers import ROOT, Server, running_hub

API = ROOT / "docs" / "api.md"
BUNDLE_COMMANDS = ROOT / "docs" / "offline.md"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_hub(tmp_path_factory.mktemp("documented") / "var", enterprises=20) as served:
        lay(served.db)
        yield served


def placed(server: Server) -> str:
    """The text of a plate that hangs in its place."""
    with server.db.read() as session:
        found = select(Plate.text).where(Plate.uscc == server.showcase, Plate.state == "已铺设")
        return session.scalars(found.order_by(Plate.plate_id)).first() or ""


def run(command: list[str], *, folder: Path, home: Path | None = None) -> "subprocess.CompletedProcess[str]":
    environ = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "XDG_STATE_HOME": str(folder / "state")}
    if home is not None:
        environ["HUB_HOME"] = str(home)
    return subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_platform_verifies_a_plate_with_the_one_shard_that_the_plate_is_in(
    server: Server, tmp_path: Path
) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", API.read_text(encoding="utf-8"), flags=re.DOTALL)
    code = placed(server)
    said = example.replace("https://hub.example/c/P1.…", code).replace("https://hub.example", server.url)
    before = server.log.read_text().count("/bundle/shards/")

    done = run([sys.executable, "-c", said], folder=tmp_path)

    assert done.stdout.startswith("fresh False "), done.stderr
    assert server.log.read_text().count("/bundle/shards/") - before == 1


def test_the_commands_bring_the_bundle_from_afar_and_verify_with_it(server: Server, tmp_path: Path) -> None:
    text = BUNDLE_COMMANDS.read_text(encoding="utf-8")
    documented = "hub bundle --from https://hub.example --out city/"
    assert documented in text
    for readme in ("README.md", "README.zh-CN.md"):
        assert documented in (ROOT / readme).read_text(encoding="utf-8")
    command = documented.replace("https://hub.example", server.url).split()[1:]
    hub = [sys.executable, "-m", "hub.cli"]

    brought = run([*hub, *command], folder=tmp_path)
    again = run([*hub, *command, "--json"], folder=tmp_path)
    verified = run([*hub, "verify", placed(server), "--offline", "--bundle", "city/"], folder=tmp_path)

    assert brought.returncode == 0, brought.stderr
    assert "8 shards of plates" in brought.stdout
    assert '"shards_brought": 0' in again.stdout
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_a_city_of_many_plates_is_no_single_file_and_the_command_says_what_to_do(
    server: Server, tmp_path: Path
) -> None:
    hub = [sys.executable, "-m", "hub.cli", "bundle", "--from", server.url, "--out"]

    refused = run([*hub, "bundle.json"], folder=tmp_path)

    assert refused.returncode != 0
    assert "--out" in refused.stderr
    assert not (tmp_path / "bundle.json").exists()
