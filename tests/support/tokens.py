"""Genuine tokens to forge from, and a pen that signs anything."""

import json
from collections.abc import Mapping

from keys import PurposeSigner
from signing import TOKEN_KINDS, Reason, TokenKind, sign_token
from signing.algorithms import ALGORITHMS
from signing.strict_json import encode_base64url
from tests.support.forger import NOW, Workshop

R = Reason
KIND = TokenKind.RECEIPT
ISSUER = "https://yizhao.example.cn"
AUDIENCE = "https://partner.example"
CLAIMS: Mapping[str, object] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "iat": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 600,
    "jti": "0192f4",
}
ANY_TOKEN_REASON = frozenset(reason for reason in Reason if reason.startswith("TOKEN_"))


def own(shop: Workshop) -> PurposeSigner:
    return shop.signer(TOKEN_KINDS[shop.kind].purpose)


def genuine(shop: Workshop, **changed: object) -> str:
    return sign_token({**CLAIMS, **changed}, kind=shop.kind, signer=own(shop))


def without(shop: Workshop, name: str) -> str:
    return sign_raw(shop, payload=json_bytes({key: value for key, value in CLAIMS.items() if key != name}))


def sign_raw(
    shop: Workshop,
    *,
    header: bytes | None = None,
    payload: bytes | None = None,
    signer: PurposeSigner | None = None,
) -> str:
    """A token signed by one of our keys over whatever header and payload a forger likes."""
    key = signer or own(shop)
    parts = (
        json_bytes(header_of(shop)) if header is None else header,
        json_bytes(CLAIMS) if payload is None else payload,
    )
    message = ".".join(encode_base64url(part) for part in parts)
    return f"{message}.{encode_base64url(key.sign(message.encode()))}"


def with_header(shop: Workshop, **changed: object) -> str:
    members = {**header_of(shop), **changed}
    return sign_raw(
        shop, header=json_bytes({name: value for name, value in members.items() if value is not ...})
    )


def header_of(shop: Workshop) -> dict[str, object]:
    signer = own(shop)
    return {"alg": ALGORITHMS[signer.algorithm].names[0], "kid": signer.kid, "typ": shop.kind.value}


def json_bytes(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
