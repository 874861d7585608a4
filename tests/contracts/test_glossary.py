"""One noun, one thing: names of modules and classes held against docs/glossary.md."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "docs" / "glossary.md"
PACKAGES = ("hub", "signing", "keys", "schemas")
PROGRAMMING = "## Words of programming"
RETIRED = "## Words that are not used"
FILES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts and not path.name.startswith("__")
)
IRREGULAR = {
    "statuses": "status",
    "indices": "index",
    "indexes": "index",
    "leaves": "leaf",
    "series": "series",
}
ENDINGS = (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss"), ("xes", "x"), ("s", ""))
KEPT = ("ss", "us", "is", "news", "premises", "access", "pades", "sms", "jws", "metrics", "edwards")


def singular(word: str) -> str:
    """Return the form in which the glossary has a word."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith(KEPT):
        return word
    for ending, instead in ENDINGS:
        if word.endswith(ending):
            return word.removesuffix(ending) + instead
    return word


def words_of(name: str) -> list[str]:
    """Return the words of a name, in lower case: of a class, or of a module."""
    parts = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z0-9]+|[A-Z0-9]+|[a-z0-9]+", name)
    return [singular(part.lower()) for part in parts]


def classes() -> dict[str, list[str]]:
    """Return every class that others may name, with the files that have one of that name."""
    found = defaultdict(list)
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and node.name != "Meta":
                found[node.name].append(path.relative_to(ROOT).as_posix())
    return found


def section(title: str) -> str:
    text = GLOSSARY.read_text(encoding="utf-8")
    return text.partition(title)[2].partition("\n## ")[0]


def terms() -> list[str]:
    rows = re.findall(
        r"^\| ([^|]+) \| [^|]+ \| [^|]+ \|$", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE
    )
    return [term.strip() for row in rows if row not in {"term", "verb"} for term in row.split(",")]


def known() -> set[str]:
    return plain() | {words_of(term)[-1] for term in terms()}


def plain() -> set[str]:
    return {singular(word) for word in re.findall(r"[a-z0-9]+", section(PROGRAMMING).partition(":\n")[2])}


def test_the_glossary_has_every_term_once() -> None:
    found = terms()

    assert len(found) > 140
    assert sorted(set(found)) == sorted(found)


def test_no_two_classes_have_one_name() -> None:
    assert {name: files for name, files in classes().items() if len(files) > 1} == {}


def test_what_a_class_is_stands_in_the_glossary() -> None:
    words = known()
    heads = {
        name: words_of(name.removesuffix("Error"))[-1] for name in classes() if not name.endswith("Error")
    }

    assert {name: head for name, head in heads.items() if head not in words} == {}


def test_what_a_module_holds_stands_in_the_glossary() -> None:
    words = known()
    heads = {path.relative_to(ROOT).as_posix(): words_of(path.stem)[-1] for path in FILES}

    assert {path: head for path, head in heads.items() if head not in words} == {}


@pytest.mark.parametrize(
    "word", sorted(set(re.findall(r"^\| ([a-z]+) \|", section(RETIRED), re.MULTILINE)) - {"word"})
)
def test_a_word_with_a_second_meaning_names_nothing(word: str) -> None:
    named = [*classes(), *(path.stem for path in FILES)]

    assert [name for name in named if word in words_of(name)] == []


def test_every_word_of_programming_is_in_use() -> None:
    used = {words_of(name)[-1] for name in classes()} | {words_of(path.stem)[-1] for path in FILES}

    assert plain() - used == set()
