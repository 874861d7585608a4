"""The guard: with it, a transaction that changes a bound row and records no act about it is refused.

Installed by the application and the command line. Databases that tests fill row by row are not guarded.
"""

from typing import Any

from sqlalchemy import Table, event
from sqlalchemy.orm import ORMExecuteState

from hub.kernel.bulk import KEY_PREFIX
from hub.kernel.database import Database
from hub.trust.record.bound_rows import BoundTable, binding_of
from hub.trust.record.commit import GUARD
from hub.trust.record.pending import RecordedSession, ledger_of


def install(db: Database) -> None:
    """From now on every transaction of this database rests its changes on acts."""
    db.session_info[GUARD] = True


@event.listens_for(RecordedSession, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    """Rows that a statement writes are not known by name: their acts must at least be as many."""
    if not (state.is_insert or state.is_update or state.is_delete) or GUARD not in state.session.info:
        return
    statement: Any = state.statement
    binding = binding_of(statement.table) if isinstance(statement.table, Table) else None
    if binding is None or binding.exempt is not None:
        return
    given = state.parameters if isinstance(state.parameters, list) else [state.parameters or {}]
    if state.is_update and not _sets_covered(statement, given, binding):
        return
    loose = ledger_of(state.session).loose
    loose[binding.name] = loose.get(binding.name, 0) + len(given)


def _sets_covered(statement: Any, given: list[Any], binding: BoundTable) -> bool:
    """A statement that says no values itself would set every column, were the parameters' names not told to it."""
    named = [name for name in given[0] if not name.startswith(KEY_PREFIX)]
    compiled = statement.compile(column_keys=named or None)
    names = {str(name) for name in compiled.params if not str(name).startswith(KEY_PREFIX)}
    return not names.isdisjoint(binding.columns)
