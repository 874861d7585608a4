"""What is kept of the whole city: summaries by group, licenses by kind and colour (`hub.kernel.counts`)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.kernel.counts import Counting
from hub.licenses.colours.rules import Colour
from hub.licenses.models import License, Summary

SUMMARIES = "summaries"
LICENSES = "licenses"

ENTERPRISES = "enterprises"
MEASURES = (*(colour.value for colour in Colour), "required", "held", "missing")
GROUP = ("region", "state", "business_colour")
SUMMED = (*GROUP, *MEASURES)  # the columns of a summary that are counted

Group = tuple[str, str, str]


def summary_key(group: Sequence[str], measure: str) -> str:
    return "|".join((*group, measure))


def read_summary_key(key: str) -> tuple[Group, str]:
    region, state, colour, measure = key.split("|")
    return (region, state, colour), measure


def license_key(type_code: str, colour: str) -> str:
    return f"{type_code}|{colour}"


def read_license_key(key: str) -> tuple[str, str]:
    type_code, _, colour = key.rpartition("|")
    return type_code, colour


def summary_changes(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """Return what replacing these summaries by those adds to the city's counts."""
    out: Counter[str] = Counter()
    for sign, rows in ((-1, before), (1, after)):
        for row in rows:
            group = [row[name] for name in GROUP]
            out[summary_key(group, ENTERPRISES)] += sign
            for measure in MEASURES:
                out[summary_key(group, measure)] += sign * row[measure]
    return out


def license_changes(moves: Iterable[tuple[str, str | None, str]]) -> Counter[str]:
    """Return what licenses of a kind add that had one colour (None: that are new) and have another."""
    out: Counter[str] = Counter()
    for type_code, before, after in moves:
        out[license_key(type_code, after)] += 1
        if before is not None:
            out[license_key(type_code, before)] -= 1
    return out


def summaries_counted(session: Session) -> Iterator[tuple[str, int]]:
    columns = [getattr(Summary, name) for name in GROUP]
    sums = [func.sum(getattr(Summary, name)) for name in MEASURES]
    for row in session.execute(select(*columns, func.count(), *sums).group_by(*columns)):
        group, values = row[:3], row[3:]
        for measure, value in zip((ENTERPRISES, *MEASURES), values, strict=True):
            if value:
                yield summary_key(group, measure), int(value)


def licenses_counted(session: Session) -> Iterator[tuple[str, int]]:
    columns = (License.type_code, License.colour)
    for type_code, colour, count in session.execute(select(*columns, func.count()).group_by(*columns)):
        yield license_key(type_code, colour), count


COUNTINGS: Mapping[str, Counting] = {SUMMARIES: summaries_counted, LICENSES: licenses_counted}
