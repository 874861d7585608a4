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
    "plates of no list": (lambda shop: resigned(shop, plates={LIST + "0": ""}), R.BUNDLE_PLATES),
    "half a row": (lambda shop: resigned(shop, plates={LIST: "AAAA"}), R.BUNDLE_PLATES),
    "rows unsorted": (
        lambda shop: resigned(
            shop, plates={LIST: encode_base64url(b"b" * 5 + bytes(3) + b"a" * 5 + bytes(3))}
        ),
        R.BUNDLE_PLATES,
    ),
    "a row twice": (
        lambda shop: resigned(shop, plates={LIST: encode_base64url((b"a" * 5 + bytes(3)) * 2)}),
        R.BUNDLE_PLATES,
    ),
    "index beyond the list": (
        lambda shop: resigned(shop, plates={LIST: encode_base64url(b"\xff" * 8)}),
        R.BUNDLE_PLATES,
    ),
    "plates not base64": (lambda shop: resigned(shop, plates={LIST: "="}), R.BUNDLE_PLATES),
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
