"""When sightings of one plate say that a copy of it hangs elsewhere. Pure; every number stands here with its reason.

A sighting is what is left of a look at a plate: a slot of five minutes, a class of distance, a cell of a kilometre.
One asker counts once per plate within the window, so that nobody raises an alarm alone, however often he asks.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from hub.kernel.errors import ConflictError
from hub.kernel.messages import Message
from hub.supervision.clones.geography import GridSquare, Nearness, are_districts_apart


class SightingSource(StrEnum):
    PUBLIC = "public"
    OFFICER = "officer"
    REPORT = "report"


WINDOW = timedelta(hours=48)  # a copy is found within it; nothing of a sighting is kept for longer
SLOT = timedelta(minutes=5)  # the time that is kept of a sighting
MOST_APART = timedelta(minutes=10)  # two districts within ten minutes; slots make it fifteen at most
POINTS: Mapping[SightingSource, int] = MappingProxyType(
    {
        SightingSource.PUBLIC: 1,
        SightingSource.OFFICER: 2,  # a named person on duty, still with one telephone that may be wrong
        SightingSource.REPORT: 1,  # words without a place; of one asker it is the same one point
    }
)
CONTRADICTED = (
    1  # more for a sighting while the plate was seen in another district: no plate is in two places
)
NEEDED = 3  # one asker brings two at most; two who agree, or one officer whom the clock bears out, suffice
FEWER_FAR = (
    1  # less where two in different hours agree on a place so far away that no wrong phone explains it
)
MOST_AN_HOUR = 2  # of the public: one person with several telephones needs more than one visit
STRAYS_PER_CENT = 2  # of honest checks: a link passed on and pressed at home


@dataclass(frozen=True, slots=True)
class Sighting:
    """`cell` None: a report, which tells no place."""

    slot: datetime
    witness: SightingSource
    nearness: Nearness
    cell: GridSquare | None = None


@dataclass(frozen=True, slots=True)
class CopySuspicion:
    """Why a plate is thought to be copied, in numbers that a person can weigh."""

    points: int
    needed: int
    public: int
    officers: int
    reports: int
    contradicted: int
    here: int
    cell: GridSquare | None


def slot_of(now: datetime) -> datetime:
    return now - timedelta(minutes=now.minute % 5, seconds=now.second, microseconds=now.microsecond)


def judge_sightings(sightings: Sequence[Sighting], home: GridSquare | None = None) -> CopySuspicion | None:
    """Return why the sightings of one plate at one registered place, of the window alone, call for a person; None: they do not.

    `home`: the cell of the registered place; None where it has no coordinates.
    """
    here = sum(1 for one in sightings if one.nearness is Nearness.HERE)
    # A busy plate gathers strays in proportion to its visitors, so what is needed grows with them.
    usual = NEEDED + len(sightings) * STRAYS_PER_CENT // 100
    reports = [one for one in sightings if one.witness is SightingSource.REPORT]
    best: CopySuspicion | None = None
    for cell, counted in (*_clusters(sightings), *_pairs(sightings)):
        found = _weigh([*counted, *((one, POINTS[one.witness]) for one in reports)])
        seen = Counter(one.witness for one, _ in counted)
        needed = usual - FEWER_FAR * _are_two_far(counted, home)
        contradicted = sum(1 for one, points in counted if points > POINTS[one.witness])
        suspected = CopySuspicion(
            found,
            needed,
            seen[SightingSource.PUBLIC],
            seen[SightingSource.OFFICER],
            len(reports),
            contradicted,
            here,
            cell,
        )
        if found >= needed and (best is None or found > best.points):
            best = suspected
    return best


_Counted = list[tuple[Sighting, int]]


def _clusters(sightings: Sequence[Sighting]) -> Iterator[tuple[GridSquare, _Counted]]:
    """Sightings away from the registered place by where they agree: two cells by two, as a copy hangs in one place.

    Links pressed at home are scattered; reports alone, which tell no place, make no cluster.
    """
    away = [one for one in sightings if one.nearness is Nearness.AWAY and one.cell is not None]
    timed = _by_slot(sightings)
    weighed = [(one, POINTS[one.witness] + CONTRADICTED * _is_contradicted(one, timed)) for one in away]
    for corner in {_shifted(one.cell, n, e) for one in away if one.cell for n in (0, -1) for e in (0, -1)}:
        yield (
            corner,
            [(one, points) for one, points in weighed if one.cell and _is_in_block(one.cell, corner)],
        )


def _pairs(sightings: Sequence[Sighting]) -> Iterator[tuple[GridSquare, _Counted]]:
    """For a place without coordinates: pairs of sightings in two districts at once; each sighting in one pair.

    A pair counts as its weaker half: nothing tells which of the two is the liar's.
    """
    free = [one for one in sightings if one.nearness is Nearness.UNKNOWN and one.cell is not None]
    matched: list[tuple[Sighting, Sighting]] = []
    while free:
        one = free.pop()
        other = next((each for each in free if _contradict(one, each)), None)
        if other is not None:
            free.remove(other)
            matched.append((one, other))
    for cell in {half.cell for pair in matched for half in pair if half.cell}:
        agreeing = [pair for pair in matched if any(half.cell and _is_near(half.cell, cell) for half in pair)]
        yield cell, [(weak, POINTS[weak.witness] + CONTRADICTED) for weak in map(_weaker, agreeing)]


def _are_two_far(counted: _Counted, home: GridSquare | None) -> bool:
    """Whether two saw the plate, in different hours, where a phone at the registered place cannot be."""
    if home is None:
        return False
    hours = {
        one.slot.replace(minute=0)
        for one, _ in counted
        if one.nearness is Nearness.AWAY and one.cell is not None and are_districts_apart(one.cell, home)
    }
    return len(hours) > 1


def _weigh(counted: _Counted) -> int:
    """Points in all, of the public no more than `MOST_AN_HOUR` within an hour of the clock."""
    public: Counter[datetime] = Counter()
    total = 0
    for one, points in counted:
        if one.witness is SightingSource.OFFICER:
            total += points
        else:
            public[one.slot.replace(minute=0)] += points
    return total + sum(min(points, MOST_AN_HOUR) for points in public.values())


_Timed = Mapping[datetime, set[GridSquare]]


def _by_slot(sightings: Iterable[Sighting]) -> _Timed:
    cells: dict[datetime, set[GridSquare]] = {}
    for one in sightings:
        if one.cell is not None:
            cells.setdefault(one.slot, set()).add(one.cell)
    return cells


def _is_contradicted(one: Sighting, timed: _Timed) -> bool:
    steps = range(-(MOST_APART // SLOT), MOST_APART // SLOT + 1)
    around = (cell for step in steps for cell in timed.get(one.slot + step * SLOT, ()))
    return one.cell is not None and any(are_districts_apart(one.cell, cell) for cell in around)


def _contradict(one: Sighting, other: Sighting) -> bool:
    is_soon = abs(one.slot - other.slot) <= MOST_APART
    return (
        is_soon
        and one.cell is not None
        and other.cell is not None
        and are_districts_apart(one.cell, other.cell)
    )


def _weaker(pair: tuple[Sighting, Sighting]) -> Sighting:
    return min(pair, key=lambda half: POINTS[half.witness])


def _shifted(cell: GridSquare, north: int, east: int) -> GridSquare:
    return GridSquare(cell.north + north, cell.east + east)


def _is_in_block(cell: GridSquare, corner: GridSquare) -> bool:
    return cell.north - corner.north in {0, 1} and cell.east - corner.east in {0, 1}


def _is_near(one: GridSquare, other: GridSquare) -> bool:
    return abs(one.north - other.north) <= 1 and abs(one.east - other.east) <= 1


class SuspicionState(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    UNFOUNDED = "unfounded"


SUSPICION_STATES: Mapping[SuspicionState, Message] = MappingProxyType(
    {
        SuspicionState.OPEN: Message("待核查", "To be looked into"),
        SuspicionState.CONFIRMED: Message("确有仿制", "A copy was found"),
        SuspicionState.UNFOUNDED: Message("未见仿制", "No copy was found"),
    }
)
CLOSED = (SuspicionState.CONFIRMED, SuspicionState.UNFOUNDED)


class SuspicionClosedError(ConflictError):
    reason = "SUSPICION_CLOSED"
    zh = "该线索已由他人办结，请刷新后查看。"
    en = "Somebody has closed this suspicion already; reload the page."
