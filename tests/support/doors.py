"""Every kind of text that the hub signs, with the reader that must believe it and no other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from keys import KeySet, Purpose
from signing import TOKEN_KINDS, TokenKind, sign_token
from signing.bundle import read_bundle
from signing.log import open_checkpoint, verify_receipt
from signing.sdjwt import sign_proof, verify_credential, verify_proof
from signing.status import Status, StatusList, sign_status_list, verify_status_list
from tests.support import bundles, credentials
from tests.support.forger import NOW, ORIGIN, Workshop, bare

STATUS_URI = f"{ORIGIN}/status/1"
TOKENS_OF = {
    TokenKind.STATUS_LIST: "status list",
    TokenKind.RECEIPT: "receipt",
    TokenKind.BUNDLE: "bundle",
    TokenKind.CREDENTIAL: "presentation",
}
PLAIN = {"iat": int(NOW.timestamp())}


@dataclass(frozen=True)
class Door:
    """One genuine text and its reader. `same`: other texts that are genuine here too.

    `is_told`: whether what was believed is no more than the genuine text says. Only signed notes need it: anybody may
    add lines of signatures to one, and nobody can change what it says.
    """

    text: str
    believe: Callable[[object], object]
    same: frozenset[str] = frozenset()
    is_told: Callable[[object], bool] = lambda _believed: False


def doors_of(shop: Workshop) -> dict[str, Door]:
    """By kind of text; what is asked of each reader is what fits the genuine text."""
    keys = shop.ring.verification_keys()
    compound = _compound(shop, keys)
    return {**_codes(shop), **_tokens(shop, keys, compound), **compound}


def _codes(shop: Workshop) -> dict[str, Door]:
    verifier = shop.verifier()

    def believe(text: object) -> object:
        return verifier.verify_code(text, now=NOW)

    both = frozenset((shop.plate, bare(shop.plate), shop.dynamic, bare(shop.dynamic)))  # one reader for both
    return {
        kind: Door(text, believe, both) for kind, text in (("plate", shop.plate), ("dynamic", shop.dynamic))
    }


def _tokens(shop: Workshop, keys: KeySet, compound: Mapping[str, Door]) -> dict[str, Door]:
    """Each kind as the strict front reads it, before anything asks for more: compound texts are tokens to it."""
    verifier = shop.verifier()
    inside = {kind: frozenset({compound[name].text.partition("~")[0]}) for kind, name in TOKENS_OF.items()}

    def reader(kind: TokenKind) -> Callable[[object], object]:
        return lambda text: verifier.verify_token(text, kind=kind, now=NOW)

    said: dict[TokenKind, dict[str, object]] = {kind: dict(PLAIN) for kind in TokenKind}
    said[TokenKind.KEY_HISTORY] = {**PLAIN, "keys": keys.jwks()["keys"]}
    return {
        f"token {kind.value}": Door(
            sign_token(claims, kind=kind, signer=shop.signer(TOKEN_KINDS[kind].purpose)),
            reader(kind),
            inside.get(kind, frozenset()),
        )
        for kind, claims in said.items()
    }


def _compound(shop: Workshop, keys: KeySet) -> dict[str, Door]:
    """Texts with more inside than a token: lists, proofs, disclosures, notes."""
    verifier = shop.verifier()
    listed = StatusList.of([(7, Status.REVOKED)])
    document, root = bundles.bundle_of(shop), shop.signer(Purpose.BUNDLE).info.jwk()
    checkpoint = bundles.checkpoint_of(shop)
    proof = sign_proof(audience=ORIGIN, nonce="n-1", signer=credentials.HOLDER, now=NOW)
    return {
        "status list": Door(
            sign_status_list(listed, uri=STATUS_URI, signer=shop.signer(Purpose.STATUS), now=NOW),
            lambda text: verify_status_list(text, uri=STATUS_URI, verifier=verifier, now=NOW),
        ),
        "receipt": Door(
            bundles.receipt(shop, shows_opening=True), lambda text: verify_receipt(text, keys=keys, now=NOW)
        ),
        "bundle": Door(
            str(document["bundle"]), lambda text: read_bundle({**document, "bundle": text}, root, now=NOW)
        ),
        "presentation": Door(
            credentials.presented(shop, "number", "address"),
            lambda text: verify_credential(
                text,
                keys=keys,
                now=NOW,
                issuer=ORIGIN,
                audience=credentials.AUDIENCE,
                nonce=credentials.NONCE,
            ),
        ),
        "wallet's proof": Door(
            proof,
            lambda text: verify_proof(text, audience=ORIGIN, now=NOW),
        ),
        "checkpoint": Door(
            checkpoint,
            lambda text: open_checkpoint(text, keys=keys, origin=bundles.LOG),
            is_told=lambda said: said == open_checkpoint(checkpoint, keys=keys, origin=bundles.LOG),
        ),
    }
