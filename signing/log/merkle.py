"""The Merkle tree of RFC 6962 section 2 (the same as RFC 9162 section 2) and its two proofs. Pure.

Sizes and positions are counts of leaves; hashes are 32 bytes of SHA-256. A `Subtree` gives the hash of the leaves
`start` up to and without `end`; it is only ever asked for complete subtrees: `end - start` is a power of two that
divides `start`. Such hashes never change again, so a store needs to keep nothing else.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from signing.log.errors import ProofLengthError, ProofRootError, ProofSizeError

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
MAX_SIZE = 2**63 - 1  # C2SP tlog-checkpoint: a size fits a signed 64-bit integer

_LEAF, _NODE = b"\x00", b"\x01"  # RFC 6962 section 2.1: a leaf can never pass for a node

Subtree = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one entry (RFC 6962 section 2.1)."""
    return sha256(_LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees (RFC 6962 section 2.1)."""
    return sha256(_NODE + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over these leaf hashes; of none it is the hash of nothing.

    Level by level: a node without a neighbour moves up as it is, which gives the tree of RFC 6962 section 2.1.
    """
    level = list(hashes)
    while len(level) > 1:
        alone = level[len(level) & ~1 :]
        level = [
            sha256(_NODE + left + right).digest()
            for left, right in zip(level[::2], level[1::2], strict=False)
        ] + alone
    return level[0] if level else EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree: its complete subtrees, the largest first; all that appending needs.

    Raises: ProofSizeError, ProofLengthError when `nodes` are not one hash per binary digit 1 of `size`.
    """

    size: int = 0
    nodes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.size <= MAX_SIZE:
            raise ProofSizeError
        if len(self.nodes) != self.size.bit_count() or any(len(node) != HASH_BYTES for node in self.nodes):
            raise ProofLengthError

    def extended(self, leaf_hashes: Iterable[bytes]) -> "Frontier":
        """Return the edge after these leaves are appended: one hash per leaf, whatever the size."""
        size, nodes = self.size, list(self.nodes)
        for leaf in leaf_hashes:
            node, filled = leaf, size
            while filled & 1:
                node = sha256(_NODE + nodes.pop() + node).digest()
                filled >>= 1
            nodes.append(node)
            size += 1
        return Frontier(size, tuple(nodes))

    def root(self) -> bytes:
        """Return the tree's root."""
        return _joined(self.nodes) if self.nodes else EMPTY_ROOT


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the hashes beside the way from leaf `index` to the root of the first `size` leaves (RFC 6962 section 2.1.1).

    Raises: ProofSizeError unless 0 <= index < size.
    """
    if not 0 <= index < size <= MAX_SIZE:
        raise ProofSizeError
    proof: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _left_width(end - start)
        if index < middle:
            proof.append(_range_hash(middle, end, subtree))
            end = middle
        else:
            proof.append(_range_hash(start, middle, subtree))
            start = middle
    return proof[::-1]


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """Return the hashes which show that the first `old` of `new` leaves are the old tree (RFC 6962 section 2.1.2).

    Raises: ProofSizeError unless 0 < old <= new.
    """
    if not 0 < old <= new <= MAX_SIZE:
        raise ProofSizeError
    proof: list[bytes] = []
    start, end, is_whole = 0, new, True  # is_whole: the old root itself is known to whoever checks
    while old != end:
        middle = start + _left_width(end - start)
        if old <= middle:
            proof.append(_range_hash(middle, end, subtree))
            end = middle
        else:
            proof.append(_range_hash(start, middle, subtree))
            start, is_whole = middle, False
    if not is_whole:
        proof.append(_range_hash(start, end, subtree))
    return proof[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Show that the leaf with hash `leaf` is at `index` in the tree of `size` leaves with this root.

    The algorithm is that of RFC 9162 section 2.1.3.2.
    Raises: ProofSizeError, ProofLengthError, ProofRootError.
    """
    if not 0 <= index < size <= MAX_SIZE:
        raise ProofSizeError
    _require_hashes((leaf, root, *proof))
    position, last, node = index, size - 1, leaf
    for beside in proof:
        if last == 0:
            raise ProofLengthError
        if position & 1 or position == last:
            node = node_hash(beside, node)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            node = node_hash(node, beside)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise ProofLengthError
    if node != root:
        raise ProofRootError


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Show that the tree of `old` leaves with `old_root` is the beginning of the tree of `new` leaves.

    The algorithm is that of RFC 9162 section 2.1.4.2. A proof from an empty tree proves nothing and is refused.
    Raises: ProofSizeError, ProofLengthError, ProofRootError.
    """
    if not 0 < old <= new <= MAX_SIZE:
        raise ProofSizeError
    _require_hashes((old_root, new_root, *proof))
    if old == new:
        if proof:
            raise ProofLengthError
        if old_root != new_root:
            raise ProofRootError
        return
    path = [old_root, *proof] if old.bit_count() == 1 else list(proof)
    if not path:
        raise ProofLengthError
    if _replayed(old, new, path) != (old_root, new_root):
        raise ProofRootError


def _replayed(old: int, new: int, path: list[bytes]) -> tuple[bytes, bytes]:
    """Both roots as the path gives them."""
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    before = after = path[0]
    for beside in path[1:]:
        if last == 0:
            raise ProofLengthError
        if position & 1 or position == last:
            before, after = node_hash(beside, before), node_hash(beside, after)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            after = node_hash(after, beside)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise ProofLengthError
    return before, after


def _left_width(count: int) -> int:
    """The largest power of two smaller than `count` (RFC 6962 section 2.1)."""
    return 1 << (count - 1).bit_length() - 1


def _range_hash(start: int, end: int, subtree: Subtree) -> bytes:
    """The hash over a range that a proof needs: complete subtrees, the largest first."""
    nodes: list[bytes] = []
    while start < end:
        width = 1 << (end - start).bit_length() - 1
        nodes.append(subtree(start, start + width))
        start += width
    return _joined(nodes)


def _joined(nodes: Sequence[bytes]) -> bytes:
    root = nodes[-1]
    for node in reversed(nodes[:-1]):
        root = node_hash(node, root)
    return root


def _require_hashes(hashes: Iterable[bytes]) -> None:
    if any(len(node) != HASH_BYTES for node in hashes):
        raise ProofLengthError
