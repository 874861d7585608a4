"""Rows that departments report: known by a key, no older word over a newer one, every change kept and put on record.

A kind of row says once what is its own (`Versioned`); looking up, comparing, numbering versions, writing and recording
acts are the same for all. Nothing here commits: rows, versions and acts move in the caller's transaction, in few
statements for many records.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from hub.kernel.bulk import among, batches, insert_rows, update_rows
from hub.kernel.ids import new_id
from hub.kernel.messages import Message
from hub.registry.records import DepartmentRecord, Provenance, StoreOutcome, digest
from hub.trust.record import events
from hub.trust.record.events import Draft, image

R = TypeVar("R", bound=DepartmentRecord)
Row = Mapping[str, Any]
Key = tuple[Any, ...]  # the values of `Versioned.key`

RECORDED, CHANGED, MARKED = ".recorded", ".changed", ".marked"


@dataclass(frozen=True, kw_only=True)
class Versioned:
    """How the rows of one kind are stored: what is the kind's own.

    `act`: acts are called `<act>.recorded`, `<act>.changed`; `name`: what they are said to be of. `key`: columns by
    which a row is found, the credit code first. `compared`: further columns that the next record is compared with.
    `is_older`: whether a record is older news than a row. `states`: whether acts tell how the column `state` changed.
    `versions` None: no version is kept but the newest, since each is a document of its own; acts name its digest.
    `then`: what else of the room moves in the same transaction, once for all rows that a call has changed.
    """

    act: str
    name: Message
    table: Table
    key: tuple[str, ...]
    is_older: Callable[[Any, Row], bool]
    compared: tuple[str, ...] = ()
    versions: Table | None = None
    index: Table | None = None  # the look-up of ids, when there is one
    states: bool = False
    then: Callable[[Session, "Changes"], None] | None = None
    narrowed_by: str | None = None  # a column of the key by which fewer rows of large enterprises are read

    @cached_property
    def row_key(self) -> tuple[str, ...]:
        """Return the primary key: the credit code, and an id of our own where an enterprise has many."""
        return _key_of(self.table)

    @cached_property
    def read(self) -> tuple[str, ...]:
        """Return the columns that are read of a row before a record is compared with it."""
        ours = ("version",) if self.versions is not None else ()
        return tuple(dict.fromkeys((*self.key, *self.row_key, *ours, "content_hash", *self.compared)))

    @cached_property
    def version_key(self) -> tuple[str, ...]:
        """Return what versions call the row's key: the credit code, and the id named after the kind."""
        return () if self.versions is None else _key_of(self.versions)[:-1]

    @cached_property
    def index_key(self) -> tuple[str, ...]:
        """Return what the look-up calls the row's id."""
        return () if self.index is None else _key_of(self.index)

    @property
    def act_names(self) -> dict[str, Message]:
        """Return what its acts are called, in both languages."""
        zh, en = self.name.zh, self.name.en
        return {
            self.act + RECORDED: Message(f"{zh}入库", f"{en} recorded"),
            self.act + CHANGED: Message(f"{zh}变更", f"{en} changed"),
        }

    def key_of(self, row: Row) -> Key:
        return tuple(row[name] for name in self.key)


def _key_of(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key.columns)


class _Version(NamedTuple):
    """A version that is to be written, whose it is, and what its act says."""

    key: Key
    row: Row
    data: dict[str, Any]


@dataclass(slots=True)
class Changes:
    """The rows of some enterprises as they stand, and what one call makes of them; written once, at the end.

    `stored`: rows as they were read. `rows`: those that the call changes, as they are written; `contents`: the newest
    document of each.
    """

    kind: Versioned
    provenance: Provenance
    stored: dict[Key, Row]
    replay: bool = False
    rows: dict[Key, Row] = field(init=False, default_factory=dict)
    contents: dict[Key, dict[str, Any]] = field(init=False, default_factory=dict)
    _standing: dict[str, dict[Key, Row]] = field(init=False, default_factory=dict)  # by USCC
    _versions: list[_Version] = field(init=False, default_factory=list)
    _told_of_all: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self._told_of_all = self.provenance.version_columns()
        for key, row in self.stored.items():
            self._standing.setdefault(row["uscc"], {})[key] = row

    @property
    def new(self) -> list[Row]:
        """Return the rows that were not there, as they are inserted."""
        return [row for key, row in self.rows.items() if key not in self.stored]

    @property
    def changed(self) -> list[Row]:
        """Return the rows that were there and are written anew."""
        return [row for key, row in self.rows.items() if key in self.stored]

    def find(self, key: Key) -> Row | None:
        """Return a row as it stands now, with what this call has made of it."""
        return self._standing.get(key[0], {}).get(key)

    def of(self, uscc: str) -> list[Row]:
        """Return every row of an enterprise as it stands now; what this call changed comes last."""
        return list(self._standing.get(uscc, {}).values())

    def offer(
        self, record: R, before: Row | None, more: Callable[[R, Row | None], dict[str, Any]]
    ) -> StoreOutcome:
        """Take a record for the next word on a row, unless it is none. `more`: columns that the record does not tell."""
        content = record.content()
        content_hash = digest(content)
        if before is not None:
            # Before asking which is older: departments send whole files again and again, and a row that is there word
            # for word is no older news.
            if before["content_hash"] == content_hash:
                return StoreOutcome.DUPLICATE
            if self.replay or self.kind.is_older(record, before):
                return StoreOutcome.SUPERSEDED
        row = record.columns(self.kind.table)
        row.update(more(record, before))
        row.update(self.following(before, content_hash))
        self.put(row, content)
        return StoreOutcome.ACCEPTED

    def following(self, before: Row | None, content_hash: str) -> dict[str, Any]:
        """Return the columns of our own for the row that comes after `before`."""
        own: dict[str, Any] = {"content_hash": content_hash}
        if "id" in self.kind.row_key:
            own["id"] = new_id(self.provenance.now) if before is None else before["id"]
        if self.kind.versions is not None:
            own["version"] = 1 if before is None else before["version"] + 1
        return own

    def put(self, row: Row, content: dict[str, Any] | None) -> None:
        """Add or replace a row. `content` None: only a mark of our own changed, which makes no version."""
        row = {**row, "source": self.provenance.source, "received_at": self.provenance.received_at}
        key = self.kind.key_of(row)
        rows = self._standing.setdefault(row["uscc"], {})
        before = rows.pop(key, None)
        rows[key] = self.rows[key] = row
        if content is None:
            return
        self.contents[key] = content
        if self.kind.versions is not None:
            version = {
                name: row[own] for name, own in zip(self.kind.version_key, self.kind.row_key, strict=True)
            }
            version |= {"version": row["version"], "content": content} | self._told_of_all
            self._versions.append(_Version(key, version, self._told(row, before)))

    def _told(self, row: Row, before: Row | None) -> dict[str, Any]:
        if not self.kind.states:
            return self.provenance.act_data(row["version"])
        state = None if before is None else before["state"]
        return self.provenance.act_data(row["version"], before=state, after=row["state"])

    def write(self, session: Session) -> None:
        """Write rows, versions, acts and look-ups, one statement for each."""
        new, kind = self.new, self.kind
        insert_rows(session, kind.table, new)
        update_rows(session, kind.table, kind.row_key, self.changed)
        if kind.versions is None:
            drafts = self._documents()
        else:
            insert_rows(session, kind.versions, [version.row for version in self._versions])
            drafts = self._acts(kind.versions)
        events.record_many(
            session,
            drafts,
            by=self.provenance.by,
            now=self.provenance.now,
            happened_at=self.provenance.received_at,
        )
        if kind.index is not None:
            ids = [{kind.index_key[0]: row[kind.row_key[-1]], "uscc": row["uscc"]} for row in new]
            insert_rows(session, kind.index, ids)

    def _acts(self, versions: Table) -> Iterator[Draft]:
        """One act for each version, in order, the newest with the row that stands; then one for each mark."""
        # Each row's image belongs to one act alone, the one of its newest version: the audit compares a stored row
        # with the newest act about it.
        marked = dict(self.rows)
        for key, version, data in self._versions:
            row = self.rows[key]
            images = [image(versions, version)]
            if row["version"] == version["version"]:
                images.append(image(self.kind.table, marked.pop(key)))
            yield self._draft(RECORDED if version["version"] == 1 else CHANGED, row, data, images)
        for row in marked.values():
            data = self.provenance.act_data(row["version"])
            yield self._draft(MARKED, row, data, [image(self.kind.table, row)])

    def _documents(self) -> Iterator[Draft]:
        for key, row in self.rows.items():
            data = self.provenance.act_data(1) | {"document": row["content_hash"]}
            name = CHANGED if key in self.stored else RECORDED
            yield self._draft(name, row, data, [image(self.kind.table, row)])

    def _draft(self, name: str, row: Row, data: Mapping[str, object], images: Sequence[Any]) -> Draft:
        return Draft(self.kind.act + name, row["uscc"], str(row[self.kind.row_key[-1]]), data, images)


def look_up(
    session: Session,
    kind: Versioned,
    records: Iterable[DepartmentRecord],
    provenance: Provenance,
    *,
    replay: bool = False,
) -> Changes:
    """Read the rows that these records may be a word on: all of their enterprises, or `narrowed_by`. One statement.

    `replay`: the same file was loaded before to its end, so that whatever differs from it is newer and stays.
    """
    columns = kind.table.c
    names = ("uscc",) if kind.narrowed_by is None else ("uscc", kind.narrowed_by)
    statement = select(*(columns[name] for name in kind.read)).order_by(*kind.table.primary_key.columns)
    found: dict[Key, Row] = {}
    for batch in batches(records):
        where = [among(session, columns[name], {getattr(each, name) for each in batch}) for name in names]
        for values in session.execute(statement.where(*where)):
            row = dict(zip(kind.read, values, strict=True))
            found[kind.key_of(row)] = row
    return Changes(kind, provenance, found, replay)


def store(
    session: Session,
    kind: Versioned,
    records: Sequence[R],
    provenance: Provenance,
    *,
    replay: bool = False,
    more: Callable[[R, Row | None], dict[str, Any]] = lambda _record, _before: {},
) -> tuple[Changes, list[StoreOutcome]]:
    """Store records of a kind; return what was written, and one outcome for each record, in order.

    A later record of the same call meets what an earlier one left. `more`: see `Changes.offer`; `replay`: `look_up`.
    """
    changes = look_up(session, kind, records, provenance, replay=replay)
    outcomes = []
    for record in records:
        key = tuple(getattr(record, name) for name in kind.key)
        outcomes.append(changes.offer(record, changes.find(key), more))
    changes.write(session)
    if kind.then is not None:
        kind.then(session, changes)
    return changes, outcomes
