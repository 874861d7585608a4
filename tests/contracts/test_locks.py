"""The locks name exactly what is installed: every requirement, every file's hash, the same versions to run and to test."""

import configparser
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.support.scripts import script

ROOT = Path(__file__).parents[2]
LOCKS = ROOT / "packaging/locks"
RENEW = "run `make lock` and commit packaging/locks"


comparison = script("compare_lock")


def locked(name: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = comparison.locked((LOCKS / name).read_text(encoding="utf-8"))
    return found


def wanted(*extras: str) -> list[Requirement]:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    texts = [
        setup["options"]["install_requires"],
        *(setup["options.extras_require"][each] for each in extras),
    ]
    return [Requirement(line) for text in texts for line in text.split("\n") if line]


@pytest.mark.parametrize(("lock", "extras"), [("run.txt", ()), ("test.txt", ("test",))])
def test_every_requirement_is_locked_at_a_version_that_it_allows(lock: str, extras: tuple[str, ...]) -> None:
    versions = locked(lock)
    unmet = [
        str(each)
        for each in wanted(*extras)
        if not any(Version(one) in each.specifier for one in versions.get(comparison.normal(each.name), ()))
    ]
    assert unmet == [], RENEW


def test_what_is_tested_is_what_runs() -> None:
    run, test = locked("run.txt"), locked("test.txt")
    assert {name: versions for name, versions in run.items() if test.get(name) != versions} == {}, RENEW


@pytest.mark.parametrize("lock", ["run.txt", "test.txt", "release.txt"])
def test_every_locked_package_has_its_hashes(lock: str) -> None:
    text = (LOCKS / lock).read_text(encoding="utf-8")
    entries = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    assert len(entries) > 10
    assert [each for each in entries if "--hash=sha256:" not in each] == []
    assert "://" not in text  # names and hashes only: from which index they come is the machine's affair


def test_a_package_that_is_newer_than_the_lock_is_told() -> None:
    told = comparison.differences(
        {"flask": {"3.1.0"}, "limits": {"5.8"}}, {"flask": "3.2.0", "limits": "5.8", "new": "1"}
    )
    assert told == ["flask: locked 3.1.0, installed 3.2.0", "new: locked nowhere, installed 1"]
