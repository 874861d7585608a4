"""From the texts of one row to a record, or the first reason against it; pure.

The order is the same for every kind: too long, missing, then as the kind checks it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, tzinfo

from hub.feeds.errors import ValueMissingError
from hub.feeds.sources import Source
from hub.licenses.catalogue.rules import LicenseCatalogue
from hub.registry.reading.cells import read_cell
from hub.registry.reading.errors import ValueTooLongError
from hub.registry.reading.kinds import Texts
from hub.registry.records import DepartmentRecord


@dataclass(frozen=True, slots=True)
class Row:
    """One row under a source's own field names; `extra` are the columns that the source has besides."""

    texts: Texts
    extra: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What a check knows besides the row: the source, the catalogue of licenses, today's legal date and its zone.

    `exceptions`: credit codes that are taken though they fail their check.
    """

    source: Source
    catalogue: LicenseCatalogue
    today: date
    zone: tzinfo
    exceptions: frozenset[str] = frozenset()


def check(row: Row, context: CheckContext) -> DepartmentRecord:
    """Return the record of one row. Raises: RowRefusedError."""
    fields = context.source.kind.by_name
    texts = {name: read_cell(name, fields[name].form, text) for name, text in row.texts.items()}
    for name, text in texts.items():
        if len(text) > fields[name].max_chars:
            raise ValueTooLongError(name, text)
    for name in context.source.required_values:
        if not texts.get(name):
            raise ValueMissingError(name, row.texts.get(name, ""))
    return context.source.kind.read(texts, row.extra, context)
