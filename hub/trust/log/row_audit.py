"""Every act held against its leaf, and every bound row against the newest act that names it.

Enterprises are taken in ranges of some thousand acts, so that memory does not grow with the city. Rows of tables
that belong to no enterprise (people, batches) are few, and are compared at the end.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Table, and_, select
from sqlalchemy.orm import Session

from hub.kernel.bulk import table_of
from hub.kernel.personal import Personal, PersonalCipher, cipher_of, columns_of, row_name
from hub.trust.log.findings import ODD_VALUES, AuditReason, Findings
from hub.trust.log.raw_rows import RawReader
from hub.trust.log.tree_audit import Leaves
from hub.trust.record.bound_rows import HOME, BoundTable, bound_tables, index_tables, moment
from hub.trust.record.leaf import leaf_text, opening
from hub.trust.record.models import Event, LeafBatch
from keys.errors import SealedValueError
from signing.log import leaf_hash

ACTS_AT_ONCE = 10_000

EVENT = Event.__tablename__
_EVENT, _BATCH = table_of(Event), table_of(LeafBatch)

Progress = Callable[[int], object]


class _Word(NamedTuple):
    """What the newest act about a row says: its position, the row's digest (None: removed) and the salt."""

    position: int
    digest: str | None
    salt: bytes


@dataclass(slots=True)
class RowAudit:
    """One comparison. `told`: what acts say of rows that belong to no enterprise; `spoken`: a mark for each leaf."""

    session: Session
    leaves: Leaves
    found: Findings
    progress: Progress
    acts: int = 0
    rows: int = 0
    told: dict[str, _Word] = field(default_factory=dict)
    spoken: bytearray = field(init=False)
    homed: tuple[tuple[BoundTable, RawReader], ...] = field(init=False)
    others: tuple[tuple[BoundTable, RawReader], ...] = field(init=False)
    other_names: frozenset[str] = field(init=False)
    events: RawReader = field(init=False)
    is_sqlite: bool = field(init=False)
    cipher: PersonalCipher | None = field(init=False)

    def __post_init__(self) -> None:
        self.is_sqlite = is_sqlite = self.session.get_bind().dialect.name == "sqlite"
        self.cipher = cipher_of(self.session.get_bind().dialect)
        self.spoken = bytearray(len(self.leaves.seen))
        readers = [
            (each, RawReader((each.table.c[name] for name in each.columns), is_sqlite=is_sqlite))
            for each in bound_tables(_EVENT.metadata)
        ]
        self.homed = tuple(pair for pair in readers if pair[0].is_homed)
        self.others = tuple(pair for pair in readers if not pair[0].is_homed)
        self.other_names = frozenset(binding.name for binding, _ in self.others)
        self.events = RawReader(_EVENT.c, is_sqlite=is_sqlite)

    def run(self) -> None:
        self._compare_range("", "")
        last: str | None = ""
        while last is not None:
            until = self._next(last)
            self._compare_range(last, until)
            last = until
        for binding, reader in self.others:
            self._compare_rows(binding, reader, None, self.told)
        self._missing(self.told)
        self._unspoken()
        self._compare_indexes()

    def _next(self, last: str) -> str | None:
        """Where the next range ends; None: with everything that is left."""
        return self.session.scalar(
            select(_EVENT.c.uscc)
            .where(_EVENT.c.uscc > last)
            .order_by(_EVENT.c.uscc)
            .offset(ACTS_AT_ONCE)
            .limit(1)
        )

    def _compare_range(self, after: str, until: str | None) -> None:
        """Enterprises after one and up to another; `"", ""`: the acts that belong to none."""
        words: dict[str, _Word] = {}
        source = _EVENT.outerjoin(_BATCH, _BATCH.c.id == _EVENT.c.batch_id)
        statement = select(*self.events.columns, _BATCH.c.first).select_from(source)
        for values in self.events.rows(self.session, statement.where(_within(_EVENT, after, until))):
            first = values.pop()
            event = dict(zip(self.events.names, values, strict=True))
            try:
                self._compare_event(event, first, words)
            except ODD_VALUES as error:
                self.found.add(AuditReason.EVENT_EDITED, EVENT, f"{event['uscc']}/{event['id']}", str(error))
        for binding, reader in self.homed:
            self._compare_rows(binding, reader, _within(binding.table, after, until), words)
        self._missing(words)

    def _compare_event(self, event: Mapping[str, Any], first: int | None, words: dict[str, _Word]) -> None:
        self._count_act()
        key = f"{event['uscc']}/{event['id']}" if event["uscc"] else str(event["id"])
        named, salt = event["rows"], event["salt"]
        if event["batch_id"] is None or not isinstance(named, dict) or not isinstance(event["data"], dict):
            self.found.add(AuditReason.EVENT_ADDED, EVENT, key, event["kind"])
            return
        position = self._place(event, first)
        if salt is None:
            self.found.add(AuditReason.EVENT_SALT_MISSING, EVENT, key, event["kind"])
        else:
            position = self._compare_leaf(event, key, position)
        for name, digest in named.items():
            told = self.told if name.partition("/")[0] in self.other_names else words
            before = told.get(name)
            if before is None or before.position < position:
                told[name] = _Word(position, digest, salt or b"")

    def _place(self, event: Mapping[str, Any], first: int | None) -> int:
        """The position of the act's leaf as its row says; -1 for none."""
        start = self.leaves.waiting.get(event["batch_id"]) if first is None else first
        return -1 if start is None or event["place"] is None else start + event["place"]

    def _compare_leaf(self, event: Mapping[str, Any], key: str, position: int) -> int:
        """Where the act really is; what its row says when it is nowhere."""
        opened = opening(
            by=event["by"],
            data=event["data"],
            act=event["id"],
            rows=event["rows"],
            subject=event["subject"],
            uscc=event["uscc"],
        )
        late = event["happened_at"]
        text = leaf_text(
            at=_written(event["at"]),
            kind=event["kind"],
            salt=event["salt"],
            opened=opened,
            happened_at=None if late is None else _written(late),
        )
        leaf = leaf_hash(text.encode())
        if position < 0:
            position = self.leaves.lost.get(leaf, -1)
        if not 0 <= position < len(self.spoken) or self.spoken[position]:
            self.found.add(AuditReason.EVENT_ADDED, EVENT, key, event["kind"])
            return position
        self.spoken[position] = 1
        if self.leaves.at(position) != leaf:
            self.found.add(AuditReason.EVENT_EDITED, EVENT, key, f"{event['kind']}, position {position}")
        return position

    def _compare_rows(
        self, binding: BoundTable, reader: RawReader, within: Any, words: dict[str, _Word]
    ) -> None:
        statement = select(*reader.columns) if within is None else select(*reader.columns).where(within)
        for values in reader.mappings(self.session, statement):
            self.rows += 1
            name = binding.row_name(values)
            word = words.pop(name, None)
            if word is None:
                if not binding.is_exempt(values):
                    self._add(AuditReason.ROW_ADDED, name)
            elif word.digest is None:
                self._add(AuditReason.ROW_ADDED, name, "removed by an act before")
            else:
                self._compare_digest(binding, values, name, word)

    def _compare_digest(self, binding: BoundTable, values: dict[str, Any], name: str, word: _Word) -> None:
        detail = f"act at position {word.position}"
        try:
            self._open_personal(binding, values)
        except SealedValueError as error:
            self._add(AuditReason.ROW_EDITED, name, f"{detail}; {error}")
            return
        if word.digest != binding.digest(values, word.salt):
            self._add(AuditReason.ROW_EDITED, name, detail)

    def _open_personal(self, binding: BoundTable, values: dict[str, Any]) -> None:
        """Digests are over what people wrote, so that a change of data keys changes none. Raises: KeysError leaves."""
        for column in columns_of(binding.table):
            kept = values[column.name]
            if isinstance(kept, str) and isinstance(column.type, Personal):
                row = row_name(*(values[part] for part in binding.key))
                values[column.name] = column.type.opened(kept, row, self.cipher)

    def _missing(self, words: Mapping[str, _Word]) -> None:
        for name, word in words.items():
            if word.digest is not None:
                self._add(AuditReason.ROW_REMOVED, name, f"act at position {word.position}")

    def _unspoken(self) -> None:
        """Leaves for which there is no act any more."""
        start = self.spoken.find(0)
        while start >= 0:
            waits = "" if start < self.leaves.size else "waiting"
            self.found.add(AuditReason.EVENT_REMOVED, EVENT, f"position {start}", waits)
            start = self.spoken.find(0, start + 1)

    def _compare_indexes(self) -> None:
        for table, index in index_tables(_EVENT.metadata):
            base = table.metadata.tables[index.table]
            same = and_(*(table.c[own] == base.c[theirs] for own, theirs in index.columns.items()))
            own = next(iter(index.columns))
            for missing, other, reason in (
                (table, base, AuditReason.INDEX_WRONG),
                (base, table, AuditReason.INDEX_MISSING),
            ):
                absent = next(iter(other.primary_key.columns)).is_(None)
                key = table.c[own] if missing is table else base.c[index.columns[own]]
                joined = missing.outerjoin(other, same)
                reader = RawReader((key,), is_sqlite=self.is_sqlite)
                statement = select(*reader.columns).select_from(joined).where(absent)
                for (found,) in reader.rows(self.session, statement):
                    self.found.add(reason, table.name, found)

    def _add(self, reason: AuditReason, name: str, detail: str = "") -> None:
        table, _, key = name.partition("/")
        self.found.add(reason, table, key, detail)

    def _count_act(self) -> None:
        self.acts += 1
        if self.acts % ACTS_AT_ONCE == 0:
            self.progress(ACTS_AT_ONCE)


def _written(when: Any) -> str:
    """What was edited by hand may be no moment. Raises: one of ODD_VALUES."""
    return when if isinstance(when, str) else moment(when)


def _within(table: Table, after: str, until: str | None) -> Any:
    home = table.c[HOME]
    if until == "":
        return home == ""
    return home > after if until is None else and_(home > after, home <= until)
