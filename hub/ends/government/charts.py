"""Figures as charts: one value that the page shows as a drawing and, word for word, as a table."""

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _

from hub.codes.verification.words import OUTCOME_COLOURS, OUTCOME_WORDS
from hub.licenses.colours.rules import FACES, Colour
from hub.steward.overview import SCAN_DAYS, CityNow
from hub.web.i18n import said

MAX_KINDS = 12  # kinds of license drawn one by one; the rest is one bar


@dataclass(frozen=True, slots=True)
class Series:
    """`tone` is a colour of the style sheet: blue, yellow, red, grey, brand."""

    name: str
    tone: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """`kind`: rows (horizontal bars) or days (upright bars along time); several series are stacked."""

    id: str
    kind: str
    title: str
    column: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]

    @property
    def is_empty(self) -> bool:
        return not any(value for one in self.series for value in one.values)

    @property
    def rows(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        return tuple(
            (label, tuple(one.values[number] for one in self.series))
            for number, label in enumerate(self.labels)
        )

    def as_json(self) -> dict[str, object]:
        """Return the JSON that the drawing script reads."""
        return {
            "kind": self.kind,
            "title": self.title,
            "labels": list(self.labels),
            "series": [
                {"name": one.name, "tone": one.tone, "values": list(one.values)} for one in self.series
            ],
        }


def states(city: CityNow) -> Chart:
    found = [(state, count) for state, count in city.counts.whole.states.items() if count]
    return Chart(
        id="states",
        kind="rows",
        title=_("Enterprises by registration state"),
        column=_("State"),
        labels=tuple(said(state.label) for state, _count in found),
        series=(Series(_("Enterprises"), "brand", tuple(count for _state, count in found)),),
    )


def kinds(city: CityNow) -> Chart:
    shown, rest = city.types[:MAX_KINDS], city.types[MAX_KINDS:]
    labels = [said(kind.title) for kind in shown] + ([_("Other kinds")] if rest else [])
    return Chart(
        id="kinds",
        kind="rows",
        title=_("Licenses by kind and colour"),
        column=_("Kind of license"),
        labels=tuple(labels),
        series=tuple(
            Series(
                said(FACES[colour].name),
                colour.value,
                tuple(kind.colours[colour] for kind in shown)
                + ((sum(kind.colours[colour] for kind in rest),) if rest else ()),
            )
            for colour in Colour
        ),
    )


def scans(city: CityNow) -> Chart:
    days = [city.since + timedelta(days=number) for number in range(SCAN_DAYS)]
    counted: dict[tuple[object, str], int] = {}
    for one in city.days:
        counted[one.day, one.verdict] = counted.get((one.day, one.verdict), 0) + one.count
    return Chart(
        id="scans",
        kind="days",
        title=_("Scans per day, last 30 days"),
        column=_("Day"),
        labels=tuple(f"{day.month}-{day.day:02}" for day in days),
        series=tuple(
            Series(
                said(OUTCOME_WORDS[outcome]),
                colour.value,
                tuple(counted.get((day, outcome), 0) for day in days),
            )
            for outcome, colour in OUTCOME_COLOURS.items()
        ),
    )


def areas(city: CityNow) -> Chart:
    rows = city.coverage
    return Chart(
        id="areas",
        kind="rows",
        title=_("Plates by commercial area"),
        column=_("Area"),
        labels=tuple(row.area for row in rows),
        series=(
            Series(_("In place"), "blue", tuple(row.placed for row in rows)),
            Series(_("Made, not in place"), "yellow", tuple(row.plates - row.placed for row in rows)),
            Series(_("No plate"), "grey", tuple(row.premises - row.plates for row in rows)),
        ),
    )
