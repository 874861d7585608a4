"""Tiles: their paths, their widths, and proofs read from nothing but them (C2SP tlog-tiles)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.log import (
    TILE_WIDTH,
    TileName,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    number_path,
    pack_entries,
    read_path,
    root_of,
    subtree_from,
    tiles_of,
    unpack_entries,
    verify_consistency,
    verify_inclusion,
    width_at,
)
from signing.log.errors import TileEntriesError, TilePathError
from tests.support.rounds import examples


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (TileName(0, 0), "tile/0/000"),
        (TileName(0, 1234067), "tile/0/x001/x234/067"),
        (TileName(1, 999, 17), "tile/1/999.p/17"),
        (TileName(None, 1000, 255), "tile/entries/x001/000.p/255"),
        (TileName(63, 0, 1), "tile/63/000.p/1"),
    ],
)
def test_a_tile_has_one_path(name: TileName, path: str) -> None:
    assert name.path() == path
    assert read_path(path) == name


@given(st.none() | st.integers(0, 63), st.integers(0, 2**60), st.integers(1, 256))
def test_every_path_reads_back(level: int | None, number: int, width: int) -> None:
    assert read_path(TileName(level, number, width).path()) == TileName(level, number, width)


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0",
        "tile/0/x000/001",
        "tile/00/000",
        "tile/64/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/001/000",
        "tile/0/000\n",
        "tile/-1/000",
        "/tile/0/000",
        "tile/entry/000",
        "tile/0/x001",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/0/\u0661\u0661\u0661",
    ],
)
def test_another_spelling_names_nothing(path: str) -> None:
    with pytest.raises(TilePathError):
        read_path(path)


def test_groups_of_three_digits() -> None:
    assert number_path(70) == "070"
    assert number_path(1_000_000) == "x001/x000/000"


def stored(size: int) -> tuple[list[bytes], dict[tuple[int, int], bytes]]:
    hashes = [leaf_hash(str(number).encode()) for number in range(size)]
    tiles: dict[tuple[int, int], bytes] = {}
    level, row = 0, hashes
    while row:
        for number in range((len(row) + TILE_WIDTH - 1) // TILE_WIDTH):
            tiles[level, number] = b"".join(row[number * TILE_WIDTH : (number + 1) * TILE_WIDTH])
        row = [
            root_of(row[start : start + TILE_WIDTH])
            for start in range(0, len(row) - TILE_WIDTH + 1, TILE_WIDTH)
        ]
        level += 1
    return hashes, tiles


@settings(deadline=None, max_examples=examples(20))
@given(st.integers(1, 70_000), st.data())
def test_proofs_need_nothing_but_tiles(size: int, data: st.DataObject) -> None:
    hashes, tiles = stored(size)
    subtree = subtree_from(lambda level, number: tiles[level, number])
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    root = root_of(hashes)
    verify_inclusion(hashes[index], index, size, inclusion_proof(index, size, subtree), root)
    verify_consistency(old, size, consistency_proof(old, size, subtree), root_of(hashes[:old]), root)


@settings(deadline=None, max_examples=examples(20))
@given(st.integers(0, 70_000), st.integers(0, 70_000))
def test_the_tiles_of_a_size_are_all_and_only_what_changed(one: int, two: int) -> None:
    since, size = sorted((one, two))
    before, after = stored(since)[1], stored(size)[1]
    changed = {place for place, content in after.items() if before.get(place) != content}
    assert {(tile.level, tile.number) for tile in tiles_of(size, since=since)} == changed
    for level, number in after:
        assert width_at(level, number, size) * 32 == len(after[level, number])
    assert width_at(0, size // TILE_WIDTH + 1, size) == 0


def test_a_tile_that_is_too_short_is_named() -> None:
    with pytest.raises(TilePathError, match="0/0"):
        subtree_from(lambda _level, _number: b"\0" * 32)(0, 2)


@given(st.lists(st.binary(max_size=400), max_size=256))
def test_bundles_read_back(entries: list[bytes]) -> None:
    assert list(unpack_entries(pack_entries(entries))) == entries


def test_bundles_that_end_early_or_hold_too_much_are_refused() -> None:
    for bundle in (b"\0", b"\0\2a", b"\0\1ab", b"\0\0" * 257):
        with pytest.raises(TileEntriesError):
            unpack_entries(bundle)
    with pytest.raises(TileEntriesError):
        pack_entries([b"\0" * 65_536])
    assert unpack_entries(pack_entries([b"\0" * 65_535])) == [b"\0" * 65_535]
