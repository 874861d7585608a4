"""Wheels in an environment that has nothing else: how they are built, installed and run."""

import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
NEEDED = (
    "cryptography",
    "cffi",
    "pycparser",
    "pyjwt",
)  # what the wheel's metadata asks for, and what that asks for
SECONDS = 300


VERIFIER = ("keys", "signing", "packaging", "LICENSE")
WHOLE = (
    "hub",
    "keys",
    "schemas",
    "signing",
    "wsgi.py",
    "setup.cfg",
    "pyproject.toml",
    "README.md",
    "LICENSE",
)


def build_wheel(folder: Path, sources: Iterable[str] = VERIFIER, project: str = "packaging/verifier") -> Path:
    """From a copy of the sources: a build leaves nothing in the checkout, and takes nothing stale from it."""
    copy = folder / "sources"
    copy.mkdir()
    for name in sources:
        if (ROOT / name).is_file():
            shutil.copy(ROOT / name, copy)
            continue
        shutil.copytree(
            ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info")
        )
    _run(
        sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index",
        "-w", str(folder), str(copy / project),
    )  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    return wheel


def asked_for(texts: Iterable[str]) -> set[str]:
    """Distributions of this environment that meet the requirements, and those that they ask for in turn."""
    found: set[str] = set()
    waiting = [Requirement(text) for text in texts]
    while waiting:
        one = waiting.pop()
        try:
            known = distribution(one.name)
        except PackageNotFoundError:  # for another platform or Python
            continue
        if one.name in found and not one.extras:
            continue
        found.add(one.name)
        needs = [Requirement(text) for text in known.requires or ()]
        waiting += [each for each in needs if _applies(each, one.extras)]
    return found


def _applies(needed: Requirement, extras: set[str]) -> bool:
    return needed.marker is None or any(needed.marker.evaluate({"extra": each}) for each in {"", *extras})


def clean_environment(folder: Path, needed: Iterable[str] = NEEDED) -> Path:
    """A new environment with what the wheel may ask for, from this one, so that no index is asked; its python."""
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python3*/site-packages")
    for name in needed:
        found = distribution(name)
        for file in found.files or ():
            source, target = Path(str(found.locate_file(file))), site / file
            if ".." not in file.parts and source.is_file() and "__pycache__" not in file.parts:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)
    return folder / "bin/python"


def install(wheel: Path, python: Path) -> None:
    """pip finds every requirement met, or fails: there is no index."""
    _run(sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-index", str(wheel))


def installed(python: Path) -> set[str]:
    """Names of all distributions in the environment."""
    code = "import importlib.metadata as m; print(*(d.name for d in m.distributions()))"
    return {name.lower() for name in _run(str(python), "-I", "-c", code).split()}


def run_alone(python: Path, script: Path, folder: Path) -> str:
    """Run a script there: isolated, in its own folder, without this process's environment."""
    return _run(str(python), "-I", str(script), cwd=folder, env={"PATH": "/usr/bin:/bin"})


def _run(*command: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    ran = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, check=False, text=True, timeout=SECONDS
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout
