"""What every function with planted faults is wrapped in: it does as ever, until one of its faults is named.

mutmut has a wrapper of its own that costs many times as much a call, which inner loops cannot bear.
"""

import atexit
import inspect
import os
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

NAME = "PLANTED_FAULT"
NOTES = "PLANTED_NOTES"
MutantDict = dict[str, Callable[..., Any]]
CALLED: set[str] = set()
_named: str = os.environ.get(NAME, "")  # noqa: TID251 - processes that a test starts are told by it


def _note() -> None:
    """Leave what this process called to the process of the tests that started it."""
    notes = Path(os.environ[NOTES])  # noqa: TID251
    if notes.is_dir():
        (notes / str(os.getpid())).write_text("\n".join(sorted(CALLED)), encoding="utf-8")


if NOTES in os.environ:  # noqa: TID251
    atexit.register(_note)


def called_elsewhere(notes: Path) -> set[str]:
    """Take what processes that have ended left here."""
    found: set[str] = set()
    for each in list(notes.iterdir()):
        found.update(each.read_text(encoding="utf-8").split("\n"))
        each.unlink()
    return found


def wake(fault: str) -> None:
    """Let one fault act in this process and those it starts; an empty name none."""
    global _named  # noqa: PLW0603 - one word for the whole process
    _named = os.environ[NAME] = fault  # noqa: TID251


def asleep(
    faults: MutantDict, *, is_classmethod: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def wrapper(function: Callable[..., Any]) -> Callable[..., Any]:
        module = f"{function.__module__}."

        def call(*args: Any, **kwargs: Any) -> Any:
            chosen = faults["_mutmut_orig"]
            if not _named:
                CALLED.add(module + chosen.__name__.removesuffix("__mutmut_orig"))
            elif _named.startswith(module):
                chosen = faults.get(_named.removeprefix(module), chosen)
            if is_classmethod:
                return getattr(args[0], chosen.__name__)(*args[1:], **kwargs)
            return chosen(*args, **kwargs)

        @wraps(function)
        def generate(*args: Any, **kwargs: Any) -> Iterator[Any]:
            return (yield from call(*args, **kwargs))

        return generate if inspect.isgeneratorfunction(function) else wraps(function)(call)

    return wrapper
