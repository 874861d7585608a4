"""Who stands where on the status lists, and what is published of it; always in the caller's transaction.

The act that changes something is put on record by the caller, for the same enterprise and in the same transaction.
"""

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from hub.kernel.bulk import among, batches, insert_rows, table_of
from hub.kernel.errors import NotFoundError
from hub.kernel.ids import new_id
from hub.kernel.locks import Lock
from hub.trust.statuses.indices import next_indices
from hub.trust.statuses.models import StatusChange, StatusEntry, StatusIndex
from hub.trust.statuses.rules import FINAL, Cause, Causes, StatusPosition, SubjectKind
from hub.trust.statuses.standings import held_standings, keep_standings, standings
from signing.status import Status

__all__ = [
    "Allocation",
    "Cause",
    "LicenseChange",
    "StatusPosition",
    "SubjectKind",
    "allocate",
    "allocate_many",
    "enterprise_changed",
    "license_changed",
    "reference",
    "set_cause",
]

_INDEX = table_of(StatusIndex)


@dataclass(frozen=True, slots=True)
class Allocation:
    """What gets an entry. `parent`: the license that a credential rests on. `own`: how it stands by itself."""

    uscc: str
    kind: SubjectKind
    subject: str
    parent: UUID | None = None
    own: Status = Status.VALID

    @property
    def places(self) -> tuple[Lock, ...]:
        """Whose standing its value depends on."""
        above = Lock(self.uscc)
        return (above,) if self.parent is None else (above, Lock.of_license(self.uscc, self.parent))


@dataclass(frozen=True, slots=True)
class LicenseChange:
    """What became of one license. `is_rewritten`: its face differs from what credentials issued before say."""

    uscc: str
    license_id: UUID
    value: Status
    is_rewritten: bool = False

    @property
    def place(self) -> Lock:
        return Lock.of_license(self.uscc, self.license_id)


def allocate(
    session: Session,
    *,
    uscc: str,
    kind: SubjectKind,
    subject: str,
    parent: UUID | None = None,
    now: datetime,
) -> StatusPosition:
    """Allocate an entry for what is about to be issued, on the list that is being filled; never given to anything else.

    Issuing again (a new plate, a new credential) needs a new subject and gets a new index.
    Raises: IntegrityError when the subject has an entry.
    """
    return allocate_many(session, [Allocation(uscc, kind, subject, parent)], now=now)[0]


def allocate_many(
    session: Session,
    wanted: Sequence[Allocation],
    *,
    now: datetime,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> list[StatusPosition]:
    """Allocate one entry for each, in order; its value says at once how its enterprise and license stand."""
    places = {place for each in wanted for place in each.places}
    stand = held_standings(session, places)
    spots = list(next_indices(session, len(wanted), now=now, random_bytes=random_bytes))
    entries = [_entry(each, spot, stand=stand, now=now) for each, spot in zip(wanted, spots, strict=True)]
    insert_rows(session, _INDEX, [{"list": e.list, "idx": e.idx, "uscc": e.uscc} for e in entries])
    session.add_all(entries)
    # an index that stands for nothing yet is published already, with its list (`indices` marks a list that begins)
    _mark(session, (entry for entry in entries if entry.value != int(Status.VALID)), now=now)
    return [_reference(entry) for entry in entries]


def set_cause(
    session: Session,
    *,
    uscc: str,
    kind: SubjectKind,
    subject: str,
    cause: Cause,
    value: Status,
    now: datetime,
) -> None:
    """Say what one cause has to say of one entry; a revocation stands whatever comes after it.

    Raises: NotFoundError when nothing of this name has an entry.
    """
    entry = session.get(StatusEntry, (uscc, kind.value, subject))
    if entry is None:
        raise NotFoundError
    _apply(session, [entry], lambda _entry: ((cause, value),), now=now)


def license_changed(session: Session, changes: Iterable[LicenseChange], *, now: datetime) -> None:
    """Pass on what became of licenses to the credentials that rest on them."""
    by_place = {change.place: change for change in changes}
    if not by_place:
        return
    rests = StatusEntry.parent.is_not(None)
    differing = [
        *_differing(
            session,
            ((place.uscc, change.value) for place, change in by_place.items()),
            StatusEntry.license,
            rests,
            StatusEntry.license != int(FINAL[Cause.LICENSE]),
        ),
        *_differing(
            session,
            ((place.uscc, Status.CHANGED) for place, change in by_place.items() if change.is_rewritten),
            StatusEntry.content,
            rests,
        ),
    ]
    behind = {above for entry in differing if (above := _above(entry)) in by_place}
    stand = standings(session, by_place)
    told = {
        place: change.value
        for place, change in by_place.items()
        if change.is_rewritten or change.value is not stand.get(place, Status.VALID) or place in behind
    }
    keep_standings(session, told)

    def causes(entry: StatusEntry) -> tuple[tuple[Cause, Status], ...]:
        above = _above(entry)
        change = None if above is None else by_place.get(above)
        if change is None:
            return ()
        rewritten = ((Cause.CONTENT, Status.CHANGED),) if change.is_rewritten else ()
        return ((Cause.LICENSE, change.value), *rewritten)

    _apply(session, differing, causes, now=now)


def enterprise_changed(
    session: Session, states: Mapping[str, Status], *, rewritten: Collection[str] = (), now: datetime
) -> None:
    """Pass on what became of enterprises (by USCC) to everything they hold: plates and credentials.

    `rewritten`: those whose face differs from what credentials of the business license itself said before.
    """
    is_face = (StatusEntry.kind == SubjectKind.CREDENTIAL.value, StatusEntry.parent.is_(None))
    faces = ((uscc, Status.CHANGED) for uscc in states if uscc in rewritten)
    differing = [
        *_differing(session, states.items(), StatusEntry.enterprise),
        *_differing(session, faces, StatusEntry.content, *is_face),
    ]
    behind = {entry.uscc for entry in differing}
    stand = standings(session, map(Lock, states))
    told = {
        Lock(uscc): value
        for uscc, value in states.items()
        if uscc in rewritten or value is not stand.get(Lock(uscc), Status.VALID) or uscc in behind
    }
    keep_standings(session, told)

    def causes(entry: StatusEntry) -> tuple[tuple[Cause, Status], ...]:
        stands = (Cause.ENTERPRISE, states[entry.uscc])
        is_of_face = entry.kind == SubjectKind.CREDENTIAL and entry.parent is None
        return (
            (stands, (Cause.CONTENT, Status.CHANGED)) if is_of_face and entry.uscc in rewritten else (stands,)
        )

    _apply(session, differing, causes, now=now)


def reference(session: Session, *, uscc: str, kind: SubjectKind, subject: str) -> StatusPosition | None:
    """Return where the status of something is read; None when it has no entry."""
    entry = session.get(StatusEntry, (uscc, kind.value, subject))
    return None if entry is None else _reference(entry)


def _entry(
    wanted: Allocation, spot: tuple[int, int], *, stand: Mapping[Lock, Status], now: datetime
) -> StatusEntry:
    above = [stand.get(place, Status.VALID) for place in wanted.places]
    causes = Causes(own=wanted.own, enterprise=above[0], license=above[1] if above[1:] else Status.VALID)
    return StatusEntry(
        uscc=wanted.uscc,
        kind=wanted.kind.value,
        subject=wanted.subject,
        list=spot[0],
        idx=spot[1],
        parent=wanted.parent,
        own=int(causes.own),
        license=int(causes.license),
        content=int(causes.content),
        enterprise=int(causes.enterprise),
        value=int(causes.value),
        changed_at=now,
    )


def _differing(
    session: Session,
    said: Iterable[tuple[str, Status]],
    column: InstrumentedAttribute[int],
    *conditions: ColumnElement[bool],
) -> Iterator[StatusEntry]:
    """Entries of these enterprises whose cause in `column` is not what is said.

    The entries are asked and not only the standings, which are no record: whoever edits one holds nothing back.
    """
    by_value: dict[Status, set[str]] = {}
    for uscc, value in said:
        by_value.setdefault(value, set()).add(uscc)
    for value, usccs in by_value.items():
        for batch in batches(sorted(usccs)):
            statement = select(StatusEntry).where(
                among(session, StatusEntry.uscc, batch), column != int(value), *conditions
            )
            yield from session.scalars(statement.order_by(StatusEntry.uscc))


def _above(entry: StatusEntry) -> Lock | None:
    return None if entry.parent is None else Lock.of_license(entry.uscc, entry.parent)


def _apply(
    session: Session,
    entries: Iterable[StatusEntry],
    said: Callable[[StatusEntry], Iterable[tuple[Cause, Status]]],
    *,
    now: datetime,
) -> None:
    """Write what each entry's causes say now, and mark the lists on which the published value differs."""
    differing = []
    for entry in entries:
        causes = _causes(entry)
        after = causes
        for cause, value in said(entry):
            after = after.after(cause, value)
        if after == causes:
            continue
        if after.value is not causes.value:
            differing.append(entry)
        entry.own, entry.license = int(after.own), int(after.license)
        entry.content, entry.enterprise = int(after.content), int(after.enterprise)
        entry.value = int(after.value)
        entry.changed_at = now
    _mark(session, differing, now=now)


def _causes(entry: StatusEntry) -> Causes:
    return Causes(
        own=Status(entry.own),
        license=Status(entry.license),
        content=Status(entry.content),
        enterprise=Status(entry.enterprise),
    )


def _mark(session: Session, entries: Iterable[StatusEntry], *, now: datetime) -> None:
    session.add_all(StatusChange(list=number, id=new_id(now)) for number in {entry.list for entry in entries})


def _reference(entry: StatusEntry) -> StatusPosition:
    return StatusPosition(entry.list, entry.idx)
