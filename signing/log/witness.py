"""What a log sends to a witness, and what the witness does with it (C2SP tlog-witness, add-checkpoint). Pure.

A witness remembers per log the largest tree it has cosigned, and cosigns only what continues it. The store and the
network are the caller's; here is the form of a request and the decision.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from signing.log.checkpoint import Checkpoint, open_checkpoint
from signing.log.errors import NoteError, OtherSizeError, WitnessRequestError
from signing.log.merkle import EMPTY_ROOT, MAX_SIZE, verify_consistency
from signing.log.note import NoteKey, parse_note

MAX_PROOF = 63  # C2SP tlog-witness
SIZE_TYPE = "text/x.tlog.size"

_OLD = re.compile(r"old (?P<size>0|[1-9][0-9]{0,18})\Z")


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request: the size that the witness should remember, the proof from there, the signed checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: str

    def body(self) -> str:
        lines = (f"old {self.old}", *(b64encode(node).decode("ascii") for node in self.proof), "")
        return "".join(f"{line}\n" for line in lines) + self.checkpoint

    @classmethod
    def read(cls, body: str) -> "AddCheckpoint":
        """Raises: WitnessRequestError."""
        head, gap, checkpoint = body.partition("\n\n")
        first, *nodes = head.split("\n")
        found = _OLD.match(first)
        if not gap or found is None or len(nodes) > MAX_PROOF or int(found["size"]) > MAX_SIZE:
            raise WitnessRequestError
        try:
            proof = tuple(b64decode(node, validate=True) for node in nodes)
        except ValueError as error:
            raise WitnessRequestError from error
        request = cls(int(found["size"]), proof, checkpoint)
        if request.body() != body:
            raise WitnessRequestError
        return request

    def origin(self) -> str:
        """Return which log the checkpoint says it is of; nothing is believed yet.

        Raises: WitnessRequestError.
        """
        try:
            return Checkpoint.read(parse_note(self.checkpoint).text).origin
        except NoteError as error:
            raise WitnessRequestError from error


@dataclass(frozen=True, slots=True)
class CosignedTree:
    """The largest tree that a witness has cosigned for a log; nothing yet is the empty tree."""

    size: int = 0
    root: bytes = EMPTY_ROOT


def judge(request: AddCheckpoint, *, keys: Iterable[NoteKey], remembered: CosignedTree) -> Checkpoint:
    """Return the checkpoint that may be cosigned.

    Raises: NoteError leaves when no trusted key has signed it, WitnessRequestError, OtherSizeError, ProofError leaves.
    """
    checkpoint = open_checkpoint(request.checkpoint, keys=keys, origin=request.origin())
    if request.old > checkpoint.size:
        raise WitnessRequestError
    if request.old != remembered.size:
        raise OtherSizeError(remembered.size)
    if checkpoint.size == remembered.size and checkpoint.root != remembered.root:
        raise OtherSizeError(remembered.size)
    if request.old:
        verify_consistency(request.old, checkpoint.size, request.proof, remembered.root, checkpoint.root)
    elif request.proof:
        raise WitnessRequestError
    return checkpoint
