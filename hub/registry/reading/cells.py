"""One cell of a row as its field is read: kept or folded, and refused when it only looks like a value."""

from enum import StrEnum
from functools import lru_cache
from typing import Final

from hub.registry.reading.errors import DayRefusedError, FormulaRefusedError, SpreadsheetFaultError
from hub.registry.reading.texts import (
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


class CellForm(StrEnum):
    """How a field's text is taken: in the characters of the registry, which are shown, or folded, to be compared."""

    KEPT = "kept"
    FOLDED = "folded"
    NUMBER = "number"  # folded; no number that a spreadsheet rounded
    WORD = "word"  # folded and looked up, so that whatever is no word of the vocabulary is refused there
    DAY = "day"
    END = "end"  # the last day of a period, whose absence means something


def read_cell(name: str, form: CellForm, text: str) -> str:
    """Return the text of a field's cell; "" for nothing.

    Raises: DayRefusedError or SpreadsheetFaultError for a spreadsheet's error, FORMULA, NUMBER_ROUNDED.
    """
    if form is CellForm.KEPT:
        return _kept(name, text)
    return _folded_once(name, form, text) if len(text) <= SHORT_CHARS else _folded(name, form, text)


def _kept(name: str, text: str) -> str:
    value = text.strip()
    if not value:
        return ""
    if value[0] in _SUSPECT:
        value = original(value)
        if value[:1] in _SUSPECT:
            _refuse_what_no_person_wrote(name, CellForm.KEPT, value)
    return "" if stands_for_nothing(value) else value


def _folded(name: str, form: CellForm, text: str) -> str:
    # A dash where an end belongs might mean no end or not known: it stays, and the reader of ends refuses it.
    value = folded(text) if form is CellForm.END else present(text)
    if not value:
        return _nothing(name, form, text) if text else ""
    if value[0] in _SUSPECT:
        _refuse_what_no_person_wrote(name, form, value)
    return exact(value, name) if form is CellForm.NUMBER else value


_folded_once = lru_cache(maxsize=CELLS_KEPT)(_folded)  # words, days and codes come again and again


def _nothing(name: str, form: CellForm, text: str) -> str:
    """Read a cell of spaces as empty; one of unseen characters is not, and is no end of a period."""
    # Taking unseen characters for an empty cell would make a license valid for ever.
    if form is CellForm.END and text.strip():
        raise DayRefusedError(name, text)
    return ""


def _refuse_what_no_person_wrote(name: str, form: CellForm, value: str) -> None:
    if is_error(value):
        raise (DayRefusedError if form in {CellForm.DAY, CellForm.END} else SpreadsheetFaultError)(
            name, value
        )
    # A word goes through its vocabulary, which refuses a formula under the reason that its reader knows.
    if is_formula(value) and form is not CellForm.WORD:
        raise FormulaRefusedError(name, value)
