"""Receipts: what they prove, and every way in which one does not."""

from collections.abc import Callable
from typing import Any

import pytest

from keys import KeySet, Purpose
from signing import Reason, SigningError, TokenKind, sign_token
from signing.log import (
    Checkpoint,
    LeafOpening,
    LoggedEntry,
    LogReason,
    NoteKey,
    SignatureType,
    VerifiedReceipt,
    commitment,
    cosign_note,
    inclusion_proof,
    leaf_hash,
    note_keys,
    root_of,
    sign_checkpoint,
    sign_receipt,
    verify_receipt,
    with_signatures,
)
from signing.log.errors import ReceiptOpeningError
from signing.strict_json import encode_base64url, write_json
from tests.support.forger import NOW, Workshop

ORIGIN = "yizhao.example.cn/log"
ISSUER = "https://yizhao.example.cn"
OPENING = LeafOpening(
    {
        "id": "0192",
        "by": "OWNER:1",
        "data": {"plate": "甲"},
        "rows": {"codes_plate/1": "ab"},
        "subject": "7K2M9QXT4R",
        "uscc": "91",
    },
    bytes(range(16)),
)
AT = "2026-11-21T08:00:00.000000Z"
Claims = dict[str, Any]


def leaf_text(**members: object) -> str:
    return write_json({"at": AT, "kind": "plate.made", **members}).decode()


COMMITTED = leaf_text(commitment=commitment(OPENING))
CLEAR = LeafOpening(
    {"id": "0192", "by": "", "data": {"kid": "P2"}, "rows": {}, "subject": "P2", "uscc": ""}, bytes(16)
)
PUBLIC = leaf_text(commitment=commitment(CLEAR), data={"kid": "P2"}, subject="P2")


def entry_of(workshop: Workshop, leaf: str, *, size: int = 7, index: int = 3) -> LoggedEntry:
    hashes = [leaf_hash(f"entry {number}".encode()) for number in range(size)]
    hashes[index] = leaf_hash(leaf.encode())
    note = sign_checkpoint(Checkpoint(ORIGIN, size, root_of(hashes)), workshop.signer(Purpose.LOG))
    proof = inclusion_proof(index, size, lambda start, end: root_of(hashes[start:end]))
    return LoggedEntry(leaf, index, size, proof, note)


def receipt(workshop: Workshop, leaf: str = COMMITTED, opening: LeafOpening | None = OPENING) -> str:
    return sign_receipt(
        entry_of(workshop, leaf),
        receipt_id="0192",
        issuer=ISSUER,
        now=NOW,
        signer=workshop.signer(Purpose.RECEIPT),
        opening=opening,
    )


def believe(workshop: Workshop, token: object, **asked: Any) -> VerifiedReceipt:
    asked = {"issuer": ISSUER, "origin": ORIGIN, **asked}
    return verify_receipt(token, keys=workshop.ring.verification_keys(), now=NOW, **asked)


def test_a_receipt_proves_its_entry_and_opens_it(workshop: Workshop) -> None:
    found = believe(workshop, receipt(workshop))

    assert (found.kind, found.index, found.size, found.origin) == ("plate.made", 3, 7, ORIGIN)
    assert found.opening == OPENING.members
    assert (found.at, found.issued_at, found.id) == (NOW, NOW, "0192")


def test_without_its_opening_it_proves_the_entry_and_tells_nothing(workshop: Workshop) -> None:
    found = believe(workshop, receipt(workshop, opening=None), issuer=None, origin=None)

    assert found.opening is None
    assert found.leaf.keys() == {"at", "commitment", "kind"}


def test_an_entry_in_clear_needs_no_opening(workshop: Workshop) -> None:
    assert believe(workshop, receipt(workshop, PUBLIC, None)).leaf["subject"] == "P2"


def test_witnesses_on_its_checkpoint_are_told(workshop: Workshop) -> None:
    entry = entry_of(workshop, PUBLIC)
    body = entry.checkpoint.partition("\n\n")[0] + "\n"
    signer = workshop.foreign.signer(Purpose.LOG)
    cosigned = with_signatures(
        entry.checkpoint, [cosign_note(body, name="w.example/log", signer=signer, now=NOW)]
    )
    token = sign_receipt(
        LoggedEntry(entry.leaf, entry.index, entry.size, entry.proof, cosigned),
        receipt_id="1",
        issuer=ISSUER,
        now=NOW,
        signer=workshop.signer(Purpose.RECEIPT),
    )
    keys = note_keys(
        workshop.foreign.verification_keys(), name="w.example/log", kind=SignatureType.COSIGNATURE
    )

    assert [each.key.name for each in believe(workshop, token, witnesses=keys).witnesses] == ["w.example/log"]


def change(**members: object) -> Callable[[Claims], Claims]:
    return lambda claims: {**claims, **members}


def without(name: str) -> Callable[[Claims], Claims]:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def opened(**members: object) -> Callable[[Claims], Claims]:
    return lambda claims: {**claims, "opening": {**claims["opening"], **members}}


HASH = encode_base64url(b"\0" * 32)
FORGERIES: dict[str, tuple[LogReason, Callable[[Claims], Claims]]] = {
    "no leaf": (LogReason.RECEIPT_CLAIM, without("leaf")),
    "no proof": (LogReason.RECEIPT_CLAIM, without("proof")),
    "one member more": (LogReason.RECEIPT_CLAIM, change(more=1)),
    "index as text": (LogReason.RECEIPT_CLAIM, change(index="3")),
    "index as truth": (LogReason.RECEIPT_CLAIM, change(index=True)),
    "size as a fraction": (LogReason.RECEIPT_CLAIM, change(size=7.0)),
    "proof of numbers": (LogReason.RECEIPT_CLAIM, change(proof=[1, 2, 3])),
    "proof with padding": (LogReason.RECEIPT_CLAIM, change(proof=[HASH + "="])),
    "proof of short hashes": (LogReason.RECEIPT_CLAIM, change(proof=["AAAA"])),
    "proof without end": (LogReason.RECEIPT_CLAIM, change(proof=[HASH] * 64)),
    "another log": (LogReason.RECEIPT_LOG, change(log="other.example/log")),
    "no checkpoint": (LogReason.NOTE_FORM, change(checkpoint="")),
    "a larger size": (LogReason.RECEIPT_SIZE, change(size=8)),
    "a place beyond": (LogReason.PROOF_SIZE, change(index=7)),
    "a place before": (LogReason.PROOF_SIZE, change(index=-1)),
    "another place": (LogReason.PROOF_ROOT, change(index=2)),
    "another leaf": (LogReason.PROOF_ROOT, change(leaf=PUBLIC)),
    "a longer proof": (LogReason.PROOF_LENGTH, lambda claims: change(proof=[*claims["proof"], HASH])(claims)),
    "a shorter proof": (LogReason.PROOF_LENGTH, lambda claims: change(proof=claims["proof"][:-1])(claims)),
    "another proof": (
        LogReason.PROOF_ROOT,
        lambda claims: change(proof=[HASH, *claims["proof"][1:]])(claims),
    ),
    "another salt": (LogReason.RECEIPT_OPENING, opened(salt=encode_base64url(b"\0" * 16))),
    "a short salt": (LogReason.RECEIPT_OPENING, opened(salt="AA")),
    "a salt with padding": (LogReason.RECEIPT_OPENING, opened(salt="AA==")),
    "a salt of numbers": (LogReason.RECEIPT_OPENING, opened(salt=5)),
    "another subject": (LogReason.RECEIPT_OPENING, opened(subject="8K2M9QXT4R")),
    "another digest": (LogReason.RECEIPT_OPENING, opened(rows={"codes_plate/1": "cd"})),
    "an opening with more": (LogReason.RECEIPT_OPENING, opened(more=1)),
    "an opening of another act": (LogReason.RECEIPT_OPENING, change(jti="0193")),
    "an opening of text": (LogReason.RECEIPT_OPENING, change(opening="all")),
}


@pytest.mark.parametrize(("reason", "forge"), FORGERIES.values(), ids=FORGERIES.keys())
def test_a_twisted_receipt_is_refused_with_its_reason(
    workshop: Workshop, reason: LogReason, forge: Callable[[Claims], Claims]
) -> None:
    """Even one that the receipt key itself has signed: that key alone proves no entry."""
    genuine = receipt(workshop)
    claims = dict(verified_claims(workshop, genuine))
    token = sign_token(forge(claims), kind=TokenKind.RECEIPT, signer=workshop.signer(Purpose.RECEIPT))
    with pytest.raises(SigningError) as refused:
        believe(workshop, token)
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    "leaf",
    [
        "",
        "[]",
        "not JSON",
        leaf_text(),
        leaf_text(commitment="x", more=1),
        leaf_text(data={}, subject=""),
        leaf_text(data={}, commitment="x"),
        leaf_text(data=[], subject="", commitment="x"),
        leaf_text(data={}, subject=1, commitment="x"),
        COMMITTED.replace(":", ": ", 1),
        COMMITTED.replace('"plate.made"', "1"),
        COMMITTED.replace(AT, "2026-11-21T08:00:00Z"),
        COMMITTED.replace(AT, "2026-13-21T08:00:00.000000Z"),
        COMMITTED.replace(f'"{AT}"', "5"),
    ],
)
def test_a_leaf_that_cannot_be_read_is_refused_though_it_is_in_the_log(workshop: Workshop, leaf: str) -> None:
    with pytest.raises(SigningError) as refused:
        believe(workshop, receipt(workshop, leaf, None))
    assert refused.value.reason is LogReason.RECEIPT_LEAF


def test_an_entry_in_clear_shows_what_it_commits_to(workshop: Workshop) -> None:
    assert believe(workshop, receipt(workshop, PUBLIC, CLEAR)).opening == CLEAR.members
    lying = leaf_text(commitment=commitment(CLEAR), data={"kid": "P3"}, subject="P2")
    for leaf, opening in ((PUBLIC, OPENING), (lying, CLEAR)):
        with pytest.raises(SigningError) as refused:
            believe(workshop, receipt(workshop, leaf, opening))
        assert refused.value.reason is LogReason.RECEIPT_OPENING


def test_what_has_no_canonical_text_is_not_committed_to() -> None:
    with pytest.raises(ReceiptOpeningError):
        commitment(LeafOpening({"data": {1, 2}}, bytes(16)))


def test_the_tokens_own_steps_come_first(workshop: Workshop) -> None:
    genuine = receipt(workshop)
    for token, reason in (
        (None, Reason.TOKEN_NOT_TEXT),
        (genuine[:-4] + "AAAA", Reason.TOKEN_SIGNATURE),
        (
            sign_token(
                {"iat": 0, "iss": ISSUER}, kind=TokenKind.BUNDLE, signer=workshop.signer(Purpose.BUNDLE)
            ),
            Reason.TOKEN_TYP,
        ),
    ):
        with pytest.raises(SigningError) as refused:
            believe(workshop, token)
        assert refused.value.reason is reason
    with pytest.raises(SigningError) as refused:
        believe(workshop, genuine, issuer="https://other.example")
    assert refused.value.reason is Reason.TOKEN_ISSUER


def test_the_receipt_key_alone_cannot_stand_in_for_the_log(workshop: Workshop) -> None:
    """A checkpoint by a log key that is not ours, under our origin."""
    entry = entry_of(workshop, COMMITTED)
    checkpoint = Checkpoint.read(entry.checkpoint.partition("\n\n")[0] + "\n")
    forged = LoggedEntry(
        entry.leaf,
        entry.index,
        entry.size,
        entry.proof,
        sign_checkpoint(checkpoint, workshop.foreign.signer(Purpose.LOG)),
    )
    token = sign_receipt(
        forged, receipt_id="1", issuer=ISSUER, now=NOW, signer=workshop.signer(Purpose.RECEIPT)
    )
    with pytest.raises(SigningError) as refused:
        believe(workshop, token)
    assert refused.value.reason is LogReason.NOTE_UNSIGNED


def test_a_key_set_without_the_log_key_believes_nothing(workshop: Workshop) -> None:
    keys = KeySet(
        key.info for key in workshop.ring.verification_keys() if key.info.purpose is Purpose.RECEIPT
    )
    with pytest.raises(SigningError) as refused:
        verify_receipt(receipt(workshop), keys=keys, now=NOW)
    assert refused.value.reason is LogReason.NOTE_UNSIGNED


def test_only_the_verifier_makes_verified_receipts(workshop: Workshop) -> None:
    found = believe(workshop, receipt(workshop))
    fields = {name: getattr(found, name) for name in VerifiedReceipt.__slots__}
    with pytest.raises(TypeError):
        VerifiedReceipt(**fields, seal=object())


def test_members_of_a_receipt_are_read_only(workshop: Workshop) -> None:
    found = believe(workshop, receipt(workshop))
    with pytest.raises(TypeError):
        found.leaf["kind"] = "x"  # type: ignore[index]


def verified_claims(workshop: Workshop, token: str) -> Claims:
    verifier = workshop.verifier()
    return dict(verifier.verify_token(token, kind=TokenKind.RECEIPT, now=NOW).claims)


def test_a_vkey_is_no_witness_of_itself(workshop: Workshop) -> None:
    key = NoteKey("w.example/log", SignatureType.COSIGNATURE, bytes(32))
    assert believe(workshop, receipt(workshop), witnesses=[key]).witnesses == ()
