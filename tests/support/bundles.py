"""Genuine offline bundles with everything that they can prove, and the parts to forge others from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from keys import KeySet, Purpose
from signing import is_plate_id, sign_plate, sign_token
from signing.bundle import (
    CarriedEnterprise,
    CarriedLicense,
    CarriedPremises,
    Contents,
    District,
    sign_bundle,
    tables_of,
)
from signing.log import Checkpoint, Frontier, inclusion_proof, leaf_hash, root_of, sign_checkpoint
from signing.log.receipt import LoggedEntry, Opening, commitment, sign_receipt
from signing.sdjwt import HolderKey, issue_credential
from signing.status import Status, StatusList, sign_status_list
from signing.strict_json import decode_base64url, read_object, write_json
from signing.verified import TokenKind
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
    listed = [(plate_id, LIST, INDEX[status]) for status, plate_id in plate_ids().items()]
    made: dict[str, Any] = {
        "issuer": ORIGIN,
        "version": 1000,
        "keys": KeySet.from_jwks(shop.ring.jwks()),
        "revoked": {"receipt-2026-9-deadbeef": MADE - timedelta(days=2)},
        "statuses": (token,),
        "plates": tables_of(listed),
        "log_origin": LOG,
        "checkpoint": checkpoint_of(shop),
        "district": district(),
    }
    return Contents(**{**made, **changed})


def bundle_of(shop: Workshop, **changed: Any) -> dict[str, object]:
    return sign_bundle(contents_of(shop, **changed), signer=shop.signer(Purpose.BUNDLE), now=MADE)


def resigned(shop: Workshop, **claims: object) -> dict[str, object]:
    """A bundle signed by the right key, with these claims in place of the genuine ones (`...`: left out)."""
    document = bundle_of(shop)
    genuine = read_object(decode_base64url(str(document["bundle"]).split(".")[1]))
    changed = {name: value for name, value in {**genuine, **claims}.items() if value is not ...}
    signer = shop.signer(Purpose.BUNDLE)
    return {**document, "bundle": sign_token(changed, kind=TokenKind.BUNDLE, signer=signer)}


def proofs_of(shop: Workshop) -> Proofs:
    """Texts of every kind and status."""
    signer = shop.signer(Purpose.CODE_PLATE)

    def plate(plate_id: str) -> str:
        return sign_plate(uscc=uscc("TEXT1"), plate_id=plate_id, origin=ORIGIN, signer=signer)

    return Proofs(
        plates={status: plate(plate_id) for status, plate_id in plate_ids().items()},
        unlisted=bare(plate(_checked("987654321"))),
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


OPENING = Opening(
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
