"""The record of the hub's acts, for the auditor: what, when, by whom, about what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import Response, render_template

from hub.access.daily_numbers import legal_day
from hub.access.look_figures import LookFigure
from hub.access.rules import PURPOSES
from hub.ends.government.act_details import DETAIL_NAMES, DETAIL_WORDS
from hub.ends.government.blueprint import PAGE, blueprint
from hub.ends.government.context import argument, cursor
from hub.ends.government.doers import DoerName, doer_of, people_of
from hub.kernel.actor import Role
from hub.kernel.identifiers import normalise_uscc
from hub.kernel.messages import Message
from hub.kernel.visible_characters import without_unseen
from hub.steward import pages
from hub.steward.act_names import ACT_NAMES, act_name
from hub.trust.record.queries import EventFilter, EventView
from hub.web import downloads
from hub.web.context import clearance, now, require_actor, services
from hub.web.guards import roles
from hub.web.i18n import moment, said
from hub.web.navigation import pager

FIRST_DAY, LAST_DAY = (
    date(1, 2, 1),
    date(9999, 12, 29),
)  # they and their months' first days have midnights in every zone
MAX_SHOWN = 40  # of one value; hashes are recognised by less
INSTANTS = frozenset({"done_at", "proved", "until"})  # members that hold an instant in UTC


@dataclass(frozen=True, slots=True)
class AuditedAct:
    """An act on record as the auditor reads it; `details`: what is recorded of it, name and value."""

    row: EventView
    name: Message
    by: DoerName
    details: tuple[tuple[str, str], ...]


@blueprint.get("/audit")
@roles(Role.AUDITOR)
def audit() -> str:
    since, until = _day("since"), _day("until")
    wanted = EventFilter(
        kind=argument("kind"),
        uscc=normalise_uscc(argument("uscc")),
        subject=without_unseen(argument("subject")),
        since=_midnight(since),
        until=_midnight(until + timedelta(days=1)) if until else None,
    )
    page = pages.acts(
        wanted,
        by=require_actor(),
        clearance=clearance(),
        cursor=cursor(),
        limit=PAGE,
        db=services().db,
    )
    asked = {name: argument(name) for name in ("kind", "uscc", "subject", "since", "until")}
    query: dict[str, Any] = {name: text or None for name, text in asked.items()}
    people = people_of([row.by for row in page.rows], db=services().db)
    return render_template(
        "government/audit.html",
        rows=[_shown(row, people) for row in page.rows],
        kinds=[(kind, said(ACT_NAMES[kind])) for kind in sorted(ACT_NAMES)],
        wanted=asked,
        pager=pager("government.audit", is_first=not cursor(), older=page.next_cursor, **query),
    )


@blueprint.get("/audit/looks")
@roles(Role.AUDITOR)
def audit_looks() -> str:
    """Show who looked how often on a day and what for, in its month, and how many enterprises were taken along."""
    day = _day("day") or legal_day(now())
    figures = pages.looks_of(day, by=require_actor(), clearance=clearance(), db=services().db)
    people = people_of([one.by for one in figures], db=services().db)
    return render_template(
        "government/audit_looks.html",
        rows=[(one, doer_of(one.by, people), _purposes(one)) for one in figures],
        day=day,
    )


@blueprint.get("/audit/receipts/<uuid:event_id>")
@roles(Role.AUDITOR)
def audit_receipt(event_id: UUID) -> Response:
    """Send the receipt of an act, with what its entry in the public log commits to."""
    known = services()
    made = pages.receipt_of_act(
        event_id,
        office=pages.ReceiptOffice(known.issuer, known.settings.base_url),
        by=require_actor(),
        clearance=clearance(),
        now=now(),
        db=known.db,
    )
    return downloads.download(f"{made}\n", name=f"receipt-{event_id}.txt", mimetype="text/plain")


def _shown(row: EventView, people: Mapping[str, str]) -> AuditedAct:
    details = tuple((_called(name), _worded(name, value)) for name, value in _details(row.data))
    return AuditedAct(row, act_name(row.kind), doer_of(row.by, people), details)


def _called(name: str) -> str:
    return said(DETAIL_NAMES[name]) if name in DETAIL_NAMES else name


def _worded(name: str, value: str) -> str:
    """A value in words, where its member holds one of a few."""
    word = DETAIL_WORDS.get(name, {}).get(value)
    return value if word is None else said(word)


def _purposes(figure: LookFigure) -> list[tuple[str, int]]:
    """What the looks of the day were for, and how often."""
    return [
        (said(PURPOSES[code].name) if code in PURPOSES else code, count)
        for code, count in figure.purposes.items()
    ]


def _details(data: Mapping[str, object], prefix: str = "") -> list[tuple[str, str]]:
    """Members on record as flat pairs, long values cut; what is not known is left out."""
    pairs: list[tuple[str, str]] = []
    for name, value in data.items():
        match value:
            case None:
                continue
            case Mapping():
                pairs += _details(value, f"{prefix}{name}.")
            case str() if name in INSTANTS:
                pairs.append((prefix + name, moment(datetime.fromisoformat(value))))
            case _:
                text = str(value)
                pairs.append((prefix + name, text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"))
    return pairs


def _day(name: str) -> date | None:
    """A day of the address, brought within the days that have a midnight in every zone; None where it is none."""
    try:
        return min(max(date.fromisoformat(argument(name)), FIRST_DAY), LAST_DAY)
    except ValueError:
        return None


def _midnight(day: date | None) -> datetime | None:
    """The beginning of a legal day."""
    return None if day is None else datetime.combine(day, time(), tzinfo=services().settings.timezone)
