"""The tables by which licenses are judged are handed in, as the visibility matrix is (docs/adr/0043, 0048)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOADERS = {
    "hub.kernel.calendar.loader",
    "hub.licenses.catalogue.loader",
    "hub.licenses.reference.loader",
    "hub.registry.scope.loader",
}
EDGE = ("hub/app.py", "hub/cli/", "hub/demo/", *(f"{name.replace('.', '/')}.py" for name in LOADERS))


def imported(path: Path) -> set[str]:
    """Every module that a file imports, and every name that it imports from one."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return found


@pytest.mark.parametrize("package", ["hub", "schemas", "signing", "keys"])
def test_only_the_edge_loads_shipped_tables(package: str) -> None:
    files = list((ROOT / package).rglob("*.py"))
    inside = [path for path in files if not path.relative_to(ROOT).as_posix().startswith(EDGE)]
    assert inside

    assert [path.name for path in inside if imported(path) & LOADERS] == []


def test_the_edge_is_where_they_are_loaded() -> None:
    """The names above are real: a loader that moves makes this fail, not the test above say nothing."""
    assert set().union(*(imported(path) for path in (ROOT / "hub").rglob("*.py"))) >= LOADERS
