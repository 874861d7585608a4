"""Kept counts: what overviews show of the whole city, so that no page counts the city.

Who stores something adds what it changed, in the same transaction and as rows of its own: two who store at once never
meet on a counter. `fold` adds these changes up from time to time; whoever reads adds what is not folded yet, so that a
count is exact at every moment. `drift` compares the counts with what they count.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Index,
    Integer,
    String,
    delete,
    func,
    insert,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from hub.kernel.bulk import among, dialect_of, table_of
from hub.kernel.database import Base, Database

MAX_KEY_CHARS = 200  # what is longer is not counted one by one

Number = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only in an INTEGER key
Counting = Callable[[Session], Iterable[tuple[str, int]]]  # counts everything afresh: (key, how many)


class Count(Base):
    """How many there are of one key of a kind, as far as changes were folded."""

    __tablename__ = "kernel_count"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(MAX_KEY_CHARS), primary_key=True)
    value: Mapped[int] = mapped_column(Number)

    __table_args__ = (Index("ix_kernel_count_kind_value", "kind", "value"),)


class CountChange(Base):
    """What one transaction added to a count, until it is folded."""

    __tablename__ = "kernel_count_change"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(MAX_KEY_CHARS))
    change: Mapped[int] = mapped_column(Number)

    __table_args__ = (Index("ix_kernel_count_change_kind", "kind"),)


@dataclass(frozen=True, slots=True)
class CountDifference:
    """A count that is not what there is. `missing`: how many must be added to it."""

    kind: str
    key: str
    missing: int


_COUNT = table_of(Count)
_CHANGE = table_of(CountChange)
_ADD = insert(_CHANGE).returning(_CHANGE.c.id)  # RETURNING: many rows are one statement


def add(session: Session, kind: str, changes: Mapping[str, int]) -> None:
    """Add to counts in the caller's transaction; changes of 0 are left out."""
    add_all(session, {kind: changes})


def add_all(session: Session, changes: Mapping[str, Mapping[str, int]]) -> None:
    """Add to counts of several kinds, in one statement."""
    rows = [
        {"kind": kind, "key": key, "change": change}
        for kind, of_kind in changes.items()
        for key, change in of_kind.items()
        if change
    ]
    if rows:
        session.execute(_ADD, rows)


def counts(session: Session, kind: str) -> dict[str, int]:
    """Return every count of a kind that is not 0. One statement, whatever is counted."""
    folded = select(_COUNT.c.key, _COUNT.c.value.label("value")).where(_COUNT.c.kind == kind)
    waiting = select(_CHANGE.c.key, _CHANGE.c.change.label("value")).where(_CHANGE.c.kind == kind)
    both = union_all(folded, waiting).subquery()
    statement = select(both.c.key, func.sum(both.c.value)).group_by(both.c.key)
    return {key: int(value) for key, value in session.execute(statement) if value}


def largest(session: Session, kind: str, *, limit: int) -> list[tuple[str, int]]:
    """Return the keys of a kind with the highest counts, equal ones by key. Three statements."""
    waiting = select(_CHANGE.c.key, func.sum(_CHANGE.c.change)).where(_CHANGE.c.kind == kind)
    changed = {key: int(value) for key, value in session.execute(waiting.group_by(_CHANGE.c.key))}
    of_kind = select(_COUNT.c.key, _COUNT.c.value).where(_COUNT.c.kind == kind)
    first = of_kind.order_by(_COUNT.c.value.desc()).limit(limit + len(changed))
    found = {key: int(value) for key, value in session.execute(first)}
    if changed:
        kept = session.execute(of_kind.where(among(session, _COUNT.c.key, changed)))
        found |= dict.fromkeys(changed, 0) | {key: int(value) for key, value in kept}
    exact = {key: value + changed.get(key, 0) for key, value in found.items()}
    order = sorted(exact.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(key, value) for key, value in order[:limit] if value]


def is_anything_waiting(db: Database) -> bool:
    """Return whether there are changes to fold. One statement."""
    with db.read() as session:
        return session.scalar(select(_CHANGE.c.id).limit(1)) is not None


def fold(db: Database) -> None:
    """Add the changes that are there to the counts and remove them: one transaction, seen whole or not at all."""
    if is_anything_waiting(db):
        db.run(_fold)


def _fold(session: Session) -> None:
    """The statements see one state of the table: what is added meanwhile waits for the next time."""
    kinds = list(session.scalars(select(_CHANGE.c.kind).distinct()))
    sums = (
        select(_CHANGE.c.kind, _CHANGE.c.key, func.sum(_CHANGE.c.change))
        .where(true())  # SQLite could not tell ON CONFLICT from a join's ON without it
        .group_by(_CHANGE.c.kind, _CHANGE.c.key)
        .order_by(_CHANGE.c.kind, _CHANGE.c.key)
    )
    statement = dialect_of(session).insert(_COUNT).from_select(["kind", "key", "value"], sums)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[_COUNT.c.kind, _COUNT.c.key],
            set_={"value": _COUNT.c.value + statement.excluded.value},
        )
    )
    session.execute(delete(_CHANGE))
    session.execute(delete(_COUNT).where(_COUNT.c.kind.in_(kinds), _COUNT.c.value == literal(0)))


def drift(session: Session, countings: Mapping[str, Counting]) -> list[CountDifference]:
    """Counts that differ from what is counted afresh in the same transaction; reads whole tables."""
    out = []
    for kind, counting in countings.items():
        must, kept = dict(counting(session)), counts(session, kind)
        out += [
            CountDifference(kind, key, missing)
            for key in sorted(must.keys() | kept.keys())
            if (missing := must.get(key, 0) - kept.get(key, 0))
        ]
    return out


def repair(db: Database, countings: Mapping[str, Counting]) -> list[CountDifference]:
    """Set right what `drift` finds; what was wrong.

    Found in a transaction for reading first: counting a city holds nobody up, and hardly ever is anything wrong.
    """
    with db.read() as session:
        if not drift(session, countings):
            return []

    def work(session: Session) -> list[CountDifference]:
        _fold(
            session
        )  # two who repair at once would add twice: here the later one is refused, and looks again
        found = drift(session, countings)
        for each in found:
            add(session, each.kind, {each.key: each.missing})
        _fold(session)
        return found

    return db.run(work)
