"""What is derived from licenses held against them: colours, the counted summaries, and their credentials' statuses."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from hub.kernel.bulk import among, batches, table_of
from hub.kernel.locks import ENTERPRISE, Lock
from hub.licenses.models import License, Summary, YearlyCheck
from hub.licenses.reference.rules import Reference
from hub.licenses.rereading import is_being_counted
from hub.licenses.statuses import OF_STATE
from hub.licenses.summaries import ENTERPRISES_AT_ONCE, computed
from hub.registry.models import Enterprise
from hub.trust.log.findings import AuditFinding, AuditReason
from hub.trust.statuses.models import StatusEntry, StatusStanding
from hub.trust.statuses.rules import FINAL, Cause
from hub.trust.statuses.standings import standings
from signing.status import Status

_SUMMARY = table_of(Summary)
_STANDING = StatusStanding.__tablename__
_MEANING = {state.value: int(status) for state, status in OF_STATE.items()}


def differing_summaries(session: Session, *, on: date, reference: Reference) -> Iterator[AuditFinding]:
    """Summaries and stored colours that are not what they must be on that legal day, and summaries of nobody.

    A summary names the first day on which it or a colour in it changes; until then it must be that of today. Where
    that day has come the worker computes everything anew, so that nothing there is held against it.
    """
    if is_being_counted(session, reference):
        return  # by other rows of the catalogue; the worker counts them anew
    everyone = select(Enterprise.uscc).order_by(Enterprise.uscc)
    for batch in batches(session.scalars(everyone).all(), ENTERPRISES_AT_ONCE):
        rows = session.execute(select(*_SUMMARY.c).where(among(session, _SUMMARY.c.uscc, batch))).mappings()
        kept = {row["uscc"]: dict(row) for row in rows}
        stale = {uscc for uscc, row in kept.items() if row["stale_on"] is not None and row["stale_on"] <= on}
        yield from _unlike_summaries(
            session, [uscc for uscc in batch if uscc not in stale], kept, on, reference
        )
    known = select(Enterprise.uscc).where(Enterprise.uscc == Summary.uscc)
    for uscc in session.scalars(select(Summary.uscc).where(~known.exists())):
        yield AuditFinding(AuditReason.DERIVED_WRONG, Summary.__tablename__, uscc, "no such enterprise")


def _unlike_summaries(
    session: Session,
    usccs: list[str],
    kept: Mapping[str, Mapping[str, Any]],
    on: date,
    reference: Reference,
) -> Iterator[AuditFinding]:
    try:
        must = computed(session, usccs, on=on, reference=reference)
    except (ValueError, KeyError, TypeError) as error:  # a word was written that no rule knows: whose is it?
        if usccs[1:]:
            for one in usccs:
                yield from _unlike_summaries(session, [one], kept, on, reference)
        else:
            yield AuditFinding(AuditReason.DERIVED_WRONG, Summary.__tablename__, usccs[0], str(error))
        return
    for row in must.summaries:
        if kept.get(row["uscc"]) != row:
            yield AuditFinding(AuditReason.DERIVED_WRONG, Summary.__tablename__, row["uscc"])
    for changed in must.changed:
        key = f"{changed['uscc']}/{changed['id']}"
        yield AuditFinding(AuditReason.DERIVED_WRONG, License.__tablename__, key, "colour")


def differing_yearly_checks(session: Session) -> Iterator[AuditFinding]:
    """Licenses with which another day of their next check is kept than its row says, and checks of no license."""
    own = and_(YearlyCheck.uscc == License.uscc, YearlyCheck.license_id == License.id)
    kept = select(License.uscc, License.id).outerjoin(YearlyCheck, own)
    for uscc, license_id in session.execute(
        kept.where(License.inspection_due.is_distinct_from(YearlyCheck.next_due))
    ):
        key = f"{uscc}/{license_id}"
        yield AuditFinding(AuditReason.DERIVED_WRONG, License.__tablename__, key, "inspection_due")
    nobodys = select(YearlyCheck.uscc, YearlyCheck.license_id).where(~select(License.id).where(own).exists())
    for uscc, license_id in session.execute(nobodys):
        key = f"{uscc}/{license_id}"
        yield AuditFinding(AuditReason.DERIVED_WRONG, YearlyCheck.__tablename__, key, "no such license")


def differing_license_statuses(session: Session) -> Iterator[AuditFinding]:
    """Standings and entries that do not say of a license what its state means.

    An entry that was revoked once stays so, whatever becomes of its license.
    """
    yield from _unlike_standings(session)
    meaning = case(_MEANING, value=License.state, else_=0)
    rests = and_(License.uscc == StatusEntry.uscc, License.id == StatusEntry.parent)
    entries = (
        select(StatusEntry.uscc, StatusEntry.kind, StatusEntry.subject)
        .outerjoin(License, rests)
        .where(
            StatusEntry.license != func.coalesce(meaning, 0),
            StatusEntry.license != int(FINAL[Cause.LICENSE]),
        )
    )
    for key in session.execute(entries):
        yield AuditFinding(AuditReason.DERIVED_WRONG, StatusEntry.__tablename__, "/".join(key), "license")


def _unlike_standings(session: Session) -> Iterator[AuditFinding]:
    columns = (StatusStanding.uscc, StatusStanding.subject, StatusStanding.value)
    kept = session.execute(select(*columns).where(StatusStanding.subject != ENTERPRISE)).all()
    for batch in batches(kept):
        states = _states(session, {uscc for uscc, _, _ in batch})
        for uscc, subject, value in batch:
            if value != states.get(Lock(uscc, subject), Status.VALID):
                yield AuditFinding(AuditReason.DERIVED_WRONG, _STANDING, f"{uscc}/{subject}")
    telling = [state.value for state, status in OF_STATE.items() if status is not Status.VALID]
    ended = select(License.uscc, License.id).where(License.state.in_(telling))
    for gone in batches(session.execute(ended).all()):
        places = {Lock.of_license(uscc, license_id) for uscc, license_id in gone}
        for place in sorted(places - standings(session, places).keys(), key=lambda each: each.subject):
            yield AuditFinding(AuditReason.DERIVED_WRONG, _STANDING, f"{place.uscc}/{place.subject}")


def _states(session: Session, usccs: set[str]) -> dict[Lock, int]:
    statement = select(License.uscc, License.id, License.state).where(among(session, License.uscc, usccs))
    return {
        Lock.of_license(uscc, license_id): _MEANING.get(state, Status.VALID)
        for uscc, license_id, state in session.execute(statement)
    }
