"""Forged credentials and presentations: one named case for each way, with the reason that must be given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from signing import Reason
from signing.sdjwt import CredentialReason
from signing.sdjwt.disclosures import MAX_DEPTH, MAX_DISCLOSURES
from signing.strict_json import encode_base64url
from tests.support.credentials import (
    CLAIMS,
    HOLDER,
    attached,
    digests,
    disclosed,
    genuine,
    presented,
    signed,
)
from tests.support.forger import Workshop
from tests.support.wallets import ed25519_wallet, wallet

C = CredentialReason
A, B = disclosed("c2FsdC1hLTE2LWJ5dGVz", "number", "1"), disclosed("c2FsdC1iLTE2LWJ5dGVz", "holder_name", "x")
ELEMENT = disclosed("c2FsdC1jLTE2LWJ5dGVz", "element")


@dataclass(frozen=True)
class Forgery:
    make: Callable[[Workshop], object]
    reason: CredentialReason | Reason


def of(payload: Mapping[str, object], *texts: str) -> Callable[[Workshop], str]:
    return lambda shop: signed(shop, {**CLAIMS, **payload}, texts)


def hiding(*texts: str, **payload: object) -> Callable[[Workshop], str]:
    """Disclosures whose digests stand at the top level."""
    return of({"_sd": digests(*texts), **payload}, *texts)


def bound(text: Callable[[str], str]) -> Callable[[Workshop], str]:
    return lambda shop: text(genuine(shop))


def nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


def stripped(shop: Workshop) -> str:
    """A presentation with one disclosure taken out after the holder signed."""
    pieces = presented(shop, "number", "holder_name").split("~")
    return "~".join((pieces[0], pieces[1], pieces[3]))


def alg_of(name: str) -> Callable[[Workshop], str]:
    return bound(lambda text: attached(text, header={"alg": name, "typ": "kb+jwt"}))


def altered(shop: Workshop) -> str:
    """A disclosure of another value under a genuine token."""
    pieces = genuine(shop).split("~")
    return "~".join((pieces[0], A, *pieces[2:]))


def payload_exchanged(shop: Workshop) -> str:
    """The content of one credential under the signature of another."""
    ours, theirs = genuine(shop).split("."), genuine(shop, jti="other").split(".")
    return ".".join((ours[0], theirs[1], *ours[2:]))


def lacking(name: str) -> Callable[[Workshop], str]:
    return bound(lambda text: attached(text, without=name))


def resigned(text: str, signature: bytes) -> str:
    """A holder's token with another signature."""
    return f"{attached(text).rpartition('.')[0]}.{encode_base64url(signature)}"


FORGERIES: Mapping[str, Forgery] = {
    "not text": Forgery(lambda shop: genuine(shop).encode(), C.CREDENTIAL_NOT_TEXT),
    "too long": Forgery(lambda shop: genuine(shop) + "~" * 50_000, C.CREDENTIAL_TOO_LONG),
    "no tilde": Forgery(lambda shop: genuine(shop).split("~")[0], C.CREDENTIAL_FORM),
    "nothing but tildes": Forgery(lambda _: "~~", C.CREDENTIAL_FORM),
    "an empty disclosure": Forgery(lambda shop: genuine(shop) + "~", C.CREDENTIAL_FORM),
    "beyond ASCII": Forgery(lambda shop: genuine(shop).replace("~", "~é", 1), C.CREDENTIAL_FORM),
    "too many disclosures": Forgery(of({}, *["WyJhIl0"] * (MAX_DISCLOSURES + 1)), C.CREDENTIAL_TOO_MANY),
    "another hash": Forgery(of({"_sd_alg": "sha-512"}), C.CREDENTIAL_HASH_ALG),
    "a hash that is no name": Forgery(of({"_sd_alg": None}), C.CREDENTIAL_HASH_ALG),
    "padded disclosure": Forgery(hiding(A + "="), C.CREDENTIAL_DISCLOSURE),
    "disclosure of two readings": Forgery(
        hiding(encode_base64url(b'["c2FsdA","a",{"b":1,"b":2}]')), C.CREDENTIAL_DISCLOSURE
    ),
    "disclosure that is an object": Forgery(hiding(encode_base64url(b'{"a":1}')), C.CREDENTIAL_DISCLOSURE),
    "disclosure of one part": Forgery(hiding(disclosed("salt")), C.CREDENTIAL_DISCLOSURE),
    "disclosure of four parts": Forgery(hiding(disclosed("salt", "a", 1, 2)), C.CREDENTIAL_DISCLOSURE),
    "disclosure without salt": Forgery(hiding(disclosed("", "a", 1)), C.CREDENTIAL_DISCLOSURE),
    "salt that is a number": Forgery(hiding(disclosed(1, "a", 1)), C.CREDENTIAL_DISCLOSURE),
    "name that is a number": Forgery(hiding(disclosed("salt", 1, 1)), C.CREDENTIAL_DISCLOSURE),
    "disclosure in UTF-16": Forgery(
        hiding(encode_base64url('["salt","a",1]'.encode("utf-16"))), C.CREDENTIAL_DISCLOSURE
    ),
    "the same disclosure twice": Forgery(of({"_sd": digests(A)}, A, A), C.CREDENTIAL_DISCLOSURE_TWICE),
    "an element for a member": Forgery(hiding(ELEMENT), C.CREDENTIAL_DISCLOSURE_KIND),
    "a member for an element": Forgery(
        of({"list": [{"...": digests(A)[0]}]}, A), C.CREDENTIAL_DISCLOSURE_KIND
    ),
    "a disclosure of nobody": Forgery(of({"_sd": digests(A)}, A, B), C.CREDENTIAL_UNREFERENCED),
    "altered disclosure": Forgery(altered, C.CREDENTIAL_UNREFERENCED),
    "a disclosure of another credential": Forgery(
        lambda shop: "~".join((genuine(shop).split("~")[0], *genuine(shop).split("~")[1:])),
        C.CREDENTIAL_UNREFERENCED,
    ),
    "digests that are no list": Forgery(of({"_sd": digests(A)[0]}), C.CREDENTIAL_DIGEST),
    "a digest that is a number": Forgery(of({"_sd": [7]}), C.CREDENTIAL_DIGEST),
    "a digest of another length": Forgery(of({"_sd": [digests(A)[0] + "A"]}), C.CREDENTIAL_DIGEST),
    "an element's digest that is a list": Forgery(of({"list": [{"...": digests(A)}]}), C.CREDENTIAL_DIGEST),
    "the same digest twice": Forgery(of({"_sd": digests(A, A)}, A), C.CREDENTIAL_DIGEST_TWICE),
    "the same digest at two levels": Forgery(
        of({"_sd": digests(A), "inner": {"_sd": digests(A)}}, A), C.CREDENTIAL_DIGEST_TWICE
    ),
    "the same decoy twice": Forgery(of({"_sd": digests(A, A)}), C.CREDENTIAL_DIGEST_TWICE),
    "a claim named _sd": Forgery(hiding(disclosed("salt", "_sd", [])), C.CREDENTIAL_RESERVED_NAME),
    "a claim named ...": Forgery(hiding(disclosed("salt", "...", 1)), C.CREDENTIAL_RESERVED_NAME),
    "a claim named _sd_alg": Forgery(hiding(disclosed("salt", "_sd_alg", "x")), C.CREDENTIAL_RESERVED_NAME),
    "an ellipsis outside a list": Forgery(of({"a": {"...": digests(A)[0]}}), C.CREDENTIAL_RESERVED_NAME),
    "an ellipsis beside another member": Forgery(
        of({"list": [{"...": digests(A)[0], "b": 1}]}), C.CREDENTIAL_RESERVED_NAME
    ),
    "a hash named inside": Forgery(of({"a": {"_sd_alg": "sha-256"}}), C.CREDENTIAL_RESERVED_NAME),
    "overwriting a visible claim": Forgery(hiding(A, number="2"), C.CREDENTIAL_OVERWRITES),
    "overwriting a disclosed claim": Forgery(
        hiding(A, disclosed("other salt", "number", "2")), C.CREDENTIAL_OVERWRITES
    ),
    "overwriting inside": Forgery(of({"a": {"_sd": digests(A), "number": "2"}}, A), C.CREDENTIAL_OVERWRITES),
    "hiding who may hold it": Forgery(
        hiding(disclosed("salt", "cnf", {"jwk": dict(HOLDER.key.jwk)})), C.CREDENTIAL_HIDES_REGISTERED
    ),
    "overwriting the expiry": Forgery(
        hiding(disclosed("salt", "exp", 9_999_999_999)), C.CREDENTIAL_OVERWRITES
    ),
    "nested too deeply": Forgery(of({"a": nested(MAX_DEPTH + 1)}), C.CREDENTIAL_DEPTH),
    "no type": Forgery(of({"vct": ""}), C.CREDENTIAL_CLAIM),
    "a type that is a number": Forgery(of({"vct": 7}), C.CREDENTIAL_CLAIM),
    "a status that is no reference": Forgery(
        of({"status": {"status_list": {"idx": "7"}}}), C.CREDENTIAL_CLAIM
    ),
    "a status below zero": Forgery(
        of({"status": {"status_list": {"idx": -1, "uri": "https://a"}}}), C.CREDENTIAL_CLAIM
    ),
    "a holder that is no key": Forgery(of({"cnf": {"kid": "x"}}), C.CREDENTIAL_CLAIM),
    "a holder of two kinds": Forgery(
        of({"cnf": {"jwk": dict(HOLDER.key.jwk), "kid": "x"}}), C.CREDENTIAL_CLAIM
    ),
    "a holder with a private key": Forgery(
        of({"cnf": {"jwk": {**HOLDER.key.jwk, "d": "AA"}}}), C.HOLDER_KEY_PRIVATE
    ),
    "a token of another kind": Forgery(lambda shop: shop.plate + "~", Reason.TOKEN_FORM),
    "an altered token": Forgery(payload_exchanged, Reason.TOKEN_SIGNATURE),
    "expired": Forgery(lambda shop: genuine(shop, exp=int(str(CLAIMS["iat"])) - 60), Reason.TOKEN_EXPIRED),
    "another issuer": Forgery(lambda shop: genuine(shop, iss="https://evil.example"), Reason.TOKEN_ISSUER),
}

BINDING_HEADER: Mapping[str, object] = {"alg": "ES256", "typ": "kb+jwt"}
_STRANGER = wallet()
BINDINGS: Mapping[str, Forgery] = {
    "without the holder": Forgery(genuine, C.BINDING_MISSING),
    "a credential of nobody": Forgery(lambda shop: genuine(shop, holder=None), C.CREDENTIAL_NO_HOLDER),
    "a holder's token for nobody": Forgery(
        lambda shop: attached(genuine(shop, holder=None)), C.CREDENTIAL_NO_HOLDER
    ),
    "two parts": Forgery(bound(lambda text: text + "a.b"), C.BINDING_FORM),
    "four parts": Forgery(bound(lambda text: attached(text) + ".a"), C.BINDING_FORM),
    "not base64url": Forgery(bound(lambda text: attached(text) + "="), C.BINDING_FORM),
    "a header with its own key in it": Forgery(
        bound(
            lambda text: attached(
                text, header={**BINDING_HEADER, "jwk": dict(_STRANGER.key.jwk)}, holder=_STRANGER
            )
        ),
        C.BINDING_SIGNATURE,
    ),
    "a header with what must be understood": Forgery(
        bound(lambda text: attached(text, header={**BINDING_HEADER, "crit": ["exp"], "exp": 1})),
        C.BINDING_HEADER,
    ),
    "a header with b64 that must be understood": Forgery(
        bound(lambda text: attached(text, header={**BINDING_HEADER, "crit": ["b64"], "b64": True})),
        C.BINDING_HEADER,
    ),
    "a header without typ": Forgery(
        bound(lambda text: attached(text, header={"alg": "ES256"})), C.BINDING_HEADER
    ),
    "of another kind": Forgery(
        bound(lambda text: attached(text, header={"alg": "ES256", "typ": "JWT"})), C.BINDING_TYP
    ),
    "alg none": Forgery(alg_of("none"), C.BINDING_ALG),
    "alg of another key": Forgery(alg_of("EdDSA"), C.BINDING_ALG),
    "alg HS256": Forgery(alg_of("HS256"), C.BINDING_ALG),
    "another wallet of the same kind": Forgery(
        bound(lambda text: attached(text, holder=wallet())), C.BINDING_SIGNATURE
    ),
    "another wallet of another kind": Forgery(
        bound(lambda text: attached(text, holder=ed25519_wallet())), C.BINDING_ALG
    ),
    "an altered signature": Forgery(
        bound(lambda text: attached(text)[:-8] + "AAAAAAAA"), C.BINDING_SIGNATURE
    ),
    "a short signature": Forgery(bound(lambda text: resigned(text, bytes(63))), C.BINDING_SIGNATURE),
    "a signature of nothing": Forgery(bound(lambda text: resigned(text, bytes(64))), C.BINDING_SIGNATURE),
    **{
        f"without {name}": Forgery(lacking(name), C.BINDING_CLAIM)
        for name in ("aud", "nonce", "iat", "sd_hash")
    },
    "claims of two readings": Forgery(
        bound(lambda text: attached(text, raw=b'{"iat":1,"iat":2}')), C.BINDING_CLAIM
    ),
    "an audience that is a list": Forgery(
        bound(lambda text: attached(text, aud=["https://bank.example"])), C.BINDING_CLAIM
    ),
    "a time that is text": Forgery(bound(lambda text: attached(text, iat="1")), C.BINDING_CLAIM),
    "a time beyond all calendars": Forgery(bound(lambda text: attached(text, iat=10**15)), C.BINDING_CLAIM),
    "the hash of another text": Forgery(bound(lambda text: attached(text, sd_hash="A" * 43)), C.BINDING_HASH),
    "a disclosure taken out": Forgery(stripped, C.BINDING_HASH),
    "another audience": Forgery(
        bound(lambda text: attached(text, aud="https://bank.example/")), C.BINDING_AUDIENCE
    ),
    "another nonce": Forgery(bound(lambda text: attached(text, nonce="other")), C.BINDING_NONCE),
    "six minutes old": Forgery(
        bound(lambda text: attached(text, iat=int(str(CLAIMS["iat"])) - 360)), C.BINDING_STALE
    ),
    "two minutes ahead": Forgery(
        bound(lambda text: attached(text, iat=int(str(CLAIMS["iat"])) + 120)), C.BINDING_NOT_YET
    ),
    "of tomorrow": Forgery(
        bound(lambda text: attached(text, iat=int(str(CLAIMS["iat"])) + 86_400)), C.BINDING_NOT_YET
    ),
}
