"""What a file would change of what stands, found out before any of it is stored.

New licenses and enterprises change nothing that stands. What counts is a state, a period or a holder that would be
another one afterwards, and rows of one file that contradict each other.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.feeds.chunks import Chunk
from hub.feeds.sources import Source
from hub.kernel.bulk import among, batches
from hub.registry.names import is_same_name
from hub.registry.reading.kinds import RowKind, Watched
from hub.registry.records import DepartmentRecord

EXAMPLES: Final = 50  # shown to who decides; all rows are in the file, by their line
OTHER_HOLDER: Final = "holder"  # the number stands under another credit code
CONTRADICTION: Final = "contradiction"  # two rows of the file say different things of the same version

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparedRecord:
    """What is compared: `told` by name; `version` and `day` say which of two records is the newer one."""

    told: Mapping[str, str]
    version: int
    day: date | None


@dataclass(slots=True)
class Difference:
    """Changes so far in rows of a kind. `population`: how many statuses this source answers for; more changes than `allowed` wait."""

    kind: RowKind
    watched: Watched
    population: int
    allowed: int
    counts: Counter[str] = field(default_factory=Counter)
    changed: set[Key] = field(default_factory=set)
    examples: list[dict[str, object]] = field(default_factory=list)
    seen: dict[Key, ComparedRecord] = field(default_factory=dict)

    @property
    def is_too_much(self) -> bool:
        return len(self.changed) > self.allowed

    def document(self) -> dict[str, Any]:
        """As it is kept with the batch and read by who decides."""
        return {
            "population": self.population,
            "allowed": self.allowed,
            "changed": len(self.changed),
            "counts": dict(self.counts.most_common()),
            "examples": self.examples,
        }


def begin(session: Session, source: Source) -> Difference | None:
    """Return a difference without changes; None where nothing of this source stands, so that nothing can change."""
    kind = source.kind
    if kind.watched is None:
        return None  # places and penalties are no statuses
    statement = select(func.count()).select_from(kind.stored.table)
    if source.left_out is not None:
        statement = statement.where(kind.stored.table.c.type_code.not_in(sorted(source.left_out)))
    elif source.types:
        statement = statement.where(kind.stored.table.c.type_code.in_(sorted(source.types)))
    population = session.scalar(statement) or 0
    guard = source.guard
    if not population:
        return None
    return Difference(kind, kind.watched, population, max(guard.floor, int(population * guard.share)))


def compare(session: Session, chunk: Chunk, *, found: Difference) -> None:
    """Add what the good rows of a chunk would change. A handful of statements."""
    kind, watched = found.kind, found.watched
    records = [record for _, record in chunk.good]
    standing = _standing(session, kind, watched, {record.uscc for record in records})
    holders = _holders(session, kind, records)
    for row, record in chunk.good:
        key, new = _key(kind, record), _facts(watched, partial(getattr, record))
        earlier = found.seen.get(key)
        before = earlier or standing.get(key)
        if before is None and (others := holders.get(key[1:])):
            _count(found, key, {OTHER_HOLDER: (min(others), key[0])}, line=row.line)
        if before is not None and not _is_older(new, before):
            changes = _changes(before.told, new.told)
            if earlier is None:
                _count(found, key, changes, line=row.line)
            elif changes and (new.version, new.day) == (earlier.version, earlier.day):
                _count(found, key, {CONTRADICTION: next(iter(changes.values()))}, line=row.line)
        found.seen[key] = new


def _count(found: Difference, key: Key, changes: Mapping[str, tuple[str, str]], *, line: int) -> None:
    if not changes:
        return
    found.changed.add(key)
    for what, (before, after) in changes.items():
        found.counts[f"{what} {before} → {after}" if what == "state" else what] += 1
        if len(found.examples) < EXAMPLES:
            found.examples.append(
                {"line": line, "uscc": key[0], "of": key[-1], "what": what, "before": before, "after": after}
            )


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {
        what: (before[what], text)
        for what, text in after.items()
        if before[what] != text and not (what == "name" and is_same_name(before[what], text))
    }


def _is_older(new: ComparedRecord, before: ComparedRecord) -> bool:
    """As storing decides it: by the department's version, then by the day."""
    if new.version != before.version:
        return new.version < before.version
    return new.day is not None and before.day is not None and new.day < before.day


def _key(kind: RowKind, record: DepartmentRecord) -> Key:
    return tuple(getattr(record, name) for name in kind.stored.key)


def _facts(watched: Watched, value: Callable[[str], Any]) -> ComparedRecord:
    """Return what is compared. `value`: of a record's member, or of the column called alike."""
    told = {what: "" if (said := value(name)) is None else str(said) for what, name in watched.told.items()}
    version = 1 if watched.version is None else value(watched.version)
    return ComparedRecord(told, version, next(filter(None, map(value, watched.days)), None))


def _standing(
    session: Session, kind: RowKind, watched: Watched, usccs: AbstractSet[str]
) -> dict[Key, ComparedRecord]:
    table, key = kind.stored.table, kind.stored.key
    names = dict.fromkeys((*key, *watched.told.values(), *watched.days))
    if watched.version is not None:
        names[watched.version] = None
    statement = select(*(table.c[name] for name in names))
    out = {}
    for batch in batches(usccs):
        for values in session.execute(statement.where(among(session, table.c.uscc, batch))):
            row = dict(zip(names, values, strict=True))
            out[kind.stored.key_of(row)] = _facts(watched, row.__getitem__)
    return out


def _holders(session: Session, kind: RowKind, records: Iterable[DepartmentRecord]) -> dict[Key, set[str]]:
    """Who holds the rows of the same number, by the key without the holder; nothing where numbers change no hands."""
    narrowed = kind.stored.narrowed_by
    if kind.watched is None or not kind.watched.changes_hands or narrowed is None:
        return {}
    out: dict[Key, set[str]] = {}
    table = kind.stored.table
    statement = select(*(table.c[name] for name in kind.stored.key))
    for batch in batches({getattr(record, narrowed) for record in records}):
        for uscc, *number in session.execute(statement.where(among(session, table.c[narrowed], batch))):
            out.setdefault(tuple(number), set()).add(uscc)
    return out
