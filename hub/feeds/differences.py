"""What a file would change of what stands, found out before any of it is stored.

New licenses and enterprises change nothing that stands. What counts is a state, a period or a holder that would be
another one afterwards, and rows of one file that contradict each other.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.feeds.checks import Record
from hub.feeds.chunks import Chunk
from hub.feeds.sources import RowKind, Source
from hub.kernel.bulk import among, batches
from hub.licenses.models import License
from hub.licenses.records import LicenseRecord
from hub.registry.models import Enterprise
from hub.registry.names import is_same_name
from hub.registry.records import EnterpriseRecord, iso

EXAMPLES: Final = 50  # shown to who decides; all rows are in the file, by their line
OTHER_HOLDER: Final = "holder"  # the number stands under another credit code
CONTRADICTION: Final = "contradiction"  # two rows of the file say different things of the same version

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is compared: `told` by name; `version` and `day` say which of two records is the newer one."""

    told: Mapping[str, str]
    version: int
    day: date | None


@dataclass(slots=True)
class Difference:
    """Changes so far. `population`: how many statuses this source answers for; more changes than `allowed` wait."""

    population: int
    allowed: int
    counts: Counter[str] = field(default_factory=Counter)
    changed: set[Key] = field(default_factory=set)
    examples: list[dict[str, object]] = field(default_factory=list)
    seen: dict[Key, Facts] = field(default_factory=dict)

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
    """A difference without changes; None where nothing of this source stands, so that nothing can change."""
    if source.kind is RowKind.LICENSES:
        statement = (
            select(func.count()).select_from(License).where(License.type_code.in_(sorted(source.types)))
        )
    elif source.kind is RowKind.ENTERPRISES:
        statement = select(func.count()).select_from(Enterprise)
    else:
        return None  # places and penalties are no statuses
    population = session.scalar(statement) or 0
    guard = source.guard
    return Difference(population, max(guard.floor, int(population * guard.share))) if population else None


def compare(session: Session, chunk: Chunk, *, found: Difference) -> None:
    """Add what the good rows of a chunk would change. A handful of statements."""
    records = [record for _, record in chunk.good]
    standing = _standing(session, records)
    holders = _holders(session, records)
    for row, record in chunk.good:
        key, new = _key(record), _facts(record)
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


def _is_older(new: Facts, before: Facts) -> bool:
    """As storing decides it: by the department's version, then by the day."""
    if new.version != before.version:
        return new.version < before.version
    return new.day is not None and before.day is not None and new.day < before.day


def _key(record: Record) -> Key:
    if isinstance(record, LicenseRecord):
        return record.uscc, record.type_code, record.number
    return (record.uscc,)


def _facts(record: Record) -> Facts:
    if isinstance(record, LicenseRecord):
        told = _told(record.state.value, record.holder_name, record.valid_from, record.valid_to)
        return Facts(told, record.source_version, record.issued_on or record.valid_from)
    if isinstance(record, EnterpriseRecord):
        told = _told(record.state.value, record.name, record.established_on, record.term_to)
        return Facts(told, 1, record.approved_on)
    raise TypeError(record)  # begin() names the two kinds


def _told(state: str, name: str, begins: date | None, ends: date | None) -> dict[str, str]:
    return {"state": state, "name": name, "from": iso(begins) or "", "to": iso(ends) or ""}


def _standing(session: Session, records: Sequence[Record]) -> dict[Key, Facts]:
    usccs = {record.uscc for record in records}
    if records and isinstance(records[0], LicenseRecord):
        return dict(_licenses(session, usccs))
    return dict(_enterprises(session, usccs))


def _holders(session: Session, records: Sequence[Record]) -> dict[Key, set[str]]:
    """Who holds licenses of these kinds and numbers, by kind and number."""
    out: dict[Key, set[str]] = {}
    numbers = {record.number for record in records if isinstance(record, LicenseRecord)}
    columns = (License.uscc, License.type_code, License.number)
    for batch in batches(numbers):
        for uscc, kind, number in session.execute(
            select(*columns).where(among(session, License.number, batch))
        ):
            out.setdefault((kind, number), set()).add(uscc)
    return out


def _licenses(session: Session, usccs: Iterable[str]) -> Iterable[tuple[Key, Facts]]:
    for batch in batches(usccs):
        for row in session.scalars(select(License).where(among(session, License.uscc, batch))):
            told = _told(row.state, row.holder_name, row.valid_from, row.valid_to)
            key = (row.uscc, row.type_code, row.number)
            yield key, Facts(told, row.source_version, row.issued_on or row.valid_from)


def _enterprises(session: Session, usccs: Iterable[str]) -> Iterable[tuple[Key, Facts]]:
    columns = (
        Enterprise.uscc,
        Enterprise.state,
        Enterprise.name,
        Enterprise.established_on,
        Enterprise.term_to,
        Enterprise.approved_on,
    )
    for batch in batches(usccs):
        for row in session.execute(select(*columns).where(among(session, Enterprise.uscc, batch))):
            told = _told(row.state, row.name, row.established_on, row.term_to)
            yield (row.uscc,), Facts(told, 1, row.approved_on)
