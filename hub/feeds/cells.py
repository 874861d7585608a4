"""One cell of a row as its field is read: kept or folded, and refused when it only looks like a value."""

from functools import lru_cache
from typing import Final

from hub.feeds.limits import DAYS, ENDS, NUMBERS, ORIGINALS
from hub.registry.reading.texts import (
    RowRefusedError,
    exact,
    folded,
    is_error,
    is_formula,
    original,
    present,
    stands_for_nothing,
)

SHORT_CHARS: Final = 60
CELLS_KEPT: Final = 65_536
_SUSPECT: Final = frozenset("=＝#＃E")  # what a spreadsheet's errors and formulas begin with


def read_cell(name: str, text: str) -> str:
    """Return the text of a field's cell; "" for nothing.

    Raises: RowRefusedError DATE or CELL_ERROR for a spreadsheet's error, FORMULA, NUMBER_ROUNDED.
    """
    if name in ORIGINALS:
        return _kept(name, text)
    return _folded_once(name, text) if len(text) <= SHORT_CHARS else _folded(name, text)


def _kept(name: str, text: str) -> str:
    value = text.strip()
    if not value:
        return ""
    if value[0] in _SUSPECT:
        value = original(value)
        if value[:1] in _SUSPECT:
            _refuse_what_no_person_wrote(name, value)
    return "" if stands_for_nothing(value) else value


def _folded(name: str, text: str) -> str:
    value = folded(text) if name in ENDS else present(text)
    if not value:
        return _nothing(name, text) if text else ""
    if value[0] in _SUSPECT:
        _refuse_what_no_person_wrote(name, value)
    return exact(value, name) if name in NUMBERS else value


_folded_once = lru_cache(maxsize=CELLS_KEPT)(_folded)  # words, days and codes come again and again


def _nothing(name: str, text: str) -> str:
    """Read a cell of spaces as empty; one of unseen characters is not, and is no end of a period."""
    if name in ENDS and text.strip():
        raise RowRefusedError("DATE", name, text)
    return ""


def _refuse_what_no_person_wrote(name: str, value: str) -> None:
    if is_error(value):
        raise RowRefusedError("DATE" if name in DAYS else "CELL_ERROR", name, value)
    if is_formula(value) and name != "type":  # a type is looked up, and told apart by LICENSE_TYPE
        raise RowRefusedError("FORMULA", name, value)
