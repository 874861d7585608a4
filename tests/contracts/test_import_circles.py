"""No two modules import each other, on whatever way: imports for types and inside functions count like any other."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("keys", "signing", "schemas", "hub")


def sources() -> dict[str, Path]:
    """Return each module's file by its dotted name; a package's is its `__init__`."""
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path: Path, modules: Mapping[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names if each.name in modules)
            case ast.Constant(value=str(name)) if name in modules and "." in name:
                yield name  # imported by its name, as commands are
            case ast.ImportFrom(module=str(module), names=names, level=0) if module in modules:
                for each in names:
                    inner = f"{module}.{each.name}"
                    yield inner if inner in modules else module


def circles(graph: Mapping[str, frozenset[str]]) -> set[frozenset[str]]:
    """Return the groups of modules of which each reaches every other."""
    reached = {name: reach(graph, name) for name in graph}
    return {
        frozenset(other for other in reached[name] if name in reached[other])
        for name in graph
        if name in reached[name]
    }


def reach(graph: Mapping[str, frozenset[str]], start: str) -> frozenset[str]:
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(graph[name])
    return frozenset(seen)


def import_graph() -> dict[str, frozenset[str]]:
    modules = sources()
    return {name: frozenset(imported(path, modules)) for name, path in modules.items()}


def test_no_modules_import_each_other_also_for_types_or_inside_functions() -> None:
    found = circles(import_graph())

    assert {tuple(sorted(each)) for each in found} == set()


def test_a_circle_is_found_on_whatever_way() -> None:
    graph = {"a": frozenset({"b"}), "b": frozenset({"c"}), "c": frozenset({"a"}), "d": frozenset({"a"})}

    assert circles(graph) == {frozenset("abc")}


def test_imports_for_types_and_inside_functions_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(
        "if TYPE_CHECKING:\n    from hub import app\n\ndef late():\n    import keys.ring\n    from keys import KeySet\n",
        encoding="utf-8",
    )

    assert sorted(imported(path, sources())) == ["hub.app", "keys", "keys.ring"]
