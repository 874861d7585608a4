"""Credentials, presentations and holders' keys, shown to Python and to JavaScript."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from keys import KeySet
from signing.bundle import read_bundle
from signing.offline import OfflineVerifier
from signing.sdjwt import UnaskedProof, present, verify_credential
from signing.sdjwt.disclosures import MAX_DEPTH
from signing.status import Status
from signing.strict_json import decode_base64url
from tests.support.alterations import ALTERATIONS
from tests.support.bundles import INDEX, MADE, bundle_of, proofs_of
from tests.support.bundles import credential as listed
from tests.support.credentials import (
    AUDIENCE,
    HOLDER,
    NONCE,
    attached,
    digests,
    disclosed,
    genuine,
    presented,
    signed,
)
from tests.support.forged_credentials import BINDINGS, FORGERIES, nested
from tests.support.forger import NOW, ORIGIN, Workshop
from tests.support.holder_keys import BAD, ED25519, P256, SM2
from tests.support.judged import GENUINE, OURS, ROOT, Case, Work
from tests.support.judged_proofs import reason_of, verdict_line
from tests.support.wallets import ed25519_wallet

VECTORS = ROOT / "tests/vectors/credentials"
ISSUED_BY = (("issuer", ORIGIN),)
FOR_US = (("audience", AUDIENCE), ("nonce", NONCE))
REPORTED = (("unasked", "report"),)
Rest = tuple[tuple[str, str], ...]


def credential_vectors() -> Work:
    """Every published vector of credentials."""
    cases = [_vector(path) for path in sorted(VECTORS.glob("*.json")) if path.stem != "jwks"]
    jwks = json.loads((VECTORS / "jwks.json").read_text(encoding="utf-8"))
    return Work({OURS: {"jwks": jwks}}, cases)


def credentials_work(shop: Workshop, *, every: int = 1) -> Work:
    """Every forgery, every way to spoil a genuine text (or each `every`-th), and what is said offline."""
    jwks, document = shop.ring.jwks(), bundle_of(shop)
    verifiers: Mapping[str, Mapping[str, object]] = {
        OURS: {"jwks": jwks},
        "bundle": {"jwks": jwks, "bundle": document},
        "picky": {"jwks": jwks, "algorithms": ["EdDSA"]},
    }
    keys = KeySet.from_jwks(jwks)
    cases = [*_forged(shop, keys), *_spoilt(shop, keys, every=every), *_offline(shop, document)]
    return Work(verifiers, [*cases, Case("policy", "credential", genuine(shop), NOW, _POLICY, by="picky")])


_POLICY = "TOKEN_ALGORITHM_NOT_ACCEPTED"


def holder_keys_work() -> Work:
    """Keys that nobody should bind to, and good ones."""
    jwks = json.loads((VECTORS / "jwks.json").read_text(encoding="utf-8"))
    shown = [*BAD, *((dict(key), GENUINE) for key in (P256, ED25519, SM2))]
    cases = [Case("key", "holder", jwk, NOW, str(reason)) for jwk, reason in shown]
    return Work({OURS: {"jwks": jwks}}, cases)


def _vector(path: Path) -> Case:
    vector = json.loads(path.read_text(encoding="utf-8"))
    reason = GENUINE if vector["genuine"] else vector["reason"]
    rest = tuple((name, vector[name]) for name in ("issuer", "audience", "nonce") if name in vector)
    moment = datetime.fromisoformat(vector["now"])
    return Case(path.stem, "credential", vector["text"], moment, reason, rest=rest)


def _judged(name: str, text: object, keys: KeySet, rest: Rest, *, now: datetime = NOW) -> Case:
    asked = {key: value for key, value in rest if key != "unasked"}
    unasked = UnaskedProof.REPORT if rest[-1:] == REPORTED else UnaskedProof.REFUSE
    reason = reason_of(partial(verify_credential, text, keys=keys, now=now, unasked=unasked, **asked))  # type: ignore[arg-type]  # texts by name
    return Case(name, "credential", text, now, reason, rest=rest)


def _forged(shop: Workshop, keys: KeySet) -> Iterator[Case]:
    for table, rest in (
        (FORGERIES, ISSUED_BY),
        (BINDINGS, ISSUED_BY + FOR_US),
        (BINDINGS, ISSUED_BY + REPORTED),
    ):
        for name, forgery in table.items():
            yield _judged(name, forgery.make(shop), keys, rest)
    for name, text in _genuine(shop):
        for rest in (ISSUED_BY, ISSUED_BY + FOR_US, ISSUED_BY + REPORTED):
            yield _judged(name, text, keys, rest)
    text = presented(shop, "number")
    for seconds in (-6, -5, 305, 306, 90_000):
        yield _judged("another time", text, keys, ISSUED_BY + FOR_US, now=NOW + timedelta(seconds=seconds))


def _genuine(shop: Workshop) -> Iterator[tuple[str, str]]:
    """And what is genuine but odd: fractions, numbers beyond 2^53, names that a language may take for its own."""
    text, edwards = genuine(shop), ed25519_wallet()
    yield "all", text
    yield "one", present(text, ["number"])
    yield "presented", presented(shop, "number", "address")
    yield "Ed25519", attached(genuine(shop, holder=edwards), holder=edwards)
    yield "nobody's", genuine(shop, holder=None)
    odd = {"__proto__": {"a": [1.5, 2**60, {"constructor": None}]}, "9": 1, "toString": [], "é": "\U0001f600"}
    yield "odd", signed(shop, {**odd, **_plain(text)}, ())
    for depth in (MAX_DEPTH - 2, MAX_DEPTH - 1, MAX_DEPTH):
        yield "deep", signed(shop, {**_plain(text), "deep": nested(depth)}, ())
    hidden = disclosed("salt", "__proto__", {"vct": 1})
    yield "a hidden prototype", signed(shop, {**_plain(text), "_sd": digests(hidden)}, (hidden,))


def _plain(text: str) -> dict[str, object]:
    payload: dict[str, object] = json.loads(decode_base64url(text.split(".")[1]))
    return {name: value for name, value in payload.items() if name not in {"_sd", "_sd_alg"}}


def _spoilt(shop: Workshop, keys: KeySet, *, every: int) -> Iterator[Case]:
    chance = Random(11)
    peers = (shop.plate, genuine(shop), proofs_of(shop).receipt)
    for text, rest in ((genuine(shop), ISSUED_BY), (presented(shop, "number"), ISSUED_BY + FOR_US)):
        for name, alteration in ALTERATIONS.items():
            for spoilt in list(alteration(text, peers, chance))[::every]:
                if isinstance(spoilt, str):
                    yield _judged(name, spoilt, keys, rest)


def _offline(shop: Workshop, document: Mapping[str, object]) -> Iterable[Case]:
    offline = OfflineVerifier(read_bundle(document))
    proofs = proofs_of(shop)
    bound = listed(shop, INDEX[Status.VALID], holder=HOLDER.key)
    given = {"audience": AUDIENCE, "nonce": NONCE, "signer": HOLDER, "now": MADE}
    texts = [
        *proofs.credentials.values(),
        listed(shop, 7, uri=f"{ORIGIN}/status/17"),
        bound,
        "~",
        genuine(shop),
    ]
    texts.append(present(bound, [], **given))  # type: ignore[arg-type]  # by name
    for seconds in (-6, 0, 299, 900, 901, 86_399, 86_400):
        moment = MADE + timedelta(seconds=seconds)
        for text in texts:
            for asked in ({}, {"audience": AUDIENCE, "nonce": NONCE}):
                expected = verdict_line(partial(offline.verify_credential, text, now=moment, **asked))
                yield Case(
                    "offline",
                    "offlineCredential",
                    text,
                    moment,
                    expected,
                    by="bundle",
                    rest=tuple(asked.items()),
                )
