"""What a hub writes belongs to its owner alone, whatever the umask of whoever starts it."""

import json
import os
import stat
from pathlib import Path

import pytest

from hub.cli.private_files import write_private
from hub.config import make_home
from tests.functional.test_operator_commands import fresh, hub

__all__ = ["fresh"]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def _open_umask() -> object:
    before = os.umask(0o022)  # what nearly every shell has
    yield
    os.umask(before)


def test_a_fresh_home_and_everything_in_it_is_private(fresh: dict[str, str]) -> None:  # a fixture
    hub("init", environ=fresh, code=0)
    home = Path(fresh["HUB_HOME"])

    assert mode(home) == 0o700
    assert [str(path) for path in home.rglob("*") if mode(path) & 0o077] == []


def test_a_home_that_is_open_is_told_by_doctor_and_closed_by_init(fresh: dict[str, str]) -> None:  # a fixture
    hub("init", environ=fresh, code=0)
    home = Path(fresh["HUB_HOME"])
    home.chmod(0o755)

    findings = json.loads(hub("doctor", "--json", environ=fresh, code=1).stdout)
    assert [each["what"] for each in findings if each["level"] == "fix"] == [str(home)]
    hub("init", environ=fresh, code=0)
    assert mode(home) == 0o700


def test_a_folder_with_others_things_in_it_or_for_everybody_is_left_as_it_is(tmp_path: Path) -> None:
    theirs, everybodys = tmp_path / "theirs", tmp_path / "everybodys"
    theirs.mkdir(mode=0o755)
    (theirs / "thesis.txt").touch()
    everybodys.mkdir()
    everybodys.chmod(0o1777)

    make_home(theirs)
    make_home(everybodys)

    assert (mode(theirs), mode(everybodys)) == (0o755, 0o1777)


def test_what_is_written_for_the_operator_is_closed_to_others_also_where_an_open_file_was(
    tmp_path: Path,
) -> None:
    fresh_one, known = tmp_path / "a", tmp_path / "b"
    known.write_text("a longer text than the next one")

    write_private(fresh_one, b"text")
    write_private(known, b"text")

    assert (mode(fresh_one), mode(known)) == (0o600, 0o600)
    assert known.read_bytes() == b"text"


def test_a_bundle_without_records_is_for_all(fresh: dict[str, str]) -> None:  # a fixture
    hub("init", environ=fresh, code=0)
    bundle = Path(fresh["HUB_HOME"]) / "bundle.json"
    hub("bundle", "--out", str(bundle), environ=fresh, code=0)

    assert mode(bundle) == 0o644


def test_what_is_private_can_still_be_written_to_a_pipe() -> None:
    reading, writing = os.pipe()
    write_private(Path(f"/dev/fd/{writing}"), b"text")
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        assert file.read() == b"text"
