"""The record of the hub's acts, for the auditor: what, when, by whom, about what."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask import Response, render_template

from hub.access.queries import names_of
from hub.access.reading import reading
from hub.access.rules import Action
from hub.ends.government.acts import ACT_NAMES, DOER_NAMES
from hub.ends.government.blueprint import PAGE, blueprint
from hub.ends.government.current import argument, cursor
from hub.kernel.actor import Role
from hub.trust.queries import EventFilter, EventView, events_page
from hub.trust.receipts import Subject, make_receipt
from hub.web.current import now, require_actor, services
from hub.web.guards import roles
from hub.web.i18n import moment

MAX_SHOWN = 40  # of one value; hashes are recognised by less
INSTANTS = frozenset({"done_at", "proved", "until"})  # members that hold an instant in UTC


@blueprint.get("/audit")
@roles(Role.AUDITOR)
def audit() -> str:
    since, until = _day("since"), _day("until")
    wanted = EventFilter(
        kind=argument("kind"),
        uscc=argument("uscc").upper(),
        subject=argument("subject"),
        since=_midnight(since),
        until=_midnight(until + timedelta(days=1)) if until and until < date.max else None,
    )
    with reading(Action.AUDIT, by=require_actor(), db=services().db) as session:
        page = events_page(session, wanted, cursor=cursor(), limit=PAGE)
    names = ("kind", "uscc", "subject", "since", "until")
    return render_template(
        "government/audit.html",
        page=page,
        kinds=sorted(ACT_NAMES),
        wanted={name: argument(name) for name in names},
        query={name: argument(name) for name in names if argument(name)},
        is_first=not cursor(),
        people=_people(page.rows),
        details=_details,
        doer_names=DOER_NAMES,
    )


@blueprint.get("/audit/receipts/<uuid:event_id>")
@roles(Role.AUDITOR)
def audit_receipt(event_id: UUID) -> Response:
    """The receipt of an act, with what its entry in the public log commits to."""
    known = services()
    with reading(Action.AUDIT, by=require_actor(), db=known.db):
        made = make_receipt(
            event_id,
            issuer=known.issuer,
            base_url=known.settings.base_url,
            now=now(),
            db=known.db,
            opened_for=Subject(),
        )
    response = Response(f"{made}\n", mimetype="text/plain")
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{event_id}.txt"'
    return response


def _people(rows: Sequence[EventView]) -> Mapping[str, str]:
    """Names by the pseudonym that stands on record."""
    found: dict[str, UUID] = {}
    for row in rows:
        role, _, name = row.by.partition(":")
        if role in set(Role):
            found[row.by] = UUID(name)
    names = names_of(set(found.values()), db=services().db) if found else {}
    return {by: names[person] for by, person in found.items() if person in names}


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
    try:
        return date.fromisoformat(argument(name))
    except ValueError:
        return None


def _midnight(day: date | None) -> datetime | None:
    """The beginning of a legal day."""
    return None if day is None else datetime.combine(day, time(), tzinfo=services().settings.timezone)
