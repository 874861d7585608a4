"""Other people's JavaScript: installed once from its lock file, asked one question at a time."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "node"
INSTALL_SECONDS = 300  # ten small packages; a slow registry is no failure of ours
STAMP = FOLDER / "node_modules" / ".lock-of-this-install.json"


def install() -> None:
    """`npm ci`, unless what is installed is what the lock file names."""
    lock = FOLDER / "package-lock.json"
    if STAMP.is_file() and STAMP.read_bytes() == lock.read_bytes():
        return
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError("npm is not installed; run tests/needs.sh")
    done = subprocess.run(
        [npm, "ci", "--no-progress"],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        timeout=INSTALL_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"npm ci failed: {done.stderr[-2_000:]}")
    shutil.copy(lock, STAMP)


def ask(act: str, **question: object) -> Mapping[str, Any]:
    """The answer of `tests/node/sd_jwt_vc.mjs`; `refused` says why it refused."""
    done = subprocess.run(
        ["node", str(FOLDER / "sd_jwt_vc.mjs")],
        input=json.dumps({"act": act, **question}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2_000:])
    answer: Mapping[str, Any] = json.loads(done.stdout)
    return answer
