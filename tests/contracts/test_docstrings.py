"""Docstrings say what a function does, with a verb first, in the rooms where all of them do by now."""

import ast
import re
from pathlib import Path

import pytest

from tests.contracts.test_glossary import PACKAGES, ROOT, section, terms

FIRST = re.compile(r"[a-z]+")
VERBS = "## Verbs of programming"
DONE = (  # a room joins when all its docstrings do; none leaves
    "hub/api",
    "hub/credit",
    "hub/demo",
    "hub/documents",
    "hub/ends",
    "hub/registry",
    "hub/steward",
    "hub/supervision",
)


def verbs() -> frozenset[str]:
    """Return the verbs of the glossary: ours, and those of programming."""
    ours = {word for term in terms() for word in FIRST.findall(term)}
    return frozenset(ours | set(FIRST.findall(section(VERBS).partition(":\n")[2])))


def first_words(path: Path) -> dict[str, str]:
    """Return the first words of docstrings of what others may call, by name; a property is a noun and not asked."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    holders = [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]
    found = {}
    for node in (node for holder in holders for node in holder.body):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
            continue
        text = ast.get_docstring(node)
        is_noun = any(ast.unparse(each).endswith(("property", "setter")) for each in node.decorator_list)
        if text is not None and not is_noun:
            word = re.match(r"[A-Z][a-z]+\b", text)
            found[f"{path.relative_to(ROOT).as_posix()}:{node.lineno} {node.name}"] = (
                word[0].lower() if word else text[:20]
            )
    return found


@pytest.mark.parametrize("room", DONE)
def test_what_a_function_does_is_said_with_a_verb_first(room: str) -> None:
    found = {name: word for path in (ROOT / room).rglob("*.py") for name, word in first_words(path).items()}

    assert found
    assert {name: word for name, word in found.items() if word not in verbs()} == {}


def test_every_verb_of_programming_is_in_use() -> None:
    used = {
        word
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for word in first_words(path).values()
    }

    assert set(FIRST.findall(section(VERBS).partition(":\n")[2])) - used == set()
