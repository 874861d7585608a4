"""Make the planted faults of a source file with mutmut, and say of each what it changes."""

import ast
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from difflib import ndiff
from pathlib import Path
from typing import Any

from mutmut.mutation.file_mutation import mutate_file_contents

WRAPPER = re.compile(r"(?m)^from mutmut\.mutation\.trampoline import .*$")
OURS = "from asleep import MutantDict, asleep as _mutmut_mutated"
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
CAST = re.compile(r"\bcast\([^,()]+, ")
SIGN_IN_PATTERN = re.compile(
    r"(?m)^( *case .*)\+(\d)"
)  # mutmut turns the sign of a number in a pattern, which is no Python
WORDS = re.compile(r"\w[,.:;]? \w|[\u4e00-\u9fff]")
NOT_TRIED = {
    "words": "the wording of a message (a text constant with a blank between words, or Chinese): reviewed, translated and not a decision",
    "cast": "the type given to `cast`: nothing reads it at run time",
    "import": "functions that make constants while a module is imported: the fault would be planted after they ran",
}


@dataclass(frozen=True)
class Fault:
    """One small change of one function. `was` and `now` are the changed lines without their indentation."""

    name: str
    function: str
    was: str
    now: str
    not_tried: str

    @property
    def key(self) -> str:
        """What stays when other lines move, and changes when this change does."""
        return hashlib.sha256(f"{self.name}\n{self.was}\n{self.now}".encode()).hexdigest()[:16]

    @property
    def chance(self) -> int:
        """A number that its name decides, for a fair and repeatable sample."""
        return int(hashlib.sha256(self.name.encode()).hexdigest()[:8], 16)


def plant(path: Path, root: Path, made: Path) -> list[Fault]:
    """Write all faults of a file into it, each asleep until it is named.

    Args:
        path: the file.
        root: the folder that it is imported from.
        made: where faults of files that have not changed are kept, for making them takes seconds a file.

    Returns:
        What was planted, in the order of the file.
    """
    relative = path.relative_to(root)
    module = str(relative.with_suffix("")).replace("/", ".").removesuffix(".__init__")
    source = path.read_text(encoding="utf-8")
    remembered = made / f"{hashlib.sha256(f'{relative}:{source}'.encode()).hexdigest()[:16]}.json"
    if not remembered.exists():
        made.mkdir(parents=True, exist_ok=True)
        remembered.write_text(
            json.dumps(_make(relative, module, source), ensure_ascii=False), encoding="utf-8"
        )
    kept = json.loads(remembered.read_text(encoding="utf-8"))
    path.write_text(kept["code"], encoding="utf-8")
    return [Fault(*each) for each in kept["faults"]]


def _make(relative: Path, module: str, source: str) -> dict[str, Any]:
    code = SIGN_IN_PATTERN.sub(r"\1-\2", mutate_file_contents(str(relative), source).code)
    nodes = [node for node in ast.walk(ast.parse(code)) if isinstance(node, FUNCTION)]
    faults = _faults(module, {node.name: node for node in nodes})
    return {"code": WRAPPER.sub(OURS, code), "faults": [astuple(each) for each in faults]}


def _faults(module: str, functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef]) -> Iterator[Fault]:
    for name, node in functions.items():
        if (made := re.fullmatch(r"(.+__mutmut)_\d+", name)) is None:
            continue
        whole, original = made[1], functions[f"{made[1]}_orig"]
        changed = [line for line in ndiff(_lines(original), _lines(node)) if line[0] in "+-"]
        if not changed:
            continue
        yield Fault(
            name=f"{module}.{name}",
            function=f"{module}.{whole.removesuffix('__mutmut')}",
            was=" ".join(line[2:].strip() for line in changed if line[0] == "-"),
            now=" ".join(line[2:].strip() for line in changed if line[0] == "+"),
            not_tried=_not_tried(original, node),
        )


def _lines(node: ast.AST) -> list[str]:
    return ast.unparse(node).splitlines()[_head(node) :]


def _head(node: ast.AST) -> int:
    return len(getattr(node, "decorator_list", ())) + 1


def _not_tried(original: ast.AST, changed: ast.AST) -> str:
    if CAST.sub("cast(", ast.unparse(original)) == CAST.sub("cast(", _named_alike(original, changed)):
        return "cast"
    before, after = list(ast.walk(original)), list(ast.walk(changed))
    for one, other in zip(before, after, strict=False):
        if _text(one) and _text(other) and one.value != other.value:
            return "words" if WORDS.search(one.value) else ""
        if type(one) is not type(other):
            return ""
    return ""


def _named_alike(original: ast.AST, changed: ast.AST) -> str:
    return ast.unparse(changed).replace(f"def {changed.name}(", f"def {original.name}(", 1)


def _text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
