"""The shape of the house, as a ratchet: short files, short functions, telling names, nothing left for later."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("hub", "signing", "schemas", "keys")
MAX_FILE_LINES, MAX_FUNCTION_LINES = 300, 40
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "misc", "common", "manager"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|NotImplemented|pragma: no cover)\b")


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    return sorted(ROOT / name for name in listed if name and (ROOT / name).is_file())


def product_files() -> list[Path]:
    return [
        path
        for path in tracked(*(f"{package}/**.py" for package in PACKAGES), "wsgi.py")
        if "migrations/versions" not in path.as_posix()
    ]


def test_there_is_something_to_measure() -> None:
    assert len(product_files()) > 50


@pytest.mark.parametrize("path", tracked("*.py"), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_file_is_longer_than_a_reader_can_hold(path: Path) -> None:
    if "migrations/versions" in path.as_posix():
        return
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_FILE_LINES


@pytest.mark.parametrize("path", product_files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_function_is_longer_than_a_screen(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1}"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
    ]
    assert long == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [
        path for path in product_files() if path.stem in VAGUE_NAMES or path.parent.name in VAGUE_NAMES
    ] == []


def test_nothing_is_left_for_later() -> None:
    here = Path(__file__)
    found = [
        path
        for path in tracked("*.py", "*.html", "*.js", "*.css")
        if path != here and "vendor" not in path.parts and UNFINISHED.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


HEAVY = {
    "hub.documents.page",
    "hub.documents.signing.pades",
    "openpyxl",
    "openpyxl.styles.numbers",
    "openpyxl.utils.datetime",
    "pypinyin",
    "reportlab.pdfbase.ttfonts",
}  # megabytes that a web process needs for one kind of request only


def test_imports_stand_at_the_top() -> None:
    inside = []
    for path in product_files():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside += [
            f"{path.relative_to(ROOT)}:{node.lineno}"
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef)
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom) and getattr(node, "module", None) not in HEAVY
        ]
    assert inside == []


def test_what_is_heavy_is_not_loaded_before_it_is_needed() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "import sys, hub.app; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert "hub.web.context" in said
    assert {"openpyxl", "pyhanko", "aiohttp", "numpy", "pypinyin"}.isdisjoint(said)


def test_every_suppression_gives_its_reason() -> None:
    bare = re.compile(r"#\s*(noqa(?::\s*[A-Z0-9, ]+)?|type:\s*ignore(?:\[[^\]]*\])?)\s*$")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in product_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    ]
    assert found == []


def test_only_the_edges_of_processes_catch_everything() -> None:
    """A worker's duty that fails is no end of the worker; a command that fails must not end with a verdict's code."""
    places = [
        path.relative_to(ROOT).as_posix()
        for path in product_files()
        if re.search(r"except (Base)?Exception\b|except:", path.read_text(encoding="utf-8"))
    ]
    assert set(places) <= {"hub/cli/duties.py", "hub/cli/main.py"}


def test_only_unit_tests_replace_parts_of_the_product() -> None:
    """Everywhere else the real thing runs: what a test needs otherwise is a parameter."""
    replaced = re.compile(r"\b(monkeypatch|unittest\.mock|from unittest import mock)\b")
    found = [
        path.relative_to(ROOT).as_posix()
        for path in tracked("tests/**.py")
        if path.relative_to(ROOT).parts[1] != "unit"
        and path != Path(__file__)
        and replaced.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
