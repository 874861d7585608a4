"""What is kept of rows beside their records: shortened, visible, and without citizen numbers."""

import re
from collections.abc import Mapping

from hub.feeds.readers.rows import MAX_SHOWN_CHARS
from hub.kernel.exports import visible_text

MAX_KEPT_COLUMNS = 60  # of a refused row; the widest real source has some thirty
SHOWN_AT_EACH_END = 4

# 公民身份号码 by its form (GB 11643): region, date of birth, serial, check.
_CITIZEN_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)


def masked(text: str) -> str:
    """The text with the middle of every citizen number hidden."""
    return _CITIZEN_NUMBER.sub(_mask, text)


def shown(text: str) -> str:
    """A value as a report shows it: at most 200 characters, nothing invisible, no citizen number."""
    return visible_text(masked(text[: MAX_SHOWN_CHARS * 2]))[:MAX_SHOWN_CHARS]


def shown_row(values: Mapping[str, str]) -> dict[str, str]:
    return {shown(name): shown(text) for name, text in list(values.items())[:MAX_KEPT_COLUMNS]}


def _mask(found: re.Match[str]) -> str:
    number = found.group()
    hidden = "*" * (len(number) - 2 * SHOWN_AT_EACH_END)
    return number[:SHOWN_AT_EACH_END] + hidden + number[-SHOWN_AT_EACH_END:]
