"""Exit codes say what was found out and nothing else: whatever becomes of the output, the locale and the surroundings."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import termios
import time
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import pytest

from hub.config import Settings
from hub.kernel.database import Database
from tests.support.plates import add_plate

GENUINE, NOT_GENUINE, CANNOT_TELL, UNFORESEEN = 0, 2, 3, 70
REFUSED = "P1.X.Y.Z"
KEEPING: Mapping[str, tuple[Mapping[str, str], str]] = {  # what is found out is also told
    "latin-1": ({"PYTHONIOENCODING": "latin-1", "LC_ALL": "en_US.ISO-8859-1"}, ""),
    "ascii": ({"PYTHONIOENCODING": "ascii"}, ""),
    "POSIX": ({"LC_ALL": "POSIX", "LANG": "zh_CN.GB18030", "PYTHONUTF8": "0"}, ""),
    "gbk": ({"PYTHONIOENCODING": "gbk"}, ""),
    "no zones on the machine": ({"PYTHONTZPATH": ""}, ""),
    "no standard error": ({}, "2>&-"),
    "full standard error": ({}, "2>/dev/full"),
}
LOSING = {  # nobody can be told
    "full": ">/dev/full",
    "nobody reads": "| true; exit ${PIPESTATUS[0]}",
    "closed": ">&-",
    "all closed": "<&- >&- 2>&-",
}

DISORDER = (
    {"HUB_TIMEZONE": "Nowhere/Land"},
    {"HUB_KEYS_PASSPHRASE": "wrong" * 5},
    {"HUB_HOME": "/proc/1/nowhere", "HUB_DATABASE_URL": "sqlite:////proc/1/x"},
)


@pytest.fixture
def plate(environ: dict[str, str], db: Database, settings: Settings) -> str:
    assert environ
    return add_plate(db, settings).text


def hub(environ: Mapping[str, str], arguments: str, more: str = "") -> subprocess.CompletedProcess[bytes]:
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "LC_", "LANG"))
    }
    command = f"{sys.executable} -m hub.cli {arguments} {more}"
    done = subprocess.run(["bash", "-c", command], env=clean | environ, capture_output=True, timeout=120, check=False)  # fmt: skip
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    return done


@pytest.mark.parametrize("name", KEEPING)
def test_a_verdict_is_told_and_kept_in_every_surrounding(
    environ: dict[str, str], plate: str, name: str
) -> None:
    more, redirected = KEEPING[name]
    genuine = hub(environ | more, f"verify {plate} --json", redirected)

    encoding = more.get("PYTHONIOENCODING", "utf-8").replace(
        "ascii", "utf-8"
    )  # click takes ascii for a mistake
    told = json.loads(genuine.stdout.decode(encoding))
    assert genuine.returncode == GENUINE
    assert told["enterprise"]["name"] == "衢州示例餐饮有限公司"


@pytest.mark.usefixtures("plate")
@pytest.mark.parametrize("name", ["latin-1"])
def test_what_is_not_genuine_is_so_in_every_surrounding(environ: dict[str, str], name: str) -> None:
    more, redirected = KEEPING[name]

    assert hub(environ | more, f"verify {REFUSED}", redirected).returncode == NOT_GENUINE


@pytest.mark.parametrize("name", LOSING)
def test_what_cannot_be_told_is_no_verdict(environ: dict[str, str], plate: str, name: str) -> None:
    assert hub(environ, f"verify {plate}", LOSING[name]).returncode == CANNOT_TELL


@pytest.mark.usefixtures("plate")
def test_a_log_that_cannot_be_compared_is_not_called_rewritten(
    environ: dict[str, str], tmp_path: Path
) -> None:
    """0 nothing differs, 1 something does, 3 it could not be compared or told, 70 unforeseen."""
    found = hub(environ, "log verify").returncode
    assert found in {0, 1}

    assert hub(environ | {"PYTHONIOENCODING": "latin-1"}, "log verify").returncode == found
    assert hub(environ, "log verify", ">/dev/full").returncode == CANNOT_TELL
    assert hub(environ, "log verify --nonsense").returncode == CANNOT_TELL
    away = environ | {"HUB_DATABASE_URL": f"sqlite:///{tmp_path}/nowhere/hub.db"}
    assert hub(away, "log verify").returncode == CANNOT_TELL
    (tmp_path / "damaged.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 5_000)
    damaged = environ | {"HUB_DATABASE_URL": f"sqlite:///{tmp_path}/damaged.db"}
    assert hub(damaged, "log verify").returncode == CANNOT_TELL
    assert hub(damaged, f"verify {REFUSED}").returncode == CANNOT_TELL


@pytest.mark.parametrize(
    "arguments",
    [f"verify {REFUSED} --nonsense", f"--nonsense verify {REFUSED}", "verify", f"verify {REFUSED} --offline"],
)
def test_a_misused_verification_cannot_tell(environ: dict[str, str], arguments: str) -> None:
    assert hub(environ, arguments).returncode == CANNOT_TELL


@pytest.mark.parametrize("change", DISORDER)
@pytest.mark.usefixtures("plate")
def test_a_hub_that_is_not_in_order_cannot_tell(environ: dict[str, str], change: dict[str, str]) -> None:
    assert hub(environ | change, f"verify {REFUSED}").returncode == CANNOT_TELL


@pytest.mark.usefixtures("plate")
@pytest.mark.parametrize("arguments", ["plate list", "doctor"])
def test_other_commands_do_not_borrow_a_code_of_theirs_when_nobody_can_be_told(
    environ: dict[str, str], arguments: str
) -> None:
    assert hub(environ, arguments, ">/dev/full").returncode in {UNFORESEEN, 2}


@pytest.mark.parametrize(
    ("setting", "arguments", "code"),
    [
        ({}, "plate list --area $'\\xca\\xd0'", 2),
        ({}, "account list --name $'\\xd6\\xdc'", 2),
        ({"HUB_HOME": os.fsdecode(b"\xca\xd0home")}, "init", 2),
        ({"HUB_HOME": os.fsdecode(b"\xca\xd0home")}, f"verify {REFUSED}", CANNOT_TELL),
        ({"HUB_HOME": os.fsdecode(b"\xca\xd0home")}, "log verify", CANNOT_TELL),
    ],
)
@pytest.mark.usefixtures("plate")
def test_an_argument_or_a_setting_that_is_not_in_utf_8_is_named_and_refused(
    environ: dict[str, str], tmp_path: Path, setting: dict[str, str], arguments: str, code: int
) -> None:
    if setting:
        environ = {name: value for name, value in environ.items() if name != "HUB_DATABASE_URL"}
        setting = {"HUB_HOME": f"{tmp_path}/{setting['HUB_HOME']}"}
    done = hub(environ | setting, arguments)

    assert (done.returncode, done.stderr.count(b"\n")) == (code, 1)
    assert b"no UTF-8" in done.stderr
    assert not list(tmp_path.glob("*home"))


def test_a_machine_without_any_time_zones_is_unforeseen_and_no_traceback(environ: dict[str, str]) -> None:
    start = (
        "import sys; sys.modules['tzdata'] = None; sys.argv[0] = 'hub'; from hub.cli.main import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", start, "verify", REFUSED],
        env={**environ, "PYTHONTZPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (UNFORESEEN, "", 1)
    assert "Asia/Shanghai" in done.stderr


@pytest.mark.usefixtures("plate")
def test_an_interrupted_verification_is_no_verdict(environ: dict[str, str], tmp_path: Path) -> None:
    pipe = tmp_path / "slow"
    os.mkfifo(pipe)
    start = (  # as a shell starts what is in front: what a script starts in the background ignores Ctrl-C
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); sys.argv[0] = 'hub'; "
        "from hub.cli.main import main; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", start, "verify", str(pipe)], env=environ, stderr=subprocess.PIPE, text=True
    )
    with pipe.open("wb") as begun:  # opens when the command does
        _read_begins(begun)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)

    assert (process.returncode, said.count("\n")) == (CANNOT_TELL, 1)


def _read_begins(pipe: IO[bytes]) -> None:
    """Return once the command has taken a first byte, and so waits for more: no moment of loading is left."""
    pipe.write(b"P")
    pipe.flush()
    left = array("i", [1])
    while left[0]:
        time.sleep(0.05)
        fcntl.ioctl(pipe.fileno(), termios.FIONREAD, left)
