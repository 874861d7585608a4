"""Plant small faults in one room after another, run the tests that should see them, and list what they missed.

`make mutants` takes all rooms (hours), `make mutants ROOMS="rules keys"` some. The sources are copied into `build/mutants`, so the checkout
stays as it is; a run that was interrupted goes on where it was. `docs/mutants.md` is written from what is known so far.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build/mutants"
PAGE = ROOT / "docs/mutants.md"
COPIED = ("hub", "signing", "keys", "schemas", "tests", "packaging", "docs", "bench", "wsgi.py", "README.md", "README.zh-CN.md",
          "LICENSE", "Makefile", "setup.cfg", "pyproject.toml", "ruff.toml", "CHANGELOG.md", "CONTRIBUTING.md")  # fmt: skip
CAUGHT = frozenset(
    {1, 3, 36, 37, -24, 24, 152, 255}
)  # failed tests, time-outs, found by types (mutmut's exit codes)
UNTESTED = frozenset({5, 33})


@dataclass(frozen=True)
class Room:
    """What is changed, and the tests that are asked about it."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


RULED = (
    "access",
    "codes",
    "credit",
    "feeds",
    "licenses",
    "registry",
    "supervision",
    "trust",
    "test_supervision_rules.py",
)
ROOMS = {
    "rules": Room(("hub/*/rules.py",), tuple(f"tests/unit/{each}" for each in RULED)),
    "signing": Room(("signing/*",), ("tests/unit/signing",)),
    "keys": Room(("keys/*",), ("tests/unit/keys",)),
    "access": Room(
        ("hub/access/*",),
        ("tests/unit/access", "tests/functional/test_access_*.py", "tests/integration/test_access_*.py"),
    ),
    "log": Room(("hub/trust/log/*",), ("tests/unit/trust", "tests/integration/test_log_*.py")),
    "statuses": Room(("hub/trust/statuses/*",), ("tests/unit/trust", "tests/integration/test_status*.py")),
}


def main() -> None:
    for name in sys.argv[1:] or list(ROOMS):
        if name not in ROOMS:
            raise SystemExit(f"mutants: no room {name!r}; there are {', '.join(ROOMS)}")
        _run(name, ROOMS[name])
    PAGE.write_text(_page(), encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")


def _run(name: str, room: Room) -> None:
    folder = BUILD / name
    folder.mkdir(parents=True, exist_ok=True)
    for each in COPIED:
        source, target = ROOT / each, folder / each
        if source.is_dir():
            shutil.copytree(
                source,
                target,
                dirs_exist_ok=True,
                ignore=shutil.ignore_patterns("__pycache__", "node_modules"),
            )
        else:
            shutil.copy(source, target)
    with (folder / "setup.cfg").open("a", encoding="utf-8") as file:
        file.write(_configuration(folder, room))
    with (folder / "mutmut.log").open("w", encoding="utf-8") as log:  # it redraws a line many times a second
        subprocess.run(
            [sys.executable, "-m", "mutmut", "run"], cwd=folder, stdout=log, stderr=log, check=False
        )
    print(_line(name))


def _configuration(folder: Path, room: Room) -> str:
    tests = [str(path.relative_to(folder)) for pattern in room.tests for path in sorted(folder.glob(pattern))]
    lists = {
        "source_paths": ["hub", "signing", "keys", "schemas"],
        "only_mutate": list(room.files),
        "also_copy": [each for each in COPIED if each not in {"hub", "signing", "keys", "schemas"}],
        "pytest_add_cli_args": ["-q", "-p", "no:cacheprovider"],
        "pytest_add_cli_args_test_selection": tests,
    }
    lines = [f"{key} =\n" + "".join(f"    {value}\n" for value in values) for key, values in lists.items()]
    return "\n[mutmut]\n" + "".join(lines)


def _results(name: str) -> Iterator[tuple[str, int]]:
    """Each planted fault that was judged, with the exit code of its tests."""
    for path in sorted((BUILD / name / "mutants").rglob("*.py.meta")):
        codes: dict[str, int | None] = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        yield from ((mutant, code) for mutant, code in codes.items() if code is not None)


def _line(name: str) -> str:
    codes = [code for _, code in _results(name)]
    caught = sum(code in CAUGHT for code in codes)
    untested = sum(code in UNTESTED for code in codes)
    share = f"{100 * caught / len(codes):.1f} %" if codes else "not run"
    return f"| {name} | {len(codes)} | {caught} | {len(codes) - caught - untested} | {untested} | {share} |"


def _page() -> str:
    known = [name for name in ROOMS if any(_results(name))]
    survivors = [
        f"- `{mutant}`" for name in known for mutant, code in _results(name) if code not in CAUGHT | UNTESTED
    ]
    return "\n".join([
        "# Planted faults that no test saw",
        "",
        "`make mutants` changes one small thing at a time (a comparison, a constant, a call left out), runs the tests of the room and",
        "writes this page. *Untested* faults lie in lines that no test runs. `mutmut show NAME` in `build/mutants/ROOM` shows one.",
        "",
        "| room | planted | caught | survived | untested | caught of all |",
        "|---|---|---|---|---|---|",
        *(_line(name) for name in known),
        "",
        "## Survivors",
        *survivors,
        "",
    ])  # fmt: skip


if __name__ == "__main__":
    main()
