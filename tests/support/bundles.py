"""Genuine offline bundles with everything that they can prove, and the parts to forge others from."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from keys import KeyRing, KeySet, Purpose
from signing import is_plate_id, sign_plate, sign_token
from signing.base32 import decode_signature
from signing.bundle import (
    CarriedEnterprise,
    CarriedLicense,
    CarriedPremises,
    Contents,
    District,
    PlateTable,
    plate_mask,
    plate_row,
    sign_bundle,
    whole_table,
)
from signing.bundle.plates import ROW_BYTES, shard_of
from signing.log import Checkpoint, Frontier, inclusion_proof, leaf_hash, root_of, sign_checkpoint
from signing.log.receipt import LeafOpening, LoggedEntry, commitment, sign_receipt
from signing.sdjwt import HolderKey, issue_credential
from signing.status import Status, StatusList, sign_status_list
from signing.strict_json import decode_base64url, read_object, write_json
from signing.verified_token import TokenKind
from tests.support.forger import NOW, ORIGIN, Workshop, bare, uscc

LIST = f"{ORIGIN}/status/1"
LOG = "yizhao.example.cn/log"
MADE = NOW - timedelta(minutes=5)
SALT = bytes(range(16))
INDEX: Mapping[Status, int] = {
    Status.VALID: 7,
    Status.REVOKED: 1 << 19,
    Status.SUSPENDED: (1 << 20) - 1,
    Status.CHANGED: 0,
}


@dataclass(frozen=True)
class Proofs:
    """Texts that the bundle of the same workshop judges."""

    plates: Mapping[Status, str]
    unlisted: str
    credentials: Mapping[Status, str]
    receipt: str
    opened: str


def plate_ids() -> Mapping[Status, str]:
    """Real ones: nine characters and their check character."""
    return {status: _checked(f"{place:09d}") for place, status in enumerate(Status, 1)}


def contents_of(shop: Workshop, **changed: Any) -> Contents:
    """Everything that a bundle can hold."""
    lists = StatusList.of((INDEX[status], status) for status in Status)
    token = sign_status_list(lists, uri=LIST, signer=shop.signer(Purpose.STATUS), now=MADE)
    made: dict[str, Any] = {
        "issuer": ORIGIN,
        "version": 1000,
        "keys": KeySet.from_jwks(shop.ring.jwks()),
        "revoked": {"receipt-2026-9-deadbeef": MADE - timedelta(days=2)},
        "statuses": (token,),
        "plates": table_of(shop),
        "log_origin": LOG,
        "checkpoint": checkpoint_of(shop),
        "district": district(),
    }
    return Contents(**{**made, **changed})


def bundle_of(shop: Workshop, *, shards: Sequence[bytes] | None = None, **changed: Any) -> dict[str, object]:
    """`shards`: what travels in the document; None: the two of the genuine table, where it is that."""
    inside = shards_of(shop) if shards is None and "plates" not in changed else shards or ()
    signer = shop.signer(Purpose.BUNDLE)
    return sign_bundle(contents_of(shop, **changed), signer=signer, now=MADE, shards=inside)


def resigned(shop: Workshop, *, shards: Sequence[bytes] | None = None, **claims: object) -> dict[str, object]:
    """A bundle signed by the right key, with these claims in place of the genuine ones (`...`: left out)."""
    document = bundle_of(shop, shards=shards)
    genuine = read_object(decode_base64url(str(document["bundle"]).split(".")[1]))
    changed = {name: value for name, value in {**genuine, **claims}.items() if value is not ...}
    signer = shop.signer(Purpose.BUNDLE)
    return {**document, "bundle": sign_token(changed, kind=TokenKind.BUNDLE, signer=signer)}


@cache
def plate_of(ring: KeyRing, plate_id: str) -> str:
    """The text of a plate, signed once: its row in the table hangs on the signature."""
    signer = ring.signer(Purpose.CODE_PLATE)
    return sign_plate(uscc=uscc("TEXT1"), plate_id=plate_id, origin=ORIGIN, signer=signer)


def r_of(text: str) -> bytes:
    """The first half of a code's signature."""
    return decode_signature(text.rpartition(".")[2])[:32]


def row_of(shop: Workshop, plate_id: str, index: int, *, position: int = 0) -> bytes:
    mask = plate_mask(plate_id, r_of(plate_of(shop.ring, plate_id)))
    return plate_row(mask, position=position, index=index)


def rows_of(shop: Workshop) -> list[bytes]:
    """One for each plate with a status."""
    return [row_of(shop, plate_id, INDEX[status]) for status, plate_id in plate_ids().items()]


def shards_of(shop: Workshop, rows: Sequence[bytes] | None = None, *, bits: int = 1) -> list[bytes]:
    """The rows (None: all) in shards, sixteen more in each."""
    kept = rows_of(shop) if rows is None else rows
    chance = hashlib.shake_256(SALT).digest((16 << bits) * ROW_BYTES)
    filling = [chance[at : at + ROW_BYTES] for at in range(0, len(chance), ROW_BYTES)]
    return [
        b"".join(
            sorted(row for row in (*kept, *_moved(filling, number, bits)) if shard_of(row, bits) == number)
        )
        for number in range(1 << bits)
    ]


def _moved(rows: Sequence[bytes], number: int, bits: int) -> list[bytes]:
    """Sixteen of these rows, moved into a shard."""
    kept = (1 << (64 - bits)) - 1
    names = [
        (number << (64 - bits)) | (int.from_bytes(row[:8], "big") & kept) for row in rows[number * 16 :][:16]
    ]
    return [name.to_bytes(8, "big") + row[8:] for name, row in zip(names, rows[number * 16 :], strict=False)]


def index_of(shards: Sequence[bytes], lists: Sequence[str] = (LIST,)) -> PlateTable:
    return PlateTable(tuple(lists), None, b"".join(hashlib.sha256(each).digest() for each in shards))


def table_of(shop: Workshop) -> PlateTable:
    return index_of(shards_of(shop))


def whole_of(rows: Sequence[bytes], lists: Sequence[str] = (LIST,)) -> PlateTable:
    return whole_table(lists, rows)


def proofs_of(shop: Workshop) -> Proofs:
    """Texts of every kind and status."""
    return Proofs(
        plates={status: plate_of(shop.ring, plate_id) for status, plate_id in plate_ids().items()},
        unlisted=bare(plate_of(shop.ring, _checked("987654321"))),
        credentials={status: credential(shop, INDEX[status]) for status in Status},
        receipt=receipt(shop),
        opened=receipt(shop, shows_opening=True),
    )


def short_status(shop: Workshop, *, uri: str = LIST, seconds: int = 600) -> str:
    """The list of the genuine bundle, believed for a few minutes only."""
    lists = StatusList.of((INDEX[status], status) for status in Status)
    issued = int(MADE.timestamp())
    claims = {
        "sub": uri,
        "iat": issued,
        "exp": issued + seconds,
        "ttl": seconds,
        "status_list": {"bits": lists.bits, "lst": lists.encode()},
    }
    return sign_token(claims, kind=TokenKind.STATUS_LIST, signer=shop.signer(Purpose.STATUS))


def jwks_with_pending_log(shop: Workshop) -> dict[str, Any]:
    """Our key set as it would be were the log's key announced, to sign a week from now."""
    starts = int((NOW + timedelta(days=7)).timestamp())
    pending = {"state": "pending", "nbf": starts}
    listed: Any = shop.ring.jwks()["keys"]
    return {"keys": [{**key, **pending} if key["purpose"] == Purpose.LOG else key for key in listed]}


def credential(shop: Workshop, index: int, *, uri: str = LIST, holder: HolderKey | None = None) -> str:
    claims = {
        "iss": ORIGIN,
        "iat": int(MADE.timestamp()),
        "exp": int((NOW + timedelta(days=300)).timestamp()),
        "vct": f"{ORIGIN}/vct/food-operation",
        "status": {"status_list": {"uri": uri, "idx": index}},
    }
    face = {"holder_name": "示范餐饮有限公司", "number": "JY23308020000017", "scope": ["热食类食品制售"]}
    return issue_credential(claims, face, signer=shop.signer(Purpose.CREDENTIAL), decoys=2, holder=holder)


OPENING = LeafOpening(
    {
        "by": "hub",
        "data": {"n": 1},
        "id": "0192f4",
        "rows": {},
        "subject": "7K2M9QXT4K",
        "uscc": "91330802MA2TEXT162",
    },
    SALT,
)
LEAVES = [
    write_json(
        {"at": f"2026-11-21T07:00:{n:02d}.000000Z", "commitment": commitment(OPENING), "kind": "plate.made"}
    ).decode()
    for n in range(11)
]


def checkpoint_of(shop: Workshop, *, origin: str = LOG) -> str:
    root = root_of([leaf_hash(leaf.encode()) for leaf in LEAVES])
    return sign_checkpoint(Checkpoint(origin, len(LEAVES), root), shop.signer(Purpose.LOG))


def receipt(shop: Workshop, *, index: int = 4, shows_opening: bool = False) -> str:
    hashes = [leaf_hash(leaf.encode()) for leaf in LEAVES]

    def subtree(start: int, end: int) -> bytes:
        return Frontier().extended(hashes[start:end]).root()

    proof = inclusion_proof(index, len(LEAVES), subtree)
    entry = LoggedEntry(LEAVES[index], index, len(LEAVES), proof, checkpoint_of(shop))
    return sign_receipt(
        entry,
        receipt_id="0192f4",
        issuer=ORIGIN,
        now=MADE,
        signer=shop.signer(Purpose.RECEIPT),
        opening=OPENING if shows_opening else None,
    )


def district() -> District:
    return District.of(
        "330802",
        [
            CarriedEnterprise(
                uscc=uscc("TEXT1"),
                name="示范餐饮有限公司",
                status="存续",
                premises=(CarriedPremises("0192f400-0000-7000-8000-000000000001", "示范市示范路1号"),),
                licenses=(
                    CarriedLicense("食品经营许可证", "JY23308020000017", "2027-03-01", "blue", "PM_OK"),
                    CarriedLicense("公共卫生许可证", "GW1", "", "red", "PM_REVOKED"),
                ),
            )
        ],
    )


def _checked(body: str) -> str:
    """A plate id with this body."""
    value = next(
        character for character in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" if is_plate_id(body + character)
    )
    return body + value
