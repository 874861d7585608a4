"""Shards that are not what a bundle names, and shards that are and are wrong: each with what is said of a plate in it."""

from collections.abc import Callable, Mapping, Sequence

from signing.bundle import BundleReason
from signing.bundle.plates import ROW_BYTES
from signing.status import Status
from tests.support.bundles import index_of, plate_ids, row_of, rows_of, shards_of
from tests.support.forger import Workshop

Shards = Sequence[bytes]
Damage = Callable[[Workshop, Shards], Shards]


def _without_last_row(_shop: Workshop, shards: Shards) -> Shards:
    return [each[:-ROW_BYTES] for each in shards]


def _of_an_older_version(shop: Workshop, _shards: Shards) -> Shards:
    """As it was before the plate in force was made: its shard is another one, wherever the other rows are."""
    return shards_of(shop, rows_of(shop)[1:])


def _rows(damage: Callable[[list[bytes]], list[bytes]]) -> Damage:
    def forge(_shop: Workshop, shards: Shards) -> Shards:
        rows = ([each[at : at + ROW_BYTES] for at in range(0, len(each), ROW_BYTES)] for each in shards)
        return [b"".join(damage(each)) for each in rows]

    return forge


def _of_other_numbers(_shop: Workshop, shards: Shards) -> Shards:
    return list(reversed(shards))


def _too_long(shop: Workshop, _shards: Shards) -> Shards:
    rows = [bytes((side,)) + number.to_bytes(12, "big") for side in (0, 255) for number in range(5_050)]
    return [
        b"".join(sorted(row for row in (*rows, *rows_of(shop)) if row[0] >> 7 == side)) for side in range(2)
    ]


NOT_THE_ONES: Mapping[str, Damage] = {
    "swapped": _of_other_numbers,
    "cut short": lambda _shop, shards: [each[:-1] for each in shards],
    "without its last row": _without_last_row,
    "of an older version": _of_an_older_version,
    "in another order": _rows(lambda rows: rows[::-1]),
    "with a row twice": _rows(lambda rows: [*rows, rows[-1]]),
    "filled up otherwise": _rows(lambda rows: [*rows[:-1], b"\xff" * ROW_BYTES]),
    "empty": lambda _shop, shards: [b""] * len(shards),
    "longer": lambda _shop, shards: [each + bytes(70_000) for each in shards],
}
"""Held against the genuine index: BUNDLE_SHARD."""

NAMED_AND_WRONG: Mapping[str, Damage] = {
    "swapped": _of_other_numbers,
    "half a row": lambda _shop, shards: [each[:-1] for each in shards],
    "in another order": _rows(lambda rows: rows[::-1]),
    "with a row twice": _rows(lambda rows: [*rows, rows[-1]]),
    "with a row of another shard": lambda _shop, shards: [
        shards[0][:-ROW_BYTES] + shards[1][:ROW_BYTES],
        shards[0][-ROW_BYTES:] + shards[1][ROW_BYTES:],
    ],
}
"""Named by a bundle that is signed by the right key: BUNDLE_PLATES."""


def judged_shards(shop: Workshop) -> list[tuple[str, Mapping[str, object], Shards, str]]:
    """(name, changes of the bundle, the shards at hand, what is said of a plate in force)."""
    genuine = shards_of(shop)
    cases: list[tuple[str, Mapping[str, object], Shards, str]] = [("genuine", {}, genuine, "")]
    cases += [
        (name, {}, damage(shop, genuine), BundleReason.BUNDLE_SHARD) for name, damage in NOT_THE_ONES.items()
    ]
    for name, damage in NAMED_AND_WRONG.items():
        damaged = damage(shop, genuine)
        cases.append((f"named, {name}", {"plates": index_of(damaged)}, damaged, BundleReason.BUNDLE_PLATES))
    long = _too_long(shop, genuine)
    cases.append(("named, too long", {"plates": index_of(long)}, long, BundleReason.BUNDLE_SHARD))
    beyond = shards_of(shop, [row_of(shop, plate_ids()[Status.VALID], 1 << 20)])
    cases.append(("beyond the list", {"plates": index_of(beyond)}, beyond, "OFFLINE_STATUS_UNKNOWN"))
    nowhere = shards_of(shop, [row_of(shop, plate_ids()[Status.VALID], 7, position=9)])
    cases.append(("of no list", {"plates": index_of(nowhere)}, nowhere, "OFFLINE_STATUS_UNKNOWN"))
    for bits in (0, 3, 6):
        many = shards_of(shop, bits=bits)
        cases.append((f"{1 << bits} shards", {"plates": index_of(many)}, many, ""))
    return cases
