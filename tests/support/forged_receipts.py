"""Receipts signed by the right key over the wrong claims: nothing but the numbered steps can refuse them."""

import json
from collections.abc import Iterator

from keys import Purpose
from signing import sign_token
from signing.log import Checkpoint, root_of, sign_checkpoint
from signing.log.merkle import leaf_hash
from signing.log.receipt import SALT_BYTES, LeafOpening, commitment
from signing.strict_json import decode_base64url, encode_base64url, read_object, write_json
from signing.verified_token import TokenKind
from tests.support.bundles import LEAVES, LOG, OPENING, checkpoint_of, receipt
from tests.support.forger import Workshop

CLEAR = {"\U0001f600": 1, "\uff41": 2, "a": "\u2028\x7f\t", "b": 10**30}  # UTF-16 would sort it otherwise


def forged_receipts(shop: Workshop) -> Iterator[str]:
    """Every claim left out, of another type and altered; notes, proofs, leaves and openings that are not right."""
    genuine = read_object(decode_base64url(receipt(shop, shows_opening=True).split(".")[1]))
    for changed in (
        *_wrong_claims(genuine),
        *_wrong_notes(shop),
        *_wrong_leaves(shop),
        _short_salt(shop),
        *_wrong_openings(genuine),
    ):
        claims = {name: value for name, value in {**genuine, **changed}.items() if value is not ...}
        yield sign_token(claims, kind=TokenKind.RECEIPT, signer=shop.signer(Purpose.RECEIPT))
    token = receipt(shop)
    yield from (token[:-2] + "AA", token + ".", token.replace(".", "..", 1), "", token.split(".")[0])


def _wrong_claims(genuine: dict[str, object]) -> Iterator[dict[str, object]]:
    for name in genuine:
        if name not in {"iat", "opening"}:
            yield from ({name: value} for value in (..., None, True, 7, "x", [], {}, ["x"]))
    yield {"extra": 1}
    for name in ("index", "size"):
        yield from ({name: value} for value in (-1, 0, 5, 11, 12, 2**53 + 1, 2**63, 10**30))
    proof = list(genuine["proof"])  # type: ignore[call-overload]  # it is a list
    for wrong in (
        proof[:-1],
        [*proof, proof[0]],
        proof[::-1],
        [*proof[:-1], "A" * 43],
        [*proof[:-1], "AA"],
        [*proof[:-1], 7],
        proof * 32,
    ):
        yield {"proof": wrong}


def _wrong_notes(shop: Workshop) -> Iterator[dict[str, object]]:
    note = checkpoint_of(shop)
    signer = shop.signer(Purpose.LOG)
    foreign = sign_checkpoint(Checkpoint(LOG, 11, bytes(32)), shop.foreign.signer(Purpose.LOG))
    for wrong in (
        note + "\n",
        note[:-1],
        note.replace("\n\n", "\n"),
        note.replace("— ", "- "),
        note.replace("\n11\n", "\n011\n"),
        note.replace("\n11\n", "\n12\n"),
        note.replace("=\n", "\n", 1),
        note.replace("yizhao", "other"),
        note.replace("\n\n", "\nextension\n\n"),
        "\n\n" + note,
        "\t" + note,
        note + note.split("\n\n")[1],
        note + note.split("\n\n")[1] * 64,
        foreign,
        foreign + note.split("\n\n")[1],
        sign_checkpoint(Checkpoint(LOG, 12, bytes(32)), signer),
        sign_checkpoint(Checkpoint(LOG, 11, bytes(32)), signer),
        sign_checkpoint(Checkpoint(LOG, 11, bytes(32), ("more",)), signer),
        sign_checkpoint(Checkpoint("other/log", 11, bytes(32)), signer),
    ):
        yield {"checkpoint": wrong}
        yield {"checkpoint": wrong, "log": "other/log"}
    yield {"log": "not a name"}
    body = f"not a name\n11\n{'A' * 43}=\n"
    yield {"log": "not a name", "checkpoint": body + "\n" + note.split("\n\n")[1]}


def _wrong_leaves(shop: Workshop) -> Iterator[dict[str, object]]:
    """Each is really in a log of one leaf."""
    members = json.loads(LEAVES[4])
    texts = [
        json.dumps(members),
        json.dumps(members, separators=(",", ":"))[:-1],
        "[]",
        "{}",
        "",
        LEAVES[4].replace("{", '{"a":1,', 1),
        *(
            json.dumps({**members, **changed}, sort_keys=True, separators=(",", ":"))
            for changed in (
                {"at": "2026-13-21T07:00:00.000000Z"},
                {"at": "2026-11-31T07:00:00.000000Z"},
                {"at": "2026-11-21T24:00:00.000000Z"},
                {"at": "2026-11-21T07:00:60.000000Z"},
                {"at": "0000-11-21T07:00:00.000000Z"},
                {"at": "2026-11-21T07:00:00Z"},
                {"at": 7},
                {"happened_at": "2026-11-21T06:59:59.000000Z"},  # this one is right: an act that came late
                {"happened_at": "2026-11-21T06:59:59.000000Z", "data": {}, "subject": "s"},
                {"happened_at": members["at"]},
                {"happened_at": "2026-11-21T07:59:59.000000Z"},
                {"happened_at": "2026-11-21T06:59:59Z"},
                {"happened_at": "2026-02-30T06:59:59.000000Z"},
                {"happened_at": None},
                {"happened_at": 7},
                {"kind": None},
                {"commitment": 7},
                {"data": {}},
                {"subject": "s"},
                {"data": {}, "subject": 7},
                {"data": [], "subject": "s"},
                {"data": {"n": 1}, "subject": "s"},
                {"data": {"n": 1, "é": "\U0001f600", "﹏": 2}, "subject": "s"},
                {"kind": "è"},
            )
        ),
        write_json({**members, "data": CLEAR, "subject": "s"}).decode(),
    ]
    for text in texts:
        root = root_of([leaf_hash(text.encode())])
        note = sign_checkpoint(Checkpoint(LOG, 1, root), shop.signer(Purpose.LOG))
        for opening in ({}, {"opening": ...}):
            yield {"leaf": text, "index": 0, "size": 1, "proof": [], "checkpoint": note, **opening}


def _short_salt(shop: Workshop) -> dict[str, object]:
    """An entry that really has committed to its opening, with a salt that could be tried out."""
    salt = bytes(SALT_BYTES - 1)
    text = write_json(
        {**json.loads(LEAVES[4]), "commitment": commitment(LeafOpening(OPENING.members, salt))}
    ).decode()
    note = sign_checkpoint(Checkpoint(LOG, 1, root_of([leaf_hash(text.encode())])), shop.signer(Purpose.LOG))
    opening = {**OPENING.members, "salt": encode_base64url(salt)}
    return {"leaf": text, "index": 0, "size": 1, "proof": [], "checkpoint": note, "opening": opening}


def _wrong_openings(genuine: dict[str, object]) -> Iterator[dict[str, object]]:
    opening = dict(genuine["opening"])  # type: ignore[call-overload]  # it is an object
    yield {"opening": None}
    yield from ({"opening": value} for value in (7, [], "x", {}))
    for name in opening:
        yield {"opening": {key: value for key, value in opening.items() if key != name}}
        yield from (
            {"opening": {**opening, name: value}} for value in (None, 7, "x", [1.5], {"b": 1, "a": [True]})
        )
    yield {"opening": {**opening, "more": 1}}
    yield {"opening": {**opening, "salt": encode_base64url(bytes(15))}}
    yield {"opening": {**opening, "salt": "="}}
