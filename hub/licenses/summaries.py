"""What the city counts of each enterprise, kept so that overviews never scan; never the source of a verdict."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub.kernel import counts
from hub.kernel.bulk import among, batches, insert_rows, table_of, update_rows
from hub.kernel.database import Database
from hub.licenses.colours import facts
from hub.licenses.colours.rules import BusinessFacts, Colour, business_license_colour, next_change
from hub.licenses.colours.stored import LicenseDays, colour_columns
from hub.licenses.models import License, Summary, Waiver
from hub.licenses.recount import LICENSES, SUMMARIES, SUMMED, license_changes, summary_changes
from hub.licenses.reference.rules import Reference
from hub.licenses.rules import LicenseState
from hub.licenses.tiers import rules as tiers
from hub.registry.models import Enterprise, Premises, ScopeLine
from hub.registry.rules import EntityState, Overlay

ENTERPRISES_AT_ONCE = (
    1_000  # one transaction: below a second, and some ten thousand licenses in memory at most
)

_LICENSE = table_of(License)
_SUMMARY = table_of(Summary)
_FACE = (
    Enterprise.uscc,
    Enterprise.region,
    Enterprise.state,
    Enterprise.term_to,
    Enterprise.established_on,
    Enterprise.overlays,
    Enterprise.reports,
)


@dataclass(slots=True)
class _Around:
    """What lies around some enterprises, read in one statement per table."""

    licenses: dict[str, list[Any]] = field(default_factory=dict)
    places: dict[str, list[tuple[UUID, bool]]] = field(default_factory=dict)
    lines: dict[str, list[tuple[str | None, float, bool]]] = field(default_factory=dict)
    waivers: dict[str, list[tiers.WaiverFact]] = field(default_factory=dict)


def refresh(session: Session, usccs: Iterable[str], *, on: date, reference: Reference) -> int:
    """Compute colours and summaries of these enterprises afresh for a legal day; how many there were.

    `reference`: what is in force on that day.
    """
    return sum(_refresh(session, batch, on, reference) for batch in batches(set(usccs), ENTERPRISES_AT_ONCE))


def refresh_stale(db: Database, *, on: date, reference: Reference, limit: int) -> int:
    """Refresh at most `limit` enterprises whose summary is out of date on that day; 0 when all are up to date."""
    done = 0
    while done < limit:
        some = min(limit - done, ENTERPRISES_AT_ONCE)
        count = db.run(partial(_refresh_some, on=on, reference=reference, limit=some))
        if count == 0:
            break
        done += count
    return done


def mark_stale(session: Session, usccs: Iterable[str], *, on: date) -> None:
    """Remember in this transaction that these summaries must be computed (again); survives a crash.

    An enterprise without a summary gets one that counts nothing yet. One that is stale already is written all the
    same: here meets whoever stores something of one enterprise, or counts it, at the same moment.
    """
    for batch in batches(set(usccs)):
        kept = set(session.scalars(select(Summary.uscc).where(among(session, Summary.uscc, batch))))
        session.execute(update(_SUMMARY).where(among(session, _SUMMARY.c.uscc, kept)).values(stale_on=on))
        new = [uscc for uscc in batch if uscc not in kept]
        rows = (
            session.execute(select(*_FACE).where(among(session, Enterprise.uscc, new))).all() if new else []
        )
        empty = [_empty_summary(row, on) for row in rows]
        insert_rows(session, _SUMMARY, empty)
        counts.add(session, SUMMARIES, summary_changes([], empty))


def _refresh_some(session: Session, *, on: date, reference: Reference, limit: int) -> int:
    stale = select(Summary.uscc).where(Summary.stale_on <= on).order_by(Summary.stale_on).limit(limit)
    return _refresh(session, list(session.scalars(stale)), on, reference)


@dataclass(frozen=True, slots=True)
class ComputedSummaries:
    """Summaries as they must be on a day, and the colours of those licenses whose columns say something else.

    `moves`: for each of these licenses its kind, its stored colour and its right one.
    """

    summaries: list[dict[str, Any]]
    changed: list[Mapping[str, Any]]
    moves: list[tuple[str, str, str]]


def computed(session: Session, usccs: list[str], *, on: date, reference: Reference) -> ComputedSummaries:
    """Everything afresh, nothing stored: one statement per table."""
    rows = session.execute(select(*_FACE).where(among(session, Enterprise.uscc, usccs))).all()
    around = _around(session, usccs)
    out = ComputedSummaries([], [], [])
    out.summaries.extend(_summary(row, around, out, on, reference) for row in rows)
    return out


def _refresh(session: Session, usccs: list[str], on: date, reference: Reference) -> int:
    if not usccs:
        return 0
    new = computed(session, usccs, on=on, reference=reference)
    columns = (_SUMMARY.c.uscc, *(_SUMMARY.c[name] for name in SUMMED))
    before = session.execute(select(*columns).where(among(session, _SUMMARY.c.uscc, usccs))).mappings().all()
    kept = {row["uscc"] for row in before}
    update_rows(session, _LICENSE, ("uscc", "id"), new.changed)
    insert_rows(session, _SUMMARY, [row for row in new.summaries if row["uscc"] not in kept])
    update_rows(session, _SUMMARY, ("uscc",), [row for row in new.summaries if row["uscc"] in kept])
    counts.add(session, LICENSES, license_changes(new.moves))
    counts.add(session, SUMMARIES, summary_changes([dict(row) for row in before], new.summaries))
    return len(new.summaries)


def _around(session: Session, usccs: list[str]) -> _Around:
    out = _Around()
    columns = (
        License.uscc,
        License.id,
        License.type_code,
        License.state,
        License.valid_from,
        License.valid_to,
        License.inspection_due,
        License.premises_id,
        License.colour,
        License.colour_reason,
        License.colour_until,
    )
    for row in session.execute(
        select(*columns).where(among(session, License.uscc, usccs)).order_by(License.id)
    ):
        out.licenses.setdefault(row.uscc, []).append(row)
    places = select(Premises.uscc, Premises.id, Premises.is_main).where(among(session, Premises.uscc, usccs))
    for uscc, place_id, is_main in session.execute(places.order_by(Premises.id)):
        out.places.setdefault(uscc, []).append((place_id, is_main))
    items = select(ScopeLine.uscc, ScopeLine.item_code, ScopeLine.confidence, ScopeLine.branch_only).where(
        among(session, ScopeLine.uscc, usccs), ScopeLine.item_code.is_not(None)
    )
    for line in session.execute(items.order_by(ScopeLine.uscc, ScopeLine.position)):
        out.lines.setdefault(line.uscc, []).append((line.item_code, line.confidence, line.branch_only))
    waivers = select(Waiver.uscc, Waiver.type_code, Waiver.reason, Waiver.premises_id).where(
        among(session, Waiver.uscc, usccs), Waiver.revoked_at.is_(None)
    )
    for one in session.execute(waivers):
        waiver = tiers.WaiverFact(one.type_code, one.reason, one.premises_id)
        out.waivers.setdefault(one.uscc, []).append(waiver)
    return out


def _business(row: Any) -> BusinessFacts:
    return facts.business_facts(
        state=EntityState(row.state),
        term_to=row.term_to,
        established_on=row.established_on,
        overlays=[Overlay(overlay["kind"]) for overlay in row.overlays],
        reports=row.reports,
    )


def _empty_summary(row: Any, on: date) -> dict[str, Any]:
    return {
        "uscc": row.uscc,
        "region": row.region,
        "state": row.state,
        "business_colour": business_license_colour(_business(row), on).colour.value,
        **{colour.value: 0 for colour in Colour},
        "required": 0,
        "held": 0,
        "missing": 0,
        "stale_on": on,
    }


def _summary(
    row: Any, around: _Around, out: ComputedSummaries, on: date, reference: Reference
) -> dict[str, Any]:
    state = EntityState(row.state)
    business = _business(row)
    held = around.licenses.get(row.uscc, [])
    coloured = [_coloured(one, state, on, reference) for one in held]
    differing = [(one, new) for one, new in zip(held, coloured, strict=True) if _differs(one, new)]
    out.changed.extend(new for _one, new in differing)
    out.moves.extend((one.type_code, one.colour, new["colour"]) for one, new in differing)
    found = tiers.tiers(_holding(row.uscc, state, held, around, reference), on)
    colours = [new["colour"] for new in coloured]
    days = [next_change(business, on), *(new["colour_until"] for new in coloured)]
    done = len(found.done)
    return {
        **_empty_summary(row, on),
        **{colour.value: colours.count(colour.value) for colour in Colour},
        "required": len(found.required),
        "held": done,
        "missing": len(found.required) - done,
        "stale_on": min((day for day in days if day is not None), default=None),
    }


def _coloured(row: Any, entity_state: EntityState, on: date, reference: Reference) -> Mapping[str, Any]:
    columns = colour_columns(
        type_code=row.type_code,
        state=LicenseState(row.state),
        entity_state=entity_state,
        days=LicenseDays(row.valid_from, row.valid_to, row.inspection_due),
        on=on,
        reference=reference,
    )
    return {"uscc": row.uscc, "id": row.id, **columns}


def _differs(row: Any, new: Mapping[str, Any]) -> bool:
    return (row.colour, row.colour_reason, row.colour_until) != (
        new["colour"],
        new["colour_reason"],
        new["colour_until"],
    )


def _holding(
    uscc: str, state: EntityState, held: list[Any], around: _Around, reference: Reference
) -> tiers.TierFacts:
    places = around.places.get(uscc, [])
    needs = facts.scope_needs(around.lines.get(uscc, []), reference)
    return tiers.TierFacts(
        requirements=needs.certain,
        guessed=needs.guessed,
        branches=needs.branches,
        held=tuple(
            facts.held_certificate(
                license_id=one.id,
                type_code=one.type_code,
                state=LicenseState(one.state),
                valid_to=one.valid_to,
                premises_id=one.premises_id,
                reference=reference,
            )
            for one in held
        ),
        premises=tuple(place_id for place_id, _ in places),
        main=next((place_id for place_id, is_main in places if is_main), None),
        entity_state=state,
        waivers=tuple(around.waivers.get(uscc, ())),
    )
