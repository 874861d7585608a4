"""Who may do or read what is asked where it is done or read: a route only finds out who the actor is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EDGE = tuple(
    path for folder in ("ends", "api", "web", "cli") for path in sorted((ROOT / "hub" / folder).rglob("*.py"))
)
CHECKS = frozenset({"require", "require_fresh", "require_look", "reading", "may", "PERMISSIONS", "knows_of"})
ROOMS = frozenset({"hub.access.checks", "hub.access.rules"})


def checks_of(text: str) -> Iterator[str]:
    """The checks of access that a module imports, by their names or through their module."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.ImportFrom(module=str(module)) if module in ROOMS:
                yield from (f"{alias.name}" for alias in node.names if alias.name in CHECKS)
            case ast.ImportFrom(module="hub.access"):
                yield from (alias.name for alias in node.names if f"hub.access.{alias.name}" in ROOMS)
            case ast.Import():
                yield from (alias.name for alias in node.names if alias.name in ROOMS)


@pytest.mark.parametrize("path", EDGE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_route_or_command_checks_a_permission_itself(path: Path) -> None:
    assert list(checks_of(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "text",
    [
        "from hub.access.checks import require",
        "from hub.access.rules import Action, may",
        "from hub.access import checks",
        "import hub.access.rules",
        "def view() -> None:\n    from hub.access.checks import reading",
    ],
)
def test_a_check_in_a_route_is_seen(text: str) -> None:
    assert list(checks_of(text))
