"""Receipts, status lists, bundles and offline verdicts, shown to Python and to JavaScript."""

import json
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial

from keys import Algorithm, KeySet, Purpose
from signing import SigningError, Verifier, sign_token
from signing.bundle import read_bundle
from signing.log.receipt import verify_receipt
from signing.offline import OfflineVerdict, OfflineVerifier
from signing.status import LIST_ENTRIES, Status, StatusList, sign_status_list, verify_status_list
from signing.strict_json import encode_base64url
from signing.verified_token import TokenKind
from tests.support.bundles import (
    INDEX,
    LIST,
    MADE,
    Proofs,
    bundle_of,
    jwks_with_pending_log,
    proofs_of,
    short_status,
    whole_of,
)
from tests.support.forged_bundles import REFUSED
from tests.support.forged_receipts import forged_receipts
from tests.support.forged_shards import judged_shards
from tests.support.forger import NOW, ORIGIN, Workshop
from tests.support.judged import GENUINE, OURS, Case, Work

MAX_BYTES = 1 << 20
POLICIES = {algorithm.value: algorithm for algorithm in Algorithm}


def proofs_work(shop: Workshop) -> Work:
    """Everything at once; a bundle's own document is a verifier as well."""
    jwks = shop.ring.jwks()
    document = bundle_of(shop)
    short = bundle_of(shop, statuses=(short_status(shop),))
    verifiers: Mapping[str, Mapping[str, object]] = {
        OURS: {"jwks": jwks, "origins": [ORIGIN]},
        "bundle": {"jwks": jwks, "bundle": document},
        "short": {"jwks": jwks, "bundle": short},
        **{name: {"jwks": jwks, "bundle": document, "algorithms": [name]} for name in POLICIES},
        "pending": {"jwks": jwks_with_pending_log(shop)},
        **{
            name: {"jwks": jwks, "bundle": bare, "shards": _written(held)}
            for name, bare, held in _sharded(shop)
        },
    }
    keys = KeySet.from_jwks(jwks)
    cases = [
        *_receipts(shop, keys),
        *_statuses(shop, Verifier(keys)),
        *_bundles(shop),
        *_verdicts(shop, document, by="bundle"),
        *_verdicts(shop, short, by="short"),
        *_policies(shop, keys, document),
        *_pending(shop),
        *_shards(shop),
    ]
    return Work(verifiers, cases)


def _receipts(shop: Workshop, keys: KeySet) -> Iterator[Case]:
    proofs = proofs_of(shop)
    for token in (proofs.receipt, proofs.opened, *forged_receipts(shop)):
        reason = reason_of(partial(verify_receipt, token, keys=keys, now=NOW, issuer=ORIGIN))
        yield Case("receipt", "receipt", token, NOW, reason, rest=(("issuer", ORIGIN),))
    reason = reason_of(lambda: verify_receipt(proofs.receipt, keys=keys, now=NOW, origin="other/log"))
    yield Case("receipt", "receipt", proofs.receipt, NOW, reason, rest=(("origin", "other/log"),))


def _policies(shop: Workshop, keys: KeySet, document: Mapping[str, object]) -> Iterator[Case]:
    """Receipts and codes by verifiers that accept one algorithm only."""
    proofs = proofs_of(shop)
    for name, algorithm in POLICIES.items():
        only = frozenset({algorithm})
        offline = OfflineVerifier(read_bundle(document), algorithms=only)
        for token in (proofs.receipt, proofs.opened, proofs.receipt[:-2] + "AA"):
            reason = reason_of(partial(verify_receipt, token, keys=keys, now=NOW, algorithms=only))
            yield Case("policy", "receipt", token, NOW, reason, by=name)
            said = verdict_line(partial(offline.verify_receipt, token, now=NOW))
            yield Case("policy", "offlineReceipt", token, NOW, said, by=name)
        code = proofs.plates[Status.VALID]
        said = verdict_line(partial(offline.verify_code, code, now=NOW))
        yield Case("policy", "offlineCode", code, NOW, said, by=name)


def _pending(shop: Workshop) -> Iterator[Case]:
    """A receipt whose log key is announced and may sign a week from now."""
    token, keys = proofs_of(shop).receipt, KeySet.from_jwks(jwks_with_pending_log(shop))
    for seconds in (-6, -5, 0):
        moment = NOW + timedelta(days=7, seconds=seconds)
        reason = reason_of(partial(verify_receipt, token, keys=keys, now=moment))
        yield Case("pending", "receipt", token, moment, reason, by="pending")


def _sharded(shop: Workshop) -> Iterator[tuple[str, Mapping[str, object], Mapping[str, bytes]]]:
    """Bundles whose shards come from elsewhere: name, document, and what is at hand under each digest."""
    for name, changed, shards, _reason in judged_shards(shop):
        document = bundle_of(shop, shards=(), **changed)
        names = read_bundle(document).plates.shard_names()
        yield f"shards {name}", document, dict(zip(names, shards, strict=True))
        if name == "genuine":
            yield "shards missing", document, {}
            yield "shards half there", document, {names[0]: shards[0]}


def _written(shards: Mapping[str, bytes]) -> Mapping[str, str]:
    return {name: b64encode(content).decode() for name, content in shards.items()}


def _shards(shop: Workshop) -> Iterator[Case]:
    proofs = proofs_of(shop)
    for name, document, held in _sharded(shop):
        offline = OfflineVerifier(read_bundle(document, shards=held.get))
        for text in (*proofs.plates.values(), proofs.unlisted):
            said = verdict_line(partial(offline.verify_code, text, now=NOW))
            yield Case("shards", "offlineCode", text, NOW, said, by=name)


def _statuses(shop: Workshop, verifier: Verifier) -> Iterator[Case]:
    for token in _status_tokens(shop):
        reason = reason_of(partial(verify_status_list, token, uri=LIST, verifier=verifier, now=NOW))
        yield Case("status", "status", token, NOW, reason, rest=(("uri", LIST),))


def _status_tokens(shop: Workshop) -> Iterator[str]:
    signer, issued = shop.signer(Purpose.STATUS), int(MADE.timestamp())
    entries = StatusList.of((place, 1) for place in INDEX.values())
    yield sign_status_list(entries, uri=LIST, signer=signer, now=MADE)
    yield sign_status_list(entries, uri=LIST + "0", signer=signer, now=MADE)
    packed = zlib.compress(entries.packed)
    claims = {
        "sub": LIST,
        "iat": issued,
        "exp": issued + 86_400,
        "ttl": 900,
        "status_list": {"bits": 2, "lst": entries.encode()},
    }

    def with_list(raw: bytes) -> dict[str, object]:
        return {"status_list": {"bits": 2, "lst": encode_base64url(raw)}}

    for changed in (
        *({name: value} for name in ("iat", "exp", "ttl") for value in (..., 0, -1, "9", 1.5, True)),
        *({"status_list": value} for value in (..., None, [], "x", {}, {"bits": 2})),
        *(
            {"status_list": {"bits": bits, "lst": entries.encode()}}
            for bits in (0, 1, 3, 4, 8, 16, True, "2", 2.0, None)
        ),
        *({"status_list": {"bits": 2, "lst": lst}} for lst in (7, "", "=", "AAAA", None, ["x"])),
        with_list(packed[:-1]),
        with_list(packed[:-4]),
        with_list(packed + b"x"),
        with_list(packed + packed),
        with_list(packed[:20] + b"\xff" + packed[21:]),
        with_list(zlib.compress(bytes(MAX_BYTES))),
        with_list(zlib.compress(bytes(MAX_BYTES + 1))),
        with_list(zlib.compress(bytes(1 << 24))),
        with_list(zlib.compress(b"")),
        with_list(b"x"),
    ):
        kept = {name: value for name, value in {**claims, **changed}.items() if value is not ...}
        if type(issued_at := kept.get("iat")) is int and issued_at >= 0:  # others cannot be signed by us
            yield sign_token(kept, kind=TokenKind.STATUS_LIST, signer=signer)
    assert len(entries) == LIST_ENTRIES


def _bundles(shop: Workshop) -> Iterator[Case]:
    genuine = bundle_of(shop)
    root = read_bundle(genuine).root
    documents = [genuine, bundle_of(shop, checkpoint=None, district=None, statuses=(), plates=whole_of([]))]
    documents += [dict(forge(shop)) for forge, _ in REFUSED.values()]
    for document in documents:
        text = json.dumps(document)
        reason = reason_of(partial(read_bundle, document, root, at_least=1000))
        yield Case("bundle", "bundle", text, NOW, reason, rest=(("root", root), ("atLeast", "1000")))
    for moment in _moments():
        reason = reason_of(partial(read_bundle, genuine, root, now=moment))
        yield Case(
            "bundle", "bundle", json.dumps(genuine), moment, reason, rest=(("root", root), ("isNow", "yes"))
        )


def _verdicts(shop: Workshop, document: Mapping[str, object], *, by: str) -> Iterator[Case]:
    offline = OfflineVerifier(read_bundle(document))
    proofs: Proofs = proofs_of(shop)
    codes = [*proofs.plates.values(), proofs.unlisted, shop.dynamic, shop.plate + "A", "nonsense"]
    receipts = (proofs.receipt, proofs.opened, proofs.receipt[:-2] + "AA")
    for moment in _moments():
        for ask, judge, texts in (
            ("offlineCode", offline.verify_code, codes),
            ("offlineReceipt", offline.verify_receipt, receipts),
        ):
            for text in texts:
                said = verdict_line(partial(judge, text, now=moment))
                yield Case("offline", ask, text, moment, said, by=by)


def _moments() -> Iterable[datetime]:
    for seconds in (-6, -5, 0, 300, 599, 600, 900, 901, 5 * 3600, 86_399, 86_400):
        yield MADE + timedelta(seconds=seconds)


def reason_of(believe: Callable[[], object]) -> str:
    try:
        believe()
    except SigningError as refusal:
        return str(refusal.reason)
    return GENUINE


def verdict_line(judge: Callable[[], OfflineVerdict]) -> str:
    """All that both sides say of it, in one line."""
    try:
        said = judge()
    except SigningError as refusal:
        return str(refusal.reason)
    parts = (
        said.state.value,
        said.kind or "",
        *said.reasons,
        "" if said.status is None else said.status.name.lower(),
        str(said.needs_attention).lower(),
        "" if said.enterprise is None else said.enterprise.licenses[1].number,
    )
    return " ".join(parts)
