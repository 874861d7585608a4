"""Tokens whose header tries to choose: the algorithm, the key, the kind."""

import hmac
import json
from collections.abc import Iterator

from keys import Purpose
from signing import TokenKind
from signing.algorithms import ALGORITHMS
from signing.strict_json import encode_base64url
from tests.support.forger import Forged, Workshop, because, registry
from tests.support.tokens import (
    CLAIMS,
    R,
    header_of,
    json_bytes,
    own,
    sign_raw,
    with_header,
)

HEADER_FORGERIES, forgery = registry()


@forgery
def algorithm_none(shop: Workshop) -> Iterator[Forged]:
    payload = encode_base64url(json_bytes(CLAIMS))
    for name in ("none", "None", "NONE", "nOnE", ""):
        yield with_header(shop, alg=name), because(R.TOKEN_ALG)
        header = encode_base64url(json_bytes({**header_of(shop), "alg": name}))
        yield f"{header}.{payload}.", because(R.TOKEN_BASE64)
        yield f"{header}.{payload}.AA", because(R.TOKEN_ALG)


@forgery
def public_key_as_a_shared_secret(shop: Workshop) -> Iterator[Forged]:
    public = json_bytes(own(shop).info.jwk())
    for name in ("HS256", "HS384", "HS512"):
        header = encode_base64url(json_bytes({**header_of(shop), "alg": name}))
        message = f"{header}.{encode_base64url(json_bytes(CLAIMS))}"
        digest = hmac.digest(public, message.encode(), f"sha{name[2:]}")
        yield f"{message}.{encode_base64url(digest)}", because(R.TOKEN_ALG)


@forgery
def algorithm_exchanged(shop: Workshop) -> Iterator[Forged]:
    own_names = ALGORITHMS[own(shop).algorithm].names
    for name in (
        "ES256",
        "ES384",
        "ES256K",
        "EdDSA",
        "Ed25519",
        "RS256",
        "PS256",
        "SM2",
        "sm2",
        "es256",
        "ES256 ",
    ):
        if name not in own_names:
            yield with_header(shop, alg=name), because(R.TOKEN_ALG)


@forgery
def keys_brought_along(shop: Workshop) -> Iterator[Forged]:
    theirs = shop.foreign.signer(own(shop).purpose)
    for member, value in (
        ("jwk", theirs.info.jwk()),
        ("jku", "https://evil.example/jwks.json"),
        ("x5u", "https://evil.example/chain.pem"),
        ("x5c", ["MIIB"]),
        ("x5t#S256", "AAAA"),
        ("crit", ["b64"]),
        ("b64", False),
        ("zip", "DEF"),
        ("cty", "JWT"),
        ("nonce", "1"),
        ("Alg", "ES256"),
    ):
        yield with_header(shop, **{member: value}), because(R.TOKEN_HEADER_MEMBER)


@forgery
def header_member_missing_or_no_text(shop: Workshop) -> Iterator[Forged]:
    for member in ("alg", "kid", "typ"):
        for value in (..., None, 1, True, ["ES256"], {"a": 1}):
            yield with_header(shop, **{member: value}), because(R.TOKEN_HEADER_MEMBER)


@forgery
def header_of_two_readings(shop: Workshop) -> Iterator[Forged]:
    text = json.dumps(header_of(shop))
    for header in (
        text.replace("{", '{"alg": "none", '),
        text.replace("}", ', "kid": "P1"}'),
        "[]",
        '"text"',
        "null",
        "{",
        "",
        text + "{}",
        "[" * 5_000,
    ):
        raw = header.encode()
        yield sign_raw(shop, header=raw), because(R.TOKEN_BASE64 if not raw else R.TOKEN_HEADER)
    for encoding in ("utf-16", "utf-16-le", "utf-32", "utf-8-sig"):
        yield sign_raw(shop, header=text.encode(encoding)), because(R.TOKEN_HEADER)
    yield sign_raw(shop, header=text.encode().replace(b"alg", b"al\xff")), because(R.TOKEN_HEADER)


@forgery
def key_id_as_a_path_or_query(shop: Workshop) -> Iterator[Forged]:
    for kid in (
        "../../etc/passwd",
        "/dev/null",
        "a b",
        "' OR 1=1 --",
        "",
        "k" * 65,
        "P1\n",
        "键",
        "a.b",
        "\0",
    ):
        yield with_header(shop, kid=kid), because(R.TOKEN_KID)


@forgery
def key_unknown(shop: Workshop) -> Iterator[Forged]:
    for kid in ("receipt-2026-2-00000000", "P9", "toString", "__proto__"):
        yield with_header(shop, kid=kid), because(R.TOKEN_KEY_UNKNOWN)


@forgery
def key_of_another_purpose(shop: Workshop) -> Iterator[Forged]:
    for purpose in Purpose:
        if purpose is not own(shop).purpose:
            signer = shop.signer(purpose)
            header = {"alg": signer.algorithm.value, "kid": signer.kid, "typ": shop.kind.value}
            yield sign_raw(shop, header=json_bytes(header), signer=signer), because(R.TOKEN_KEY_PURPOSE)
            yield sign_raw(shop, signer=signer), because(R.TOKEN_SIGNATURE)


@forgery
def kind_exchanged(shop: Workshop) -> Iterator[Forged]:
    others = [kind.value for kind in TokenKind if kind is not shop.kind]
    for typ in (
        *others,
        "plate+code",
        "show+code",
        "kb+jwt",
        "jwt",
        "checkpoint",
        "application/receipt+jwt",
        "Receipt+JWT",
        "",
    ):
        yield with_header(shop, typ=typ), because(R.TOKEN_TYP)


@forgery
def foreign_ring(shop: Workshop) -> Iterator[Forged]:
    yield sign_raw(shop, signer=shop.foreign.signer(own(shop).purpose)), because(R.TOKEN_SIGNATURE)
