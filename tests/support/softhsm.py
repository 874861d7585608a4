"""A PKCS#11 token of one's own: SoftHSM2 with its token in a temporary folder.

The module reads its configuration from the environment when it is initialised, once per process: what uses a token
runs in a process of its own (`SoftToken.work`).
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from coverage import Coverage

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")  # Debian's place; tests/needs.sh installs it
PIN = "correct horse battery staple"
LABEL = "hub test"
RUN_SECONDS = 120
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class SoftToken:
    """An initialised token. Taking its folder away is pulling the plug of the device."""

    config: Path
    folder: Path
    name: str = f"token={quote(LABEL)}"

    @property
    def uri(self) -> str:
        return f"pkcs11:{self.name}?module-path={MODULE}"

    def named_by_serial(self, serial: str) -> "SoftToken":
        """The same, asked for by a serial number and no label."""
        return replace(self, name=f"serial={quote(serial)}")

    def serial(self) -> str:
        """The serial number of the token with the label of ours."""
        told = subprocess.run(
            ["softhsm2-util", "--show-slots"],
            env={**os.environ, **self.environ},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        (found,) = re.findall(
            rf"Serial number:\s*(\S+)(?:(?!Slot ).)*?Label:\s*{re.escape(LABEL)}\s*\n", told, re.DOTALL
        )
        return str(found)

    @property
    def environ(self) -> dict[str, str]:
        return {"SOFTHSM2_CONF": str(self.config)}

    def take_away(self) -> None:
        self.folder.rename(self.folder.with_name("away"))

    def bring_back(self) -> None:
        self.folder.with_name("away").rename(self.folder)

    def work(self, name: str, *places: str | Path) -> Any:
        """What a work of `tests.support.token_work` answers, done with this token in a process of its own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        if Coverage.current() is not None:  # what runs in the token's process counts as well
            kept["COVERAGE_PROCESS_START"] = str(ROOT / "setup.cfg")
        done = subprocess.run(
            [
                sys.executable,
                "-W",
                "error",
                "-m",
                "tests.support.token_work",
                name,
                self.uri,
                *map(str, places),
            ],
            cwd=ROOT,
            env={**kept, **self.environ},
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)


def soft_token(place: Path, *, label: str = LABEL, pin: str = PIN) -> SoftToken:
    """Make a token under `place`."""
    folder, config = place / "tokens", place / "softhsm2.conf"
    folder.mkdir(parents=True, mode=0o700)
    config.write_text(f"directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n")
    token = SoftToken(config, folder)
    add_token(token, label=label, pin=pin)
    return token


def add_token(token: SoftToken, *, label: str, pin: str = PIN) -> None:
    """Make one more token beside it."""
    subprocess.run(
        [
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            label,
            "--so-pin",
            "so-87654321",
            "--pin",
            pin,
        ],
        env={**os.environ, **token.environ},
        check=True,
        capture_output=True,
    )
