"""Every class of forged token: the headers, and texts of two readings, times and parties."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from signing import TOKEN_KINDS
from signing.strict_json import decode_base64url, encode_base64url
from tests.support.forged_headers import HEADER_FORGERIES
from tests.support.forger import MADE_AT, NOW, Forged, Workshop, because, registry
from tests.support.tokens import (
    ANY_TOKEN_REASON,
    AUDIENCE,
    CLAIMS,
    ISSUER,
    R,
    genuine,
    json_bytes,
    sign_raw,
    without,
)

CONTENT_FORGERIES, forgery = registry()


@forgery
def not_canonical_base64url(shop: Workshop) -> Iterator[Forged]:
    token = genuine(shop)
    parts = token.split(".")
    for i, part in enumerate(parts):
        for wrong in (
            part + "=",
            part + "==",
            part + "A" * (5 - len(part) % 4),
            " " + part,
            part + "\n",
            part + "!",
        ):
            yield (
                ".".join((*parts[:i], wrong, *parts[i + 1 :])),
                because(R.TOKEN_BASE64, R.TOKEN_SIGNATURE, R.TOKEN_HEADER),
            )
    signature = parts[2]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for bits in range(1, 16):  # 86 characters carry 516 bits
        unused = alphabet[alphabet.index(signature[-1]) + bits]
        yield f"{parts[0]}.{parts[1]}.{signature[:-1]}{unused}", because(R.TOKEN_BASE64)
    yield token.replace("-", "+").replace("_", "/") + "+/", because(R.TOKEN_BASE64)
    yield token.replace("e", "е"), because(R.TOKEN_BASE64)


@forgery
def parts_added_or_missing(shop: Workshop) -> Iterator[Forged]:
    header, payload, signature = genuine(shop).split(".")
    for text in (
        "", header, f"{header}.{payload}", f"{header}.{payload}.{signature}.", f"{header}.{payload}.{signature}.{signature}",
        f"{header}.{payload}.{signature}.a.b", json.dumps({"payload": payload, "protected": header, "signature": signature}),
    ):  # fmt: skip
        yield text, because(R.TOKEN_FORM)
    for text in ("..", f".{payload}.{signature}", f"{header}..{signature}", f"{header}.{payload}."):
        yield text, because(R.TOKEN_BASE64)


@forgery
def payload_of_two_readings(shop: Workshop) -> Iterator[Forged]:
    text = json.dumps(CLAIMS)
    twice = text.replace("{", '{"iat": 1, ')
    nested = text.replace("}", ', "a": {"b": 1, "b": 2}}')
    for payload in (twice, nested, "[]", "7", "null", "{", text + " {}", text.replace("600", "NaN") + "x"):
        yield sign_raw(shop, payload=payload.encode()), because(R.TOKEN_PAYLOAD)
    for constant in (
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "01",
        "1.",
        "0x1",
        "'a'",
        '"\\ud800"',
        '"\t"',
        "[" * 4_000,
    ):
        yield (
            sign_raw(shop, payload=text.replace("}", f', "a": {constant}}}').encode()),
            because(R.TOKEN_PAYLOAD),
        )
    for encoding in ("utf-16", "utf-16-be", "utf-32", "utf-8-sig"):
        yield sign_raw(shop, payload=text.encode(encoding)), because(R.TOKEN_PAYLOAD)
    yield sign_raw(shop, payload=text.encode().replace(b"0192f4", b"\xff\xfe")), because(R.TOKEN_PAYLOAD)


@forgery
def times_of_the_wrong_type(shop: Workshop) -> Iterator[Forged]:
    yield without(shop, "iat"), because(R.TOKEN_CLAIM)
    for name in ("iat", "nbf", "exp"):
        for value in (None, "1795248000", 1.5, True, [1], -1, 10**12, 10**400):
            claims = json.dumps({**CLAIMS, name: value})
            yield sign_raw(shop, payload=claims.encode()), because(R.TOKEN_CLAIM)


@forgery
def outside_its_time(shop: Workshop) -> Iterator[Forged]:
    now = int(NOW.timestamp())
    for later in (6, 60, 86_400):
        yield genuine(shop, iat=now + later), because(R.TOKEN_NOT_YET)
        yield genuine(shop, nbf=now + later), because(R.TOKEN_NOT_YET)
    for earlier in (5, 60, 86_400):
        yield genuine(shop, exp=now - earlier), because(R.TOKEN_EXPIRED)


@forgery
def issued_before_its_key(shop: Workshop) -> Iterator[Forged]:
    for days in (1, 365, 10_000):
        made = int((MADE_AT - timedelta(days=days)).timestamp())
        yield genuine(shop, iat=made), because(R.TOKEN_KEY_STATE)


@forgery
def another_party(shop: Workshop) -> Iterator[Forged]:
    for issuer in ("https://evil.example", ISSUER + "/", ISSUER.upper(), "", None, [ISSUER], 7):
        yield genuine(shop, iss=issuer), because(R.TOKEN_ISSUER)
    yield without(shop, "iss"), because(R.TOKEN_ISSUER)
    for audience in (
        "https://evil.example",
        AUDIENCE + "/",
        [],
        [AUDIENCE + "x"],
        "",
        None,
        {AUDIENCE: 1},
        7,
    ):
        yield genuine(shop, aud=audience), because(R.TOKEN_AUDIENCE)
    yield without(shop, "aud"), because(R.TOKEN_AUDIENCE)


@forgery
def signature_of_another_form(shop: Workshop) -> Iterator[Forged]:
    header, payload, signature = genuine(shop).split(".")
    raw = decode_base64url(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    for wrong in (
        raw[:-1],
        raw + b"\0",
        encode_dss_signature(r, s),
        bytes(64),
        raw[32:] + raw[:32],
        b"\xff" * 64,
        b"\0",
    ):
        yield f"{header}.{payload}.{encode_base64url(wrong)}", because(R.TOKEN_SIGNATURE)


@forgery
def bits_flipped(shop: Workshop) -> Iterator[Forged]:
    token = genuine(shop)
    for position, character in enumerate(token):
        for bit in range(7):
            changed = token[:position] + chr(ord(character) ^ 1 << bit) + token[position + 1 :]
            yield changed, ANY_TOKEN_REASON


@forgery
def truncated(shop: Workshop) -> Iterator[Forged]:
    token = genuine(shop)
    yield from ((token[:length], ANY_TOKEN_REASON) for length in range(len(token)))


@forgery
def payload_exchanged(shop: Workshop) -> Iterator[Forged]:
    ours, theirs = genuine(shop).split("."), genuine(shop, jti="other").split(".")
    yield f"{ours[0]}.{theirs[1]}.{ours[2]}", because(R.TOKEN_SIGNATURE)
    yield f"{ours[0]}.{ours[1]}.{theirs[2]}", because(R.TOKEN_SIGNATURE)


@forgery
def too_long(shop: Workshop) -> Iterator[Forged]:
    most = TOKEN_KINDS[shop.kind].max_chars
    yield "A" * (most + 1), because(R.TOKEN_TOO_LONG)
    yield (
        sign_raw(shop, payload=json_bytes({**CLAIMS, "filler": "x" * (most * 4 // 5)})),
        because(R.TOKEN_TOO_LONG),
    )
    yield "." * 10_000_000, because(R.TOKEN_TOO_LONG)


@forgery
def not_text(shop: Workshop) -> Iterator[Forged]:
    for thing in (None, 5, genuine(shop).encode(), [genuine(shop)], {"token": genuine(shop)}, True):
        yield thing, because(R.TOKEN_NOT_TEXT)


@forgery
def random_text(shop: Workshop) -> Iterator[Forged]:
    for _ in range(1_000):
        parts = [
            urlsafe_b64encode(shop.chance.randbytes(shop.chance.randrange(90))).rstrip(b"=") for _ in range(3)
        ]
        yield b".".join(parts).decode(), ANY_TOKEN_REASON


TOKEN_FORGERIES = {**HEADER_FORGERIES, **CONTENT_FORGERIES}
