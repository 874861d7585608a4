"""Blind indexes held against the values that they index: they are in no act, and a wrong one hides a person or shows another."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Text, select, type_coerce
from sqlalchemy.orm import Session

from hub.kernel.database import Base
from hub.kernel.personal import (
    Personal,
    PersonalCipher,
    cipher_of,
    folded,
    index_column,
    personal_columns,
    row_name,
)
from hub.trust.log.findings import AuditFinding, AuditReason
from keys.data_keys import PREFIX, UNREADABLE
from keys.errors import SealedValueError

ROWS_AT_ONCE = 2_000


def differing_blind_indexes(session: Session) -> Iterator[AuditFinding]:
    """Find rows whose blind index is not that of their opened value; none where the database has no cipher.

    Raises: KeysError leaves while the keys are away.
    """
    cipher = cipher_of(session.get_bind().dialect)
    if cipher is None:
        return
    for column in personal_columns(Base.metadata):
        index = index_column(column)
        if index is not None:
            yield from _differing(session, column, index, cipher)


def _differing(
    session: Session, column: Column[Any], index: Column[Any], cipher: PersonalCipher
) -> Iterator[AuditFinding]:
    key = tuple(column.table.primary_key)
    statement = select(*key, type_coerce(column, Text()), index).execution_options(yield_per=ROWS_AT_ONCE)
    for *parts, kept, told in session.execute(statement):
        row = row_name(*parts)
        wrong = _wrong(column.type, kept, told, row, cipher)
        if wrong:
            name = f"{row} {index.name}"
            yield AuditFinding(AuditReason.BLIND_INDEX_WRONG, column.table.name, name, wrong)


def _wrong(kind: Any, kept: str | None, told: str | None, row: str, cipher: PersonalCipher) -> str:
    """What is wrong with an index; "" for nothing. What a lost key sealed cannot be judged."""
    if kept is None:
        return "" if told is None else "there is no value"
    if not isinstance(kind, Personal) or not kept.startswith(PREFIX):
        return "" if told is None else "the value was never sealed"
    try:
        text = kind.opened(kept, row, cipher)
    except SealedValueError:
        return "the value does not open"
    if text == UNREADABLE or told in cipher.indexes(folded(text), kind.place):
        return ""
    return "it is missing" if told is None else "it is that of another value"
