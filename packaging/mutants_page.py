"""Write `docs/mutants.md`: figures of each room, what survived, and what is the same program in other words."""

import tomllib
from collections import Counter
from pathlib import Path

from faults import NOT_TRIED, Fault

SAME = "packaging/mutants.toml"
ROWS = "| room | planted | not tried | sample | tried | caught | crashed | hung | same | survived | untested | caught of tried |"
HEAD = """# Planted faults that no test saw

`make mutants` changes one small thing at a time in the rooms that must be right (a comparison, a constant, an argument left out), runs
the tests that call the changed function and writes this page. `make mutants SHARE=40` tries every 40th fault: the hash of a fault's name
decides which, so the sample is the same on every machine and nobody chose it.

A fault is given tests for 10 seconds of computing, two quick ones of each file first; `BUDGET=60` gives more to those that survived: what
survives may still be seen by a slower test.

- *caught*: a test failed; *crashed*: the tests' process ended (a null pointer handed to a C library); *hung*: the tests
  computed five times as long as ever and ten seconds, or took ten minutes, twice. The last column counts these three.
- *same*: the changed program does the same; each is listed with the reason and is not counted.
- *untested*: no test of the room calls the function.
- *not tried*, and not counted, are {not_tried}.
- Tests on PostgreSQL are left out; they are the same tests as on SQLite.
- A room without a row has not been tried in full; a row is as old as its last run.
"""


def write(root: Path, name: str, share: int, planted: list[Fault], known: dict[str, dict]) -> str:
    """Put a room's part into the page, others keep theirs.

    Returns:
        The room's row of figures.
    """
    page = root / "docs/mutants.md"
    rows, parts = _kept(page)
    same = _same(root, planted)
    rows[name], parts[name] = _row(name, share, planted, known, same), _part(name, planted, known, same)
    head = HEAD.format(not_tried="; ".join(NOT_TRIED.values()))
    table = [ROWS, "|---" * (ROWS.count("|") - 1) + "|", *(rows[each] for each in rows)]
    page.write_text(
        "\n".join([head, *table, "", *("\n".join(part) for part in parts.values())]) + "\n", encoding="utf-8"
    )
    return rows[name]


def _kept(page: Path) -> tuple[dict[str, str], dict[str, list[str]]]:
    rows: dict[str, str] = {}
    parts: dict[str, list[str]] = {}
    part: list[str] = []
    for line in page.read_text(encoding="utf-8").splitlines() if page.exists() else []:
        if line.startswith("| ") and not line.startswith("| room"):
            rows[line.split()[1]] = line
        if line.startswith("## "):
            part = parts.setdefault(line.split()[1], [])
        part.append(line)
    return rows, {name: [*"\n".join(lines).rstrip().splitlines(), ""] for name, lines in parts.items()}


def _same(root: Path, planted: list[Fault]) -> dict[str, str]:
    """Read which faults change nothing, by their keys, with the reasons."""
    listed = tomllib.loads((root / SAME).read_text(encoding="utf-8"))["same"]
    functions = {fault.function for fault in planted}
    found = {
        fault.key: entry["why"]
        for entry in listed
        for fault in planted
        if (entry["function"], entry["was"], entry["now"]) == (fault.function, fault.was, fault.now)
    }
    for entry in listed:
        if entry["function"] in functions and not any(_is(entry, fault) for fault in planted):
            print(f"{SAME}: no such fault any more: {entry['function']}: {entry['now']}")
    return found


def _is(entry: dict[str, str], fault: Fault) -> bool:
    return (entry["function"], entry["was"], entry["now"]) == (fault.function, fault.was, fault.now)


def _row(name: str, share: int, planted: list[Fault], known: dict[str, dict], same: dict[str, str]) -> str:
    counts = Counter(
        "same" if _changes_nothing(key, verdict, same) else verdict["outcome"]
        for key, verdict in known.items()
    )
    caught = counts["caught"] + counts["crashed"] + counts["hung"]
    tried = len(known) - counts["waiting"]
    counted = tried - counts["same"]
    left = sum(bool(fault.not_tried) for fault in planted)
    figures = [len(planted), left, "all" if share == 1 else f"1 in {share}", tried]
    figures += [counts[each] for each in ("caught", "crashed", "hung", "same", "survived", "untested")]
    rate = f"{100 * caught / counted:.1f} %" if counted else "-"
    waiting = f" ({counts['waiting']} of the sample wait)" if counts["waiting"] else ""
    return f"| {name} | " + " | ".join(map(str, figures)) + f" | {rate}{waiting} |"


def _changes_nothing(key: str, verdict: dict, same: dict[str, str]) -> bool:
    return key in same and verdict["outcome"] in {"survived", "untested"}


def _part(name: str, planted: list[Fault], known: dict[str, dict], same: dict[str, str]) -> list[str]:
    of_key = {fault.key: fault for fault in planted}
    lines = [f"## {name}", ""]
    for title, outcome in (("Survived", "survived"), ("Untested", "untested"), ("Hung", "hung")):
        found = [
            of_key[key]
            for key, verdict in known.items()
            if verdict["outcome"] == outcome and not _changes_nothing(key, verdict, same)
        ]
        lines += [f"{title}:", "", *map(_entry, found), ""] if found else []
    alike = [key for key, verdict in known.items() if _changes_nothing(key, verdict, same)]
    lines += ["Same:", "", *(f"{_entry(of_key[key])}: {same[key]}" for key in alike), ""] if alike else []
    return lines if len(lines) > 2 else [*lines, "None survived.", ""]  # noqa: PLR2004 - the head alone


def _entry(fault: Fault) -> str:
    function = fault.function.replace("xǁ", "").replace("ǁ", ".").replace(".x_", ".")
    return f"- `{function}`: `{_cut(fault.was)}` → `{_cut(fault.now)}`"


def _cut(text: str) -> str:
    return text.replace("`", "'") if len(text) <= 160 else f"{text[:157].replace('`', chr(39))}…"  # noqa: PLR2004
