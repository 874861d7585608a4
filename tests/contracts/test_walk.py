"""docs/walk.md against the code: every step is there, and is called by the step that it stands under."""

import ast
import inspect
import re
import textwrap
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
WALK = ROOT / "docs" / "walk.md"
STEP = re.compile(r"^(?P<indent> *)- \[`(?P<name>[\w.]+)`\]\(\.\./(?P<file>[\w/]+\.py)\): .+\.$")


class Step(NamedTuple):
    name: str
    file: str
    caller: str | None


def steps() -> list[Step]:
    found: list[Step] = []
    above: list[str] = []
    for line in WALK.read_text(encoding="utf-8").splitlines():
        match = STEP.match(line)
        assert match or not line.lstrip().startswith("- "), line
        if match:
            depth = len(match["indent"]) // 2
            assert depth <= len(above), f"{line}: nothing stands above it"
            found.append(Step(match["name"], match["file"], above[depth - 1] if depth else None))
            above = [*above[:depth], match["name"]]
        elif line.startswith("#"):
            above = []
    return found


def thing(step: Step) -> Any:
    """Return the function or method that a step names, as its file has it."""
    module = import_module(step.file.removesuffix(".py").replace("/", "."))
    found: Any = module
    for part in step.name.removeprefix(f"{module.__name__}.").split("."):
        found = getattr(found, part)
    return inspect.unwrap(getattr(found, "callback", found))  # a command of click holds its function


def names_in(function: Any) -> set[str]:
    """Return every name that a function mentions: what it calls, or hands on to be called."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    plain = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return plain | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


STEPS = steps()
BY_NAME = {step.name: step for step in STEPS}


def test_there_are_five_walks_of_several_steps_each() -> None:
    walks = re.split(r"^## \d\. ", WALK.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]

    assert len(walks) == 5
    assert all(len(re.findall(r"^ *- ", walk, re.MULTILINE)) >= 7 for walk in walks)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_is_where_the_walk_says(step: Step) -> None:
    found = thing(step)

    assert callable(found)
    assert Path(inspect.getsourcefile(found) or "").relative_to(ROOT).as_posix() == step.file


@pytest.mark.parametrize("step", [step for step in STEPS if step.caller], ids=lambda step: step.name)
def test_a_step_is_called_by_the_one_above_it(step: Step) -> None:
    caller = BY_NAME[str(step.caller)]
    words = names_in(thing(caller))
    parts = step.name.split(".")
    is_made = parts[-1] == "__call__"

    assert (parts[-2] if is_made else parts[-1]) in words, f"{caller.name} does not name {step.name}"
