"""Planted faults (`make mutants`): asleep they change nothing, awake each changes one thing."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

PACKAGING = Path(__file__).parents[2] / "packaging"
SOURCE = """
def judge(age: int) -> str:
    if age >= 18:
        return "adult"
    raise ValueError("too young for this")
"""


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    (tmp_path / "setup.cfg").write_text("[mutmut]\nsource_paths = .\n")
    (tmp_path / "ages.py").write_text(SOURCE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.syspath_prepend(str(PACKAGING))
    monkeypatch.setenv("PLANTED_FAULT", "")
    return import_module("faults")


def test_a_fault_acts_when_it_is_named_and_never_else(faults: ModuleType, tmp_path: Path) -> None:
    planted = faults.plant(tmp_path / "ages.py", tmp_path, tmp_path / "made")
    ages, asleep = import_module("ages"), import_module("asleep")
    stricter = next(fault for fault in planted if fault.now == "if age > 18:")

    assert ages.judge(18) == "adult"
    asleep.wake(stricter.name)
    with pytest.raises(ValueError, match="too young for this"):
        ages.judge(18)
    asleep.wake("")
    assert ages.judge(18) == "adult"


def test_a_fault_says_what_it_changes_and_the_wording_of_messages_is_left_alone(
    faults: ModuleType, tmp_path: Path
) -> None:
    planted = faults.plant(tmp_path / "ages.py", tmp_path, tmp_path / "made")

    assert {fault.was for fault in planted if not fault.not_tried} >= {"if age >= 18:", "return 'adult'"}
    assert {fault.was for fault in planted if fault.not_tried} == {"raise ValueError('too young for this')"}
    assert {fault.not_tried for fault in planted} == {"", "words"}


def test_the_same_faults_are_in_every_sample(faults: ModuleType, tmp_path: Path) -> None:
    first = faults.plant(tmp_path / "ages.py", tmp_path, tmp_path / "made")
    (tmp_path / "ages.py").write_text(SOURCE)
    again = faults.plant(tmp_path / "ages.py", tmp_path, tmp_path / "made")

    assert [(fault.key, fault.chance) for fault in first] == [(fault.key, fault.chance) for fault in again]
    assert len({fault.key for fault in first}) == len(first)
