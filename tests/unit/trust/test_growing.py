"""The right edge of a log grows as the whole tree does, in whatever pieces the leaves come."""

from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from hub.trust.log.edge import Edge, Tile, split
from signing.log import HASH_BYTES, TILE_WIDTH, leaf_hash, root_of, tiles_of

PIECES = st.lists(st.integers(0, 700), min_size=1, max_size=8)


def leaf(number: int) -> bytes:
    return f"leaf {number}".encode()


@given(PIECES)
def test_an_independent_implementation_finds_the_same_root(counts: list[int]) -> None:
    edge, other = Edge(), InmemoryTree(algorithm="sha256")
    for start, end in pairwise(accumulate(counts, initial=0)):
        list(edge.grow(leaf_hash(leaf(number)) for number in range(start, end)))
        for number in range(start, end):
            other.append_entry(leaf(number))

        frontier = edge.frontier()

        assert frontier.size == end
        if end:
            assert frontier.root() == other.get_root(end)


@given(PIECES)
def test_the_tiles_are_those_of_the_whole_tree_and_an_edge_is_read_back_from_them(counts: list[int]) -> None:
    size = sum(counts)
    hashes = [leaf_hash(leaf(number)) for number in range(size)]
    stored: dict[tuple[int, int], bytes] = {}
    for start, end in pairwise(accumulate(counts, initial=0)):
        edge = Edge.at(start, lambda level, number: stored.get((level, number), b""))
        for tile in (*edge.grow(hashes[start:end]), *edge.unfinished()):
            stored[tile.level, tile.number] = tile.hashes

    named = {(name.level, name.number): name.width for name in tiles_of(size)}
    assert {key: len(split(found)) for key, found in stored.items()} == named
    assert b"".join(found for (level, _), found in sorted(stored.items()) if level == 0) == b"".join(hashes)
    for number in range(size // TILE_WIDTH):
        assert split(stored[1, number // TILE_WIDTH])[number % TILE_WIDTH] == root_of(
            hashes[number * TILE_WIDTH : (number + 1) * TILE_WIDTH]
        )


def test_a_full_tile_is_given_once() -> None:
    edge = Edge()
    tiles: list[Tile] = list(edge.grow(leaf_hash(leaf(number)) for number in range(2 * TILE_WIDTH + 1)))

    assert [(tile.level, tile.number) for tile in tiles] == [(0, 0), (0, 1)]
    assert [(tile.level, tile.number) for tile in edge.unfinished()] == [(0, 2), (1, 0)]


def test_past_the_first_tile_of_tiles_each_level_goes_on() -> None:
    edge, size = Edge(), TILE_WIDTH**2 + 1
    tiles = [*edge.grow(bytes(HASH_BYTES) for _ in range(size)), *edge.unfinished()]

    given = sorted((tile.level, tile.number, len(split(tile.hashes))) for tile in tiles)

    assert given == sorted((name.level, name.number, name.width) for name in tiles_of(size))
    assert [level for level, number, _ in given if number == 0] == [0, 1, 2]
    assert len(edge.frontier().nodes) == 2
