"""Plant small faults in one room after another, run the tests that should see them, and list what they missed.

`make mutants SHARE=40` tries every 40th fault of all rooms, `make mutants ROOMS="rules keys"` all faults of two rooms (hours). The sources
are copied into `build/mutants`, so the checkout stays as it is. A run that was interrupted goes on where it was; a fault that survived is
tried again once the tests have changed. `docs/mutants.md` is written from what is known: rooms that were not asked for keep their part.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from faults import Fault, plant
from mutants_page import write

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build/mutants"
SOURCES = ("hub", "signing", "keys", "schemas")
COPIED = (*SOURCES, "tests", "packaging", "docs", "bench", "wsgi.py", "README.md", "README.zh-CN.md",
          "LICENSE", "Makefile", "setup.cfg", "pyproject.toml", "ruff.toml", "CHANGELOG.md", "CONTRIBUTING.md")  # fmt: skip
NICELY = ("nice", "-n", "15")
QUIETLY = ("-c", "setup.cfg", "-q", "-p", "planted", "-p", "no:cacheprovider", "-o", "addopts=--strict-markers --strict-config",
           "-o", "tmp_path_retention_policy=none", "-k", "not postgresql")  # fmt: skip
BUDGET_SECONDS = 10.0  # of computing in tests for one fault, unless more is asked for
QUICK = 2  # so many of each file's quickest tests come first


@dataclass(frozen=True)
class Room:
    """What is changed, and the tests that are asked about it."""

    files: tuple[str, ...]
    tests: tuple[str, ...]
    without: tuple[str, ...] = ()  # names of files: of another room, or tests of something else


@dataclass(frozen=True)
class Measured:
    """What the tests do on planted sources with all faults asleep: functions called at import and by each test that passes; seconds."""

    at_import: frozenset[str]
    calling: dict[str, frozenset[str]]
    seconds: dict[str, float]
    files: dict[str, str]  # what stands in each file of tests, as a digest


RULED = (
    "access",
    "codes",
    "credit",
    "feeds",
    "licenses",
    "registry",
    "steward",
    "supervision",
    "test_supervision_rules.py",
)
ROOMS = {
    "signing": Room(("signing/**/*.py",), ("tests/unit/signing",), ("test_javascript.py",)),
    "keys": Room(("keys/*.py",), ("tests/unit/keys",), ("pkcs11_device.py", "pkcs11_source.py")),
    "tokens": Room(
        ("keys/pkcs11_device.py", "keys/pkcs11_source.py"),
        ("tests/integration/test_softhsm.py",),
    ),  # processes of their own: slow
    "rules": Room(
        ("hub/*/rules.py",), (*(f"tests/unit/{each}" for each in RULED), "tests/integration/test_space.py")
    ),
    "statuses": Room(
        ("hub/trust/statuses/*.py",),
        ("tests/unit/trust", "tests/integration/test_status*.py", "tests/integration/test_log_tampering.py"),
    ),
    "log": Room(
        ("hub/trust/log/*.py",),
        ("tests/unit/trust", "tests/integration/test_log_*.py"),
    ),
    "access": Room(
        ("hub/access/*.py",),
        (
            "tests/unit/access",
            "tests/functional/test_access_*.py",
            "tests/functional/test_carryings.py",
            "tests/functional/test_demonstration_people.py",
            "tests/functional/test_look_numbers.py",
            "tests/functional/test_remits.py",
            "tests/functional/test_visibility.py",
            "tests/integration/test_access_*.py",
        ),
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("rooms", nargs="*", default=[], metavar="ROOM", help=", ".join(ROOMS))
    parser.add_argument(
        "--share", type=int, default=1, help="try every Nth fault, chosen by the hash of its name"
    )
    parser.add_argument("--workers", type=int, default=2, help="so many processes at a time")
    parser.add_argument(
        "--budget", type=float, default=BUDGET_SECONDS, help="seconds of computing in tests for one fault"
    )
    asked = parser.parse_args()
    rooms = asked.rooms or list(ROOMS)
    if unknown := set(rooms) - set(ROOMS):
        raise SystemExit(f"mutants: no room {', '.join(sorted(unknown))}; there are {', '.join(ROOMS)}")
    for name in rooms:
        planted, known = _run(name, ROOMS[name], asked)
        print(write(ROOT, name, asked.share, planted, known))


def _run(name: str, room: Room, asked: argparse.Namespace) -> tuple[list[Fault], dict[str, dict]]:
    folder = BUILD / name
    shutil.rmtree(folder / "tree", ignore_errors=True)
    _copy(folder / "tree")
    tests = _tests(folder / "tree", room)
    planted = [
        fault
        for file in _files(folder / "tree", room)
        for fault in plant(file, folder / "tree", BUILD / "made")
    ]
    measured = _measured(folder, planted, tests, asked.workers)
    planted = [_at_import(fault, measured) for fault in planted]
    sample = [fault for fault in planted if not fault.not_tried and fault.chance % asked.share == 0]
    orders = {fault.key: _order(fault, measured, asked.budget) for fault in sample}
    for _ in range(2):  # what hangs is tried once more: the machine may have been busy
        known = _known(folder / "answers.jsonl")
        waiting = [
            orders[fault.key] for fault in sample if _to_be_tried(orders[fault.key], known.get(fault.key, []))
        ]
        if waiting:
            _work(folder, tests, waiting, asked.workers)
    known = _known(folder / "answers.jsonl")
    return planted, {fault.key: _verdict(known.get(fault.key, []), orders[fault.key]) for fault in sample}


def _copy(tree: Path) -> None:
    tree.mkdir(parents=True)
    for each in COPIED:
        if (ROOT / each).is_dir():
            shutil.copytree(
                ROOT / each, tree / each, ignore=shutil.ignore_patterns("__pycache__", "node_modules")
            )
        else:
            shutil.copy(ROOT / each, tree / each)
    with (tree / "setup.cfg").open("a", encoding="utf-8") as file:
        file.write("\n[mutmut]\nsource_paths =\n" + "".join(f"    {each}\n" for each in SOURCES))
    os.chdir(tree)  # mutmut reads its settings in the working folder


def _files(tree: Path, room: Room) -> list[Path]:
    return sorted(
        path for pattern in room.files for path in tree.glob(pattern) if path.name not in room.without
    )


def _tests(tree: Path, room: Room) -> list[str]:
    named = [path for pattern in room.tests for path in tree.glob(pattern)]
    files = {file for path in named for file in (path.rglob("test_*.py") if path.is_dir() else [path])}
    return sorted(str(file.relative_to(tree)) for file in files if file.name not in room.without)


def _measured(folder: Path, planted: list[Fault], tests: list[str], workers: int) -> Measured:
    """Learn which test calls which functions; a file of tests is measured again when it or what is planted has changed."""
    target = folder / "measured.json"
    kept = json.loads(target.read_text(encoding="utf-8")) if target.exists() else {}
    sources = "".join(fault.key for fault in planted)
    keys = {test: _digest(sources + (folder / "tree" / test).read_text(encoding="utf-8")) for test in tests}
    stale = [test for test, key in keys.items() if kept.get(test, {}).get("key") != key]
    kept = {test: kept[test] for test in tests if test not in stale}
    if stale:
        print(f"{folder.name}: measuring {len(stale)} files of tests", flush=True)
        kept |= {
            test: {"key": keys[test], **facts} for test, facts in _measure(folder, stale, workers).items()
        }
        target.write_text(json.dumps(kept), encoding="utf-8")
    facts = {test: each for of_file in kept.values() for test, each in of_file["tests"].items()}
    for test in (test for test, each in facts.items() if not each["passed"]):
        print(f"left out, for it fails on planted sources with all faults asleep: {test}")
    return Measured(
        at_import=frozenset(name for of_file in kept.values() for name in of_file["at_import"]),
        calling={test: frozenset(each["called"]) for test, each in facts.items() if each["passed"]},
        seconds={test: each["seconds"] for test, each in facts.items()},
        files={file: of_file["key"] for file, of_file in kept.items()},
    )


def _measure(folder: Path, files: list[str], workers: int) -> dict[str, dict]:
    parts = [folder / f"part-{each}.json" for each in range(workers)]
    _start(folder, files, [["--measure", str(part)] for part in parts])
    read = [json.loads(part.read_text(encoding="utf-8")) for part in parts]
    tests = {test: facts for each in read for test, facts in each["tests"].items()}
    return {
        file: {
            "at_import": read[0]["at_import"],
            "tests": {test: facts for test, facts in tests.items() if test.partition("::")[0] == file},
        }
        for file in files
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _at_import(fault: Fault, measured: Measured) -> Fault:
    if fault.not_tried or fault.function not in measured.at_import:
        return fault
    return Fault(fault.name, fault.function, fault.was, fault.now, "import")


def _order(fault: Fault, measured: Measured, budget: float) -> dict:
    """Give what a trial needs: the tests that call the changed function, some quick ones of each file first."""
    calling = {
        test: measured.seconds[test] for test, called in measured.calling.items() if fault.function in called
    }
    of_file: dict[str, list[str]] = {}
    for test in sorted(calling, key=lambda each: (calling[each], each)):
        of_file.setdefault(test.partition("::")[0], []).append(test)
    first = sorted((test for tests in of_file.values() for test in tests[:QUICK]), key=calling.__getitem__)
    ordered, seconds = [], 0.0
    for test in [*first, *(test for tests in of_file.values() for test in tests[QUICK:])]:
        if seconds < budget:
            ordered.append(test)
            seconds += calling[test]
    digest = _digest("\n".join(sorted(ordered) + sorted(measured.files[file] for file in of_file)))
    return {"key": fault.key, "name": fault.name, "tests": ordered, "digest": digest, "seconds": seconds}


def _known(answers: Path) -> dict[str, list[dict]]:
    known: dict[str, list[dict]] = {}
    if answers.exists():
        for line in answers.read_text(encoding="utf-8").splitlines():
            answer = json.loads(line)
            known.setdefault(answer["fault"], []).append(answer)
    return known


def _to_be_tried(order: dict, answers: list[dict]) -> bool:
    if not order["tests"] or any(each["outcome"] in {"caught", "crashed"} for each in answers):
        return False
    of_these_tests = [each["outcome"] for each in answers if each["tests"] == order["digest"]]
    return "survived" not in of_these_tests and of_these_tests.count("hung") < 2  # noqa: PLR2004 - twice is not chance


def _verdict(answers: list[dict], order: dict) -> dict:
    if not order["tests"]:
        return {"outcome": "untested"}
    for outcome in ("caught", "crashed"):
        if found := [each for each in answers if each["outcome"] == outcome]:
            return found[-1]
    return answers[-1] if answers else {"outcome": "waiting"}


def _work(folder: Path, tests: list[str], waiting: list[dict], workers: int) -> None:
    orders = folder / "orders.json"
    orders.write_text(json.dumps(sorted(waiting, key=lambda each: each["seconds"])), encoding="utf-8")
    print(f"{folder.name}: {len(waiting)} faults to try", flush=True)
    _start(folder, tests, [["--try", str(orders), "--answers", str(folder / "answers.jsonl")]] * workers)


def _start(folder: Path, tests: list[str], asked: list[list[str]]) -> None:
    """Run the plugin in as many processes as there are orders; what they print goes into files."""
    started = []
    for number, arguments in enumerate(asked):
        own = [f"--basetemp={folder / f'tmp-{number}'}", f"--part={number}/{len(asked)}"]
        command = [*NICELY, sys.executable, "-m", "pytest", *QUIETLY, *own, *arguments, *tests]
        with (folder / f"output-{number}.txt").open("w", encoding="utf-8") as output:
            path = os.pathsep.join((str(folder / "tree"), str(ROOT / "packaging")))
            environment = {**os.environ, "PYTHONPATH": path}  # noqa: TID251 - handed on
            started.append(
                subprocess.Popen(  # noqa: S603 - the project's own tests
                    command, cwd=folder / "tree", stdout=output, stderr=output, env=environment
                )
            )
    ends = [process.wait() for process in started]
    if set(ends) - {0, 1}:
        raise SystemExit(f"mutants: the tests do not run, see {folder.relative_to(ROOT)}/output-*.txt")


if __name__ == "__main__":
    main()
