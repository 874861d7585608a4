"""Bundles that must be refused, each with its reason."""

from collections.abc import Callable, Mapping
from typing import Any

from keys import Purpose
from signing import Reason
from signing.bundle import BundleReason, sign_bundle
from signing.status import StatusList, sign_status_list
from signing.strict_json import encode_base64url
from tests.support.bundles import (
    LIST,
    MADE,
    bundle_of,
    checkpoint_of,
    contents_of,
    jwks_with_pending_log,
    resigned,
    shards_of,
)
from tests.support.forger import Workshop

Forgery = Callable[[Workshop], Mapping[str, Any]]


def altered(shop: Workshop) -> Mapping[str, Any]:
    document = bundle_of(shop)
    header, payload, signature = str(document["bundle"]).split(".")
    return {**document, "bundle": f"{header}.{payload[:-8]}AAAAAAAA.{signature}"}


def of_a_foreign_ring(shop: Workshop) -> Mapping[str, Any]:
    contents = contents_of(shop)
    return sign_bundle(contents, signer=shop.foreign.signer(Purpose.BUNDLE), now=MADE)


def under_our_root(shop: Workshop) -> Mapping[str, Any]:
    return {**of_a_foreign_ring(shop), "root": bundle_of(shop)["root"]}


def of_another_purpose(shop: Workshop) -> Mapping[str, Any]:
    return {**bundle_of(shop), "root": shop.signer(Purpose.LOG).info.jwk()}


def status_of(shop: Workshop, *, foreign: bool) -> str:
    ring = shop.foreign if foreign else shop.ring
    return sign_status_list(StatusList.of([]), uri=LIST, signer=ring.signer(Purpose.STATUS), now=MADE)


def whole(rows: str, **members: object) -> Forgery:
    """A table in the bundle itself."""

    def forge(shop: Workshop) -> Mapping[str, Any]:
        document = resigned(shop, plates={"lists": [LIST], "rows": rows})
        return {**{name: document[name] for name in ("bundle", "root")}, **members}

    return forge


def index(shards: int, *, lists: object = (LIST,), **members: object) -> Forgery:
    """An index of so many shards, which do not come along."""

    def forge(shop: Workshop) -> Mapping[str, Any]:
        digests = encode_base64url(bytes(32 * shards)) if shards else ""
        named = list(lists) if isinstance(lists, tuple) else lists
        document = resigned(shop, plates={"lists": named, "shards": digests, **members})
        return {name: document[name] for name in ("bundle", "root")}

    return forge


R = BundleReason
REFUSED: Mapping[str, tuple[Forgery, str]] = {
    "no bundle": (lambda shop: {"root": bundle_of(shop)["root"]}, R.BUNDLE_FORM),
    "no root": (lambda shop: {"bundle": bundle_of(shop)["bundle"]}, R.BUNDLE_FORM),
    "a root that is no key": (lambda shop: {**bundle_of(shop), "root": {"kty": "EC"}}, R.BUNDLE_ROOT_FORM),
    "altered": (altered, Reason.TOKEN_SIGNATURE),
    "of a foreign ring": (of_a_foreign_ring, R.BUNDLE_ROOT),
    "of a foreign ring under our root": (under_our_root, Reason.TOKEN_KEY_UNKNOWN),
    "no time": (lambda shop: {**bundle_of(shop), "bundle": "e30.e30.AA"}, Reason.TOKEN_HEADER_MEMBER),
    "no token": (lambda shop: {**bundle_of(shop), "bundle": ""}, Reason.TOKEN_FORM),
    "not base64": (lambda shop: {**bundle_of(shop), "bundle": "a.=.b"}, Reason.TOKEN_BASE64),
    "profile 1": (lambda shop: resigned(shop, profile=...), R.BUNDLE_PROFILE),
    "profile 3": (lambda shop: resigned(shop, profile=3), R.BUNDLE_PROFILE),
    "profile 2 as text": (lambda shop: resigned(shop, profile="2"), R.BUNDLE_PROFILE),
    "version 0": (lambda shop: resigned(shop, version=0), R.BUNDLE_CLAIM),
    "version true": (lambda shop: resigned(shop, version=True), R.BUNDLE_CLAIM),
    "no version": (lambda shop: resigned(shop, version=...), R.BUNDLE_CLAIM),
    "no issuer": (lambda shop: resigned(shop, iss=...), R.BUNDLE_CLAIM),
    "no end": (lambda shop: resigned(shop, exp=...), R.BUNDLE_CLAIM),
    "eight days": (lambda shop: resigned(shop, exp=int(MADE.timestamp()) + 8 * 86_400), R.BUNDLE_CLAIM),
    "ends before it begins": (lambda shop: resigned(shop, exp=int(MADE.timestamp())), R.BUNDLE_CLAIM),
    "older": (lambda shop: resigned(shop, version=999), R.BUNDLE_ROLLED_BACK),
    "no keys": (lambda shop: resigned(shop, keys=...), R.BUNDLE_KEYS),
    "a key twice": (lambda shop: resigned(shop, keys=[shop.ring.jwks()["keys"][0]] * 2), R.BUNDLE_KEYS),  # type: ignore[index]  # a list
    "no revoked": (lambda shop: resigned(shop, revoked=...), R.BUNDLE_KEYS),
    "revoked without time": (lambda shop: resigned(shop, revoked=[{"kid": "P1"}]), R.BUNDLE_KEYS),
    "no statuses": (lambda shop: resigned(shop, statuses=...), R.BUNDLE_STATUS),
    "no status token": (lambda shop: resigned(shop, statuses=[7]), R.BUNDLE_STATUS),
    "foreign status": (
        lambda shop: resigned(shop, statuses=[status_of(shop, foreign=True)]),
        R.BUNDLE_STATUS,
    ),
    "status twice": (
        lambda shop: resigned(shop, statuses=[status_of(shop, foreign=False)] * 2),
        R.BUNDLE_STATUS,
    ),
    "no plates": (lambda shop: resigned(shop, plates=...), R.BUNDLE_PLATES),
    "plates as in profile 1": (lambda shop: resigned(shop, plates={LIST: ""}), R.BUNDLE_PLATES),
    "half a row": (whole("AAAA"), R.BUNDLE_PLATES),
    "rows unsorted": (whole(encode_base64url(b"b" * 13 + b"a" * 13)), R.BUNDLE_PLATES),
    "a row twice": (whole(encode_base64url(b"a" * 26)), R.BUNDLE_PLATES),
    "plates not base64": (whole("="), R.BUNDLE_PLATES),
    "both rows and shards": (index(2, rows=""), R.BUNDLE_PLATES),
    "no shards": (index(0), R.BUNDLE_PLATES),
    "three shards": (index(3), R.BUNDLE_PLATES),
    "half a digest": (lambda shop: resigned(shop, plates={"lists": [], "shards": "A" * 22}), R.BUNDLE_PLATES),
    "too many shards": (index(1 << 17), R.BUNDLE_PLATES),
    "a list twice": (index(2, lists=[LIST, LIST]), R.BUNDLE_PLATES),
    "a list that is no text": (index(2, lists=[7]), R.BUNDLE_PLATES),
    "lists that are none": (index(2, lists="x"), R.BUNDLE_PLATES),
    "one shard too few": (lambda shop: bundle_of(shop, shards=shards_of(shop)[:1]), R.BUNDLE_SHARD),
    "one shard too many": (lambda shop: bundle_of(shop, shards=[*shards_of(shop), b"x"]), R.BUNDLE_SHARD),
    "shards for a whole table": (whole("", shards=["AAAA"]), R.BUNDLE_SHARD),
    "shards that are no list": (lambda shop: {**bundle_of(shop), "shards": "AAAA"}, R.BUNDLE_FORM),
    "a shard that is no text": (lambda shop: {**bundle_of(shop), "shards": [1, 2]}, R.BUNDLE_FORM),
    "a shard not in base64": (lambda shop: {**bundle_of(shop), "shards": ["=", "AAAA"]}, R.BUNDLE_FORM),
    "log of another name": (
        lambda shop: resigned(shop, log={"origin": "a/log", "checkpoint": checkpoint_of(shop)}),
        R.BUNDLE_CHECKPOINT,
    ),
    "log by a key that is still pending": (
        lambda shop: resigned(shop, keys=jwks_with_pending_log(shop)["keys"]),
        R.BUNDLE_CHECKPOINT,
    ),
    "log without checkpoint": (lambda shop: resigned(shop, log={"origin": "a/log"}), R.BUNDLE_CHECKPOINT),
    "district without content": (
        lambda shop: resigned(shop, district={"region": "330802"}),
        R.BUNDLE_DISTRICT,
    ),
    "district not compressed": (
        lambda shop: resigned(shop, district={"region": "330802", "zip": "e30"}),
        R.BUNDLE_DISTRICT,
    ),
}
