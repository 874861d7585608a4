"""The acts of a transaction, held with its session until `hub.trust.record.commit` writes them.

So a rollback takes them along, also that of a savepoint, and the digests of rows are those of their last state. Bound
rows that no act names are noted where the session flushes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapper, Session, SessionTransaction
from sqlalchemy.orm.attributes import instance_state

from hub.kernel.bulk import table_of
from hub.trust.record.bound_rows import HOME, BoundTable, binding_of
from hub.trust.record.leaf import Act

_LEDGER = "trust.ledger"


class RecordedSession(Session):
    """The session of a write transaction: it knows which acts it holds, and which bound rows it has changed."""


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A bound row that was flushed; `thing` None: it was removed."""

    home: str
    binding: BoundTable
    thing: Any


@dataclass(slots=True)
class Ledger:
    """`touched`: by row name. `loose`: rows per bound table that statements wrote; only acts can name those."""

    acts: list[Act] = field(default_factory=list)
    touched: dict[str, ChangedRow] = field(default_factory=dict)
    loose: dict[str, int] = field(default_factory=dict)
    marks: dict[int, "Ledger"] = field(default_factory=dict)  # how it stood, by savepoint

    def copy(self) -> "Ledger":
        return Ledger(list(self.acts), dict(self.touched), dict(self.loose), self.marks)


def ledger_of(session: Session) -> Ledger:
    if not isinstance(session, RecordedSession):  # nobody would write them, and nobody would know
        raise TypeError("acts are recorded in the session of a database's write()")
    found: Ledger | None = session.info.get(_LEDGER)
    if found is None:
        found = session.info[_LEDGER] = Ledger()
    return found


def take_ledger(session: Session) -> Ledger | None:
    """Take what is to be written; the session has none any more."""
    found: Ledger | None = session.info.pop(_LEDGER, None)
    return found


def values_of(thing: Any) -> dict[str, Any]:
    """Return a mapped object's values by column."""
    return {name: getattr(thing, attribute) for name, attribute in _attributes(inspect(type(thing))).items()}


def binding_of_object(thing: Any) -> BoundTable | None:
    return binding_of(table_of(type(thing)))


@cache
def _attributes(mapper: Mapper[Any]) -> Mapping[str, str]:
    """Column name → attribute name."""
    return {column.name: mapper.get_property_by_column(column).key for column in mapper.columns}


@event.listens_for(RecordedSession, "after_transaction_create")
def _mark_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        ledger = ledger_of(session)
        ledger.marks[id(transaction)] = ledger.copy()


@event.listens_for(RecordedSession, "after_commit")
def _release(session: Session) -> None:
    """A savepoint that ended well needs its mark no more; the end of the whole has none."""
    savepoint = session.get_nested_transaction()
    if savepoint is not None:
        ledger_of(session).marks.pop(id(savepoint), None)


@event.listens_for(RecordedSession, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    """A savepoint that still has its mark was rolled back; after a flush that failed it is only closed."""
    if transaction.parent is None:
        take_ledger(session)
    elif transaction.nested:
        ledger = ledger_of(session)
        session.info[_LEDGER] = ledger.marks.pop(id(transaction), ledger)


@event.listens_for(RecordedSession, "after_flush")
def _note_flushed(session: Session, _context: object) -> None:
    for thing in session.new:
        _touch(session, thing)
    for thing in session.dirty:
        _touch(session, thing, only_changed=True)
    for thing in session.deleted:
        _touch(session, thing, is_removed=True)


def _touch(session: Session, thing: Any, *, only_changed: bool = False, is_removed: bool = False) -> None:
    binding = binding_of_object(thing)
    if binding is None or (only_changed and not _has_changed(thing, binding)):
        return
    values = values_of(thing)
    if is_removed or not binding.is_exempt(values):
        home = values[HOME] if binding.is_homed else ""
        touched = ChangedRow(home, binding, None if is_removed else thing)
        ledger_of(session).touched[binding.row_name(values)] = touched


def _has_changed(thing: Any, binding: BoundTable) -> bool:
    attributes, state = _attributes(inspect(type(thing))), instance_state(thing)
    return any(state.attrs[attributes[name]].history.has_changes() for name in binding.columns)
