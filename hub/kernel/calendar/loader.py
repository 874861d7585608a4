"""The holiday table that ships with the hub."""

import csv
from datetime import date
from functools import cache
from importlib.resources import files

from hub.kernel.calendar.rules import Calendar, DayKind, DayRow

TABLE = "data/days-2024-2027.csv"


@cache
def shipped_calendar() -> Calendar:
    """Holidays and make-up workdays 2024-2026 as published by the State Council; 2027: statutory days only.

    Raises: ValueError when the shipped table is damaged.
    """
    text = files(__package__).joinpath(TABLE).read_text(encoding="utf-8")
    return Calendar(tuple(_row(line) for line in csv.DictReader(text.splitlines())))


def _row(line: dict[str, str]) -> DayRow:
    return DayRow(
        first=date.fromisoformat(line["first"]),
        last=date.fromisoformat(line["last"]),
        kind=DayKind(line["kind"]),
        name=line["name"],
        basis=line["basis"],
        verified=line["verified"] == "true",
    )
