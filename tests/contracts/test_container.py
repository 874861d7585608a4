"""The Containerfile: what it copies is there and let through, what it installs is locked, who runs it is nobody."""

import re
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "packaging/container"
TEXT = (FOLDER / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
STEPS = [line.split(maxsplit=1) for line in TEXT.splitlines() if line and not line.startswith("#")]


def said(word: str) -> list[str]:
    return [rest for step, rest in STEPS if step == word]


def copied() -> list[str]:
    """Sources from the checkout."""
    return [name for rest in said("COPY") if "--from=" not in rest for name in rest.split()[:-1]]


def test_what_is_copied_is_there_and_not_ignored() -> None:
    lines = (FOLDER / "Containerfile.dockerignore").read_text(encoding="utf-8").split()
    allowed = [line.removeprefix("!") for line in lines if line.startswith("!")]
    assert lines[0] == "**"  # nothing goes into the build but what is named
    assert len(copied()) > 5
    assert [name for name in copied() if not (ROOT / name).exists()] == []
    assert [name for name in copied() if not any(fnmatch(name, each) for each in allowed)] == []


def test_every_package_comes_from_the_lock_with_its_hash() -> None:
    installs = [each for rest in said("RUN") for each in rest.split("&&") if re.search(r"pip install", each)]
    assert len(installs) == 2
    for each in installs:
        assert "--require-hashes" in each or "--no-deps" in each


def test_nobody_privileged_runs_it_and_its_health_is_asked() -> None:
    assert said("USER")[-1].split(":")[0].isdecimal()
    assert said("USER")[-1] != "0:0"
    assert "/readyz" in said("HEALTHCHECK")[0]
    assert said("VOLUME") == ["/var/lib/hub"]


def test_every_tool_keeps_the_health_check() -> None:
    """The OCI format, which podman and buildah write unless told otherwise, has none."""
    for script in (ROOT / "packaging/container.sh", FOLDER / "check.sh"):
        builds = [line for line in script.read_text(encoding="utf-8").splitlines() if "build --" in line]
        assert builds
        assert all("--format docker" in line for line in builds)
