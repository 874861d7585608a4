"""A demonstration city of its own for measuring, made once and kept under `var/bench-N`."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from hub.config import Settings


@dataclass(frozen=True)
class City:
    home: Path
    environ: dict[str, str]

    @property
    def settings(self) -> Settings:
        return Settings.from_env(self.environ)

    def hub(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "hub.cli", *arguments],
            env=os.environ | self.environ,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def city(enterprises: int) -> City:
    home = Path("var") / f"bench-{enterprises}"
    made = City(
        home,
        {
            "HUB_HOME": str(home),
            "HUB_DEMO": "1",
            "HUB_BASE_URL": "http://127.0.0.1:8123",
            "HUB_RATE_FACTOR": "10000",
        },
    )
    if not (home / "ready").exists():
        made.hub("init")
        made.hub("demo", "--enterprises", str(enterprises))
        (home / "ready").touch()
    made.hub("init")  # a city kept from an older version is brought up to date
    return made
