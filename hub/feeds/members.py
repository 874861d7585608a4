"""Members of JSON objects: rows need not have the same ones, and a misspelled one must not pass for none."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import islice
from typing import Final

from hub.feeds.errors import EndNameError
from hub.feeds.privacy import shown
from hub.feeds.readers.rows import RawRow
from hub.feeds.sources import header_key, shipped_sources

END_ABSENT: Final = "END_ABSENT"
MAX_UNREAD: Final = 20  # names told of a file; the widest real one has some thirty columns in all
NAMES_KEPT: Final = 4_096  # names of members that no field reads, of all files of a run
LIKE: Final = 0.6  # difflib's own measure of a close match
_MAY_BE_A_DAY: Final = re.compile(
    r"(?:\d\D*){4}|年"
)  # a year has four digits; `true` and 1 say something else
_SPEAKS_OF_AN_END: Final = re.compile(
    r"until|expir|deadline|end(?:date|day|time|on|s)?\Z|^end|到期|届满|截止|终止|失效|期至|期止|止\Z"
)


def absent_end(row: RawRow, columns: Mapping[str, str], ends: AbstractSet[str]) -> tuple[str, ...]:
    """Return the mark of a row without a member for its last day; `columns`: field → member, of a file that has one.

    `ends`: the fields of the kind that are last days. Rows of tables have every column.
    Raises: EndNameError when a member that is not read may be the end.
    """
    field = next((name for name in ends & columns.keys() if columns[name] not in row.values), None)
    if field is None:
        return ()
    for name in unread(row.values, columns):
        if _MAY_BE_A_DAY.search(row.values[name]) and _may_be_an_end(name):
            raise EndNameError(name, row.values[name])
    return (END_ABSENT,)


def unread(names: Mapping[str, object], columns: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names that no field reads, in their order."""
    read = set(columns.values())
    return tuple(name for name in names if name not in read)


def told(names: Mapping[str, None]) -> tuple[str, ...]:
    """Names as a report tells them."""
    return tuple(shown(name) for name in islice(names, MAX_UNREAD))


@lru_cache(maxsize=NAMES_KEPT)
def _may_be_an_end(name: str) -> bool:
    key = header_key(name)
    if _SPEAKS_OF_AN_END.search(key):
        return True
    return any(SequenceMatcher(None, key, known).ratio() >= LIKE for known in _ends())


@lru_cache(maxsize=1)
def _ends() -> frozenset[str]:
    return frozenset(
        header_key(header)
        for source in shipped_sources().values()
        for field in source.fields
        if field.name in source.kind.ends
        for header in field.headers
    )
