"""The form of a request to a witness and its decision (C2SP tlog-witness)."""

import pytest

from keys import Purpose
from signing import SigningError
from signing.log import (
    Checkpoint,
    LogReason,
    consistency_proof,
    leaf_hash,
    note_keys,
    root_of,
    sign_checkpoint,
)
from signing.log.witness import AddCheckpoint, CosignedTree, judge
from tests.support.forger import Workshop

ORIGIN = "yizhao.example.cn/log"
HASHES = [leaf_hash(str(number).encode()) for number in range(20)]


def request(workshop: Workshop, old: int, new: int, *, hashes: list[bytes] = HASHES) -> AddCheckpoint:
    note = sign_checkpoint(Checkpoint(ORIGIN, new, root_of(hashes[:new])), workshop.signer(Purpose.LOG))
    proof = (
        consistency_proof(old, new, lambda start, end: root_of(hashes[start:end])) if 0 < old <= new else []
    )
    return AddCheckpoint(old, tuple(proof), note)


def remembered(size: int) -> CosignedTree:
    return CosignedTree(size, root_of(HASHES[:size]))


def test_a_request_reads_back(workshop: Workshop) -> None:
    sent = request(workshop, 7, 20)

    assert AddCheckpoint.read(sent.body()) == sent
    assert sent.body().startswith("old 7\n")
    assert sent.origin() == ORIGIN


@pytest.mark.parametrize(("old", "new"), [(0, 5), (5, 5), (5, 20), (8, 20), (0, 0)])
def test_what_continues_the_tree_is_cosigned(workshop: Workshop, old: int, new: int) -> None:
    keys = note_keys(workshop.ring.verification_keys(), name=ORIGIN)
    assert judge(request(workshop, old, new), keys=keys, remembered=remembered(old)).size == new


def refusal(workshop: Workshop, sent: AddCheckpoint, size: int) -> SigningError:
    keys = note_keys(workshop.ring.verification_keys(), name=ORIGIN)
    with pytest.raises(SigningError) as refused:
        judge(sent, keys=keys, remembered=remembered(size))
    return refused.value


def test_what_does_not_is_refused_with_its_reason(workshop: Workshop) -> None:
    forked = [leaf_hash(b"another"), *HASHES[1:]]
    assert refusal(workshop, request(workshop, 7, 20, hashes=forked), 7).reason is LogReason.PROOF_ROOT
    assert refusal(workshop, request(workshop, 7, 7, hashes=forked), 7).reason is LogReason.WITNESS_SIZE
    assert refusal(workshop, request(workshop, 7, 5), 7).reason is LogReason.WITNESS_REQUEST
    assert refusal(workshop, request(workshop, 5, 20), 7).reason is LogReason.WITNESS_SIZE
    late = request(workshop, 7, 20)
    assert refusal(workshop, AddCheckpoint(7, late.proof[:-1], late.checkpoint), 7).reason in (
        LogReason.PROOF_LENGTH,
        LogReason.PROOF_ROOT,
    )
    first = request(workshop, 0, 5)
    with_proof = AddCheckpoint(0, (HASHES[0],), first.checkpoint)
    assert refusal(workshop, with_proof, 0).reason is LogReason.WITNESS_REQUEST
    other = sign_checkpoint(Checkpoint(ORIGIN, 5, root_of(HASHES[:5])), workshop.foreign.signer(Purpose.LOG))
    assert refusal(workshop, AddCheckpoint(0, (), other), 0).reason is LogReason.NOTE_UNSIGNED


def test_a_checkpoint_that_is_behind_is_told_the_size(workshop: Workshop) -> None:
    assert getattr(refusal(workshop, request(workshop, 0, 5), 7), "size", None) == 7


@pytest.mark.parametrize(
    "body",
    [
        "",
        "old 1",
        "old 01\n\nx",
        "old -1\n\nx",
        "old 1\nAAA\n\nx",
        "new 1\n\nx",
        "old 9223372036854775808\n\nx",
        "old 1\n" + "AAAA\n" * 64 + "\nx",
        "old 1\nAAB=\n\nx",
    ],
)
def test_a_request_written_in_another_way_is_not_one(body: str) -> None:
    with pytest.raises(SigningError) as refused:
        AddCheckpoint.read(body)
    assert refused.value.reason is LogReason.WITNESS_REQUEST


def test_a_request_without_a_checkpoint_is_not_one() -> None:
    with pytest.raises(SigningError) as refused:
        AddCheckpoint.read("old 1\n\nx").origin()
    assert refused.value.reason is LogReason.WITNESS_REQUEST
