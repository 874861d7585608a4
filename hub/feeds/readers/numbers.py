"""Numbers of files as text: whole ones without a point, and long ones so that nobody takes them for a code."""

from decimal import Decimal
from math import isfinite
from typing import Final

EXACT_BELOW: Final = 10**15  # a double holds every whole number of fifteen digits; spreadsheets keep no more
MAX_NUMBER_CHARS: Final = 40  # seventeen digits, a sign, a point and an exponent need 24
NOT_A_NUMBER: Final = "#NUM!"


def number_text(value: float) -> str:
    """Return a number as a person would type it; of sixteen digits or more, in scientific notation, as it may be rounded."""
    if isinstance(value, int):
        return str(value) if abs(value) < EXACT_BELOW else f"{Decimal(value):.16E}"
    if not isfinite(value):
        return NOT_A_NUMBER
    if abs(value) >= EXACT_BELOW:
        return f"{value:.16E}"
    return str(int(value)) if value.is_integer() else repr(value)


def written_number(raw: str) -> str:
    """Return the same of a number as a workbook's XML holds it. Raises: ValueError."""
    if raw.isdecimal() and raw.isascii() and len(raw) <= 15 and raw[0] != "0":  # noqa: PLR2004  # as EXACT_BELOW
        return raw
    return number_text(float(raw[:MAX_NUMBER_CHARS]) if len(raw) <= MAX_NUMBER_CHARS else float("nan"))
