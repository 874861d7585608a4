"""The tree and its proofs, beside an oracle and the vectors that Certificate Transparency publishes."""

from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from signing.log import (
    EMPTY_ROOT,
    Frontier,
    ProofError,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from signing.log.errors import ProofLengthError, ProofRootError, ProofSizeError

# The eight inputs and the roots over them that certificate-transparency's merkle tests publish.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(f"entry {number}".encode()) for number in range(count)]


def subtree_of(hashes: list[bytes]) -> Callable[[int, int], bytes]:
    def subtree(start: int, end: int) -> bytes:
        width = end - start
        assert width.bit_count() == 1
        assert start % width == 0, "only complete subtrees are asked for"
        return root_of(hashes[start:end])

    return subtree


def plain_root(hashes: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(plain_root(hashes[:split]), plain_root(hashes[split:]))


@pytest.mark.parametrize("count", range(1, 9))
def test_roots_are_those_that_certificate_transparency_publishes(count: int) -> None:
    assert root_of([leaf_hash(data) for data in INPUTS[:count]]).hex() == ROOTS[count - 1]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert root_of([]) == EMPTY_ROOT == sha256(b"").digest()


def test_published_proofs_are_made_and_believed() -> None:
    hashes = [leaf_hash(data) for data in INPUTS]
    proof = inclusion_proof(0, 8, subtree_of(hashes))
    assert [node.hex() for node in proof] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    between = consistency_proof(6, 8, subtree_of(hashes))
    assert [node.hex() for node in between] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_every_proof_of_small_trees_is_the_oracles_and_is_believed() -> None:
    oracle = InmemoryTree(algorithm="sha256")
    hashes: list[bytes] = []
    for size in range(1, 34):
        oracle.append_entry(f"entry {size - 1}".encode())
        hashes.append(leaf_hash(f"entry {size - 1}".encode()))
        root = root_of(hashes)
        assert root == oracle.get_root() == plain_root(hashes)
        for index in range(size):
            proof = inclusion_proof(index, size, subtree_of(hashes))
            theirs = oracle.prove_inclusion(index + 1, size)
            assert proof == theirs.path[1:], (index, size)
            verify_inclusion(hashes[index], index, size, proof, root)
        for old in range(1, size + 1):
            verify_consistency(
                old, size, consistency_proof(old, size, subtree_of(hashes)), root_of(hashes[:old]), root
            )


@settings(deadline=None)
@given(st.integers(0, 600), st.integers(0, 600))
def test_appending_in_two_steps_is_appending_in_one(first: int, second: int) -> None:
    hashes = leaves(first + second)
    grown = Frontier().extended(hashes[:first]).extended(hashes[first:])
    assert grown == Frontier().extended(hashes)
    assert grown.root() == root_of(hashes)
    assert grown.root() == plain_root(hashes)
    assert Frontier(grown.size, grown.nodes) == grown


@settings(deadline=None)
@given(st.data())
def test_a_proof_shows_one_leaf_at_one_place_of_one_tree(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 300))
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    hashes = leaves(size)
    root, proof = root_of(hashes), inclusion_proof(index, size, subtree_of(hashes))
    verify_inclusion(hashes[index], index, size, proof, root)
    wrong = [
        (leaf_hash(b"another"), index, size, proof, root),
        (hashes[index], index, size, [*proof, proof[-1]], root),
        (hashes[index], index, size, proof[:-1], root),
        (hashes[index], index, size, proof, leaf_hash(root)),
    ]
    if other != index:
        wrong.append((hashes[index], other, size, proof, root))
    for forged in wrong:
        with pytest.raises(ProofError):
            verify_inclusion(*forged)


@settings(deadline=None)
@given(st.integers(1, 300), st.integers(1, 300))
def test_a_changed_beginning_is_never_consistent(one: int, two: int) -> None:
    old, new = sorted((one, two))
    hashes = leaves(new)
    proof = consistency_proof(old, new, subtree_of(hashes))
    changed = [leaf_hash(b"changed"), *hashes[1:]]
    verify_consistency(old, new, proof, root_of(hashes[:old]), root_of(hashes))
    for before, after in ((changed, hashes), (hashes, changed)):
        with pytest.raises(ProofRootError):
            verify_consistency(old, new, proof, root_of(before[:old]), root_of(after))
    with pytest.raises(ProofLengthError):
        verify_consistency(old, new, [*proof, hashes[0]], root_of(hashes[:old]), root_of(hashes))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 3), (3, 3), (0, 2**63)])
def test_an_impossible_place_is_refused_on_both_sides(index: int, size: int) -> None:
    with pytest.raises(ProofSizeError):
        inclusion_proof(index, size, lambda _start, _end: EMPTY_ROOT)
    with pytest.raises(ProofSizeError):
        verify_inclusion(EMPTY_ROOT, index, size, [], EMPTY_ROOT)


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 5), (5, 4), (-1, 4), (1, 2**63)])
def test_nothing_is_consistent_with_an_empty_tree(old: int, new: int) -> None:
    with pytest.raises(ProofSizeError):
        consistency_proof(old, new, lambda _start, _end: EMPTY_ROOT)
    with pytest.raises(ProofSizeError):
        verify_consistency(old, new, [], EMPTY_ROOT, EMPTY_ROOT)


def test_equal_sizes_need_equal_roots_and_no_proof() -> None:
    verify_consistency(3, 3, [], EMPTY_ROOT, EMPTY_ROOT)
    with pytest.raises(ProofRootError):
        verify_consistency(3, 3, [], EMPTY_ROOT, leaf_hash(b""))
    with pytest.raises(ProofLengthError):
        verify_consistency(3, 3, [EMPTY_ROOT], EMPTY_ROOT, EMPTY_ROOT)


@pytest.mark.parametrize("short", [b"", b"\0" * 31, b"\0" * 33])
def test_what_is_not_a_hash_is_refused(short: bytes) -> None:
    with pytest.raises(ProofLengthError):
        verify_inclusion(leaf_hash(b""), 0, 2, [short], EMPTY_ROOT)
    with pytest.raises(ProofLengthError):
        verify_consistency(1, 2, [short], EMPTY_ROOT, EMPTY_ROOT)
    with pytest.raises(ProofLengthError):
        verify_consistency(2, 3, [], EMPTY_ROOT, short)
    with pytest.raises(ProofLengthError):
        Frontier(1, (short,))


def test_a_proof_without_a_node_where_one_is_needed_is_refused() -> None:
    with pytest.raises(ProofLengthError):
        verify_consistency(3, 5, [], EMPTY_ROOT, EMPTY_ROOT)
    with pytest.raises(ProofLengthError):
        Frontier(3, (EMPTY_ROOT,))
