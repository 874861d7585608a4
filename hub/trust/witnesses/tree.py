"""The log as it stands in the database, for those who compare it: its head, its roots, its proofs."""

from sqlalchemy.orm import Session

from hub.trust.log.heads import head_of
from hub.trust.record.models import LogTile
from signing.log import (
    EMPTY_ROOT,
    Frontier,
    Subtree,
    TileError,
    consistency_proof,
    subtree_from,
)


def size_of(session: Session) -> int:
    found = head_of(session)
    return 0 if found is None else found.size


def subtree(session: Session) -> Subtree:
    """Complete subtrees, from the stored tiles. Raises (when called): TilePathError for what is not stored."""
    read: dict[tuple[int, int], bytes] = {}

    def hashes(level: int, number: int) -> bytes:
        if (level, number) not in read:
            tile = session.get(LogTile, (level, number))
            read[level, number] = b"" if tile is None else tile.hashes
        return read[level, number]

    return subtree_from(hashes)


def root_at(session: Session, size: int) -> bytes | None:
    """Return the root that the first `size` entries have; None when the tiles do not hold them."""
    find, nodes, start = subtree(session), [], 0
    try:
        while start < size:
            width = 1 << (size - start).bit_length() - 1
            nodes.append(find(start, start + width))
            start += width
    except TileError:
        return None
    return Frontier(size, tuple(nodes)).root() if size else EMPTY_ROOT


def consistency(session: Session, old: int, new: int) -> tuple[bytes, ...]:
    """Prove that the old tree is the beginning of the new one. Raises: ProofSizeError, TilePathError."""
    return tuple(consistency_proof(old, new, subtree(session)))
