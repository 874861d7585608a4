"""The record of the hub's acts, for the auditor: what, when, by whom, about what."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask import Response, render_template

from hub.access.checks import reading
from hub.access.daily_numbers import legal_day
from hub.access.look_figures import look_figures
from hub.access.matrix import Category
from hub.access.queries import names_of
from hub.access.rules import PURPOSES, Action
from hub.ends.government.acts import ACT_NAMES, DOER_NAMES
from hub.ends.government.blueprint import PAGE, blueprint
from hub.ends.government.current import argument, cursor
from hub.kernel.actor import Role
from hub.kernel.errors import NotFoundError
from hub.kernel.identifiers import normalise_uscc
from hub.kernel.visible import without_unseen
from hub.trust.receipts import Subject, make_receipt
from hub.trust.record.queries import EventFilter, events_page
from hub.web.current import clearance, now, require_actor, services
from hub.web.guards import roles
from hub.web.i18n import moment

FIRST_DAY, LAST_DAY = (
    date(1, 2, 1),
    date(9999, 12, 29),
)  # they and their months' first days have midnights in every zone
MAX_SHOWN = 40  # of one value; hashes are recognised by less
INSTANTS = frozenset({"done_at", "proved", "until"})  # members that hold an instant in UTC


@blueprint.get("/audit")
@roles(Role.AUDITOR)
def audit() -> str:
    _require_told()
    since, until = _day("since"), _day("until")
    wanted = EventFilter(
        kind=argument("kind"),
        uscc=normalise_uscc(argument("uscc")),
        subject=without_unseen(argument("subject")),
        since=_midnight(since),
        until=_midnight(until + timedelta(days=1)) if until else None,
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
        people=_people([row.by for row in page.rows]),
        details=_details,
        doer_names=DOER_NAMES,
    )


@blueprint.get("/audit/looks")
@roles(Role.AUDITOR)
def audit_looks() -> str:
    """Who looked how often on a day and what for, in its month, and how many enterprises were taken along."""
    _require_told()
    day = _day("day") or legal_day(now())
    with reading(Action.AUDIT, by=require_actor(), db=services().db) as session:
        figures = look_figures(session, day=day)
    return render_template(
        "government/audit_looks.html",
        figures=figures,
        day=day,
        purposes=PURPOSES,
        people=_people([one.by for one in figures]),
        doer_names=DOER_NAMES,
    )


@blueprint.get("/audit/receipts/<uuid:event_id>")
@roles(Role.AUDITOR)
def audit_receipt(event_id: UUID) -> Response:
    """The receipt of an act, with what its entry in the public log commits to."""
    _require_told()
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


def _require_told() -> None:
    """Who looked and who used what is told to auditors as the matrix says. Raises: NotFoundError."""
    if not clearance().shows(Category.USE_LOG):
        raise NotFoundError


def _people(pseudonyms: Iterable[str]) -> Mapping[str, str]:
    """Names by the pseudonym that stands on record."""
    found: dict[str, UUID] = {}
    for by in pseudonyms:
        role, _, name = by.partition(":")
        if role in set(Role):
            found[by] = UUID(name)
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
    """A day of the address, brought within the days that have a midnight in every zone; None where it is none."""
    try:
        return min(max(date.fromisoformat(argument(name)), FIRST_DAY), LAST_DAY)
    except ValueError:
        return None


def _midnight(day: date | None) -> datetime | None:
    """The beginning of a legal day."""
    return None if day is None else datetime.combine(day, time(), tzinfo=services().settings.timezone)
