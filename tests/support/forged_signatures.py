"""Codes whose signature is made up, altered, made by another key or over other bytes, or past its time."""

import hashlib
import hmac
import json
from base64 import b32encode, urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from keys import Algorithm, Purpose, PurposeSigner
from keys.jwk import P256_ORDER
from signing import Reason, new_nonce, sign_dynamic
from signing.base32 import decode_signature, encode_signature
from signing.codes import signing_prefix
from signing.strict_json import decode_base64url
from tests.support.forger import (
    NOW,
    ORIGIN,
    Forged,
    Workshop,
    because,
    payload_of,
    registry,
    signature_of,
    uscc,
)

SIGNATURE_FORGERIES, forgery = registry()
R = Reason
B32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def signed(payload: str, prefix: bytes, signer: PurposeSigner) -> str:
    """A text whose signature is made over whatever a forger with a key likes."""
    return f"{ORIGIN}/c/{payload}.{encode_signature(signer.sign(prefix + payload.encode()))}"


def resigned(text: str, signature: bytes) -> str:
    return f"{ORIGIN}/c/{payload_of(text)}.{encode_signature(signature)}"


def upper_half(shop: Workshop) -> frozenset[Reason]:
    """Why an s above half the order is refused: ES256 has a rule of its own, SM2 has no twins."""
    is_es256 = shop.signer(Purpose.CODE_PLATE).algorithm is Algorithm.ES256
    return because(R.CODE_HIGH_S if is_es256 else R.CODE_SIGNATURE)


def scalars(r: int, s: int) -> bytes:
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@forgery
def signature_bits_flipped(shop: Workshop) -> Iterator[Forged]:
    for text in (shop.plate, shop.dynamic):
        signature = int.from_bytes(decode_signature(signature_of(text)), "big")
        for bit in range(512):
            yield (
                resigned(text, (signature ^ 1 << bit).to_bytes(64, "big")),
                because(R.CODE_SIGNATURE, R.CODE_HIGH_S),
            )


@forgery
def several_signature_bits_flipped(shop: Workshop) -> Iterator[Forged]:
    signature = int.from_bytes(decode_signature(signature_of(shop.plate)), "big")
    for _ in range(4_000):
        mask = sum(1 << bit for bit in shop.chance.sample(range(512), shop.chance.randint(2, 9)))
        yield (
            resigned(shop.plate, (signature ^ mask).to_bytes(64, "big")),
            because(R.CODE_SIGNATURE, R.CODE_HIGH_S),
        )


@forgery
def signatures_made_up(shop: Workshop) -> Iterator[Forged]:
    for _ in range(3_000):
        yield resigned(shop.plate, shop.chance.randbytes(64)), because(R.CODE_SIGNATURE, R.CODE_HIGH_S)


@forgery
def unused_bits_set(shop: Workshop) -> Iterator[Forged]:
    for text in (shop.plate, shop.dynamic):
        last = B32.index(text[-1])
        yield from ((text[:-1] + B32[last + bits], because(R.CODE_BASE32)) for bits in range(1, 8))


@forgery
def foreign_base32_digits(shop: Workshop) -> Iterator[Forged]:
    for digit in "0189":
        for _ in range(20):
            at = len(shop.plate) - 1 - shop.chance.randrange(103)
            yield shop.plate[:at] + digit + shop.plate[at + 1 :], because(R.CODE_BASE32)


@forgery
def signature_of_another_length(shop: Workshop) -> Iterator[Forged]:
    for length in (1, 2, 8, 63, 65, 96, 70):
        raw = shop.chance.randbytes(length)
        written = b32encode(raw).rstrip(b"=").decode()
        yield f"{payload_of(shop.plate)}.{written}", because(R.CODE_BASE32)


@forgery
def der_signature(shop: Workshop) -> Iterator[Forged]:
    raw = decode_signature(signature_of(shop.plate))
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    yield f"{payload_of(shop.plate)}.{b32encode(der).rstrip(b'=').decode()}", because(R.CODE_BASE32)


@forgery
def base64url_signature(shop: Workshop) -> Iterator[Forged]:
    raw = decode_signature(signature_of(shop.plate))
    written = urlsafe_b64encode(raw).rstrip(b"=").decode()
    yield f"{payload_of(shop.plate)}.{written}", because(R.CODE_ALPHABET)
    yield f"{payload_of(shop.plate)}.{raw.hex().upper()}", because(R.CODE_BASE32)


@forgery
def twin_signature(shop: Workshop) -> Iterator[Forged]:
    for text in (shop.plate, shop.other_plate, shop.dynamic):
        raw = decode_signature(signature_of(text))
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        yield resigned(text, scalars(r, P256_ORDER - s)), upper_half(shop)


@forgery
def scalars_out_of_range(shop: Workshop) -> Iterator[Forged]:
    raw = decode_signature(signature_of(shop.plate))
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    n, top = P256_ORDER, 2**256 - 1
    for pair in (
        (0, 0),
        (0, s),
        (r, 0),
        (n, s),
        (n + 1, s),
        (top, s),
        (0, 1),
        (1, 1),
        (n, 1),
        (s, r & n >> 2),
    ):
        yield resigned(shop.plate, scalars(*pair)), because(R.CODE_SIGNATURE)
    for pair in ((r, n), (r, n + 1), (r, top), (top, top), (0, n), (n, n), (r, n - 1)):
        yield resigned(shop.plate, scalars(*pair)), upper_half(shop)


@forgery
def scalars_exchanged(shop: Workshop) -> Iterator[Forged]:
    raw = decode_signature(signature_of(shop.plate))
    yield resigned(shop.plate, raw[32:] + raw[:32]), because(R.CODE_SIGNATURE, R.CODE_HIGH_S)


@forgery
def foreign_ring(shop: Workshop) -> Iterator[Forged]:
    for text, purpose, typ in (
        (shop.plate, Purpose.CODE_PLATE, "plate+code"),
        (shop.dynamic, Purpose.CODE_DYNAMIC, "show+code"),
    ):
        signer = shop.foreign.signer(purpose)
        yield (
            signed(payload_of(text), signing_prefix(signer.kid, signer.algorithm, typ), signer),
            because(R.CODE_SIGNATURE),
        )


@forgery
def key_of_another_purpose(shop: Workshop) -> Iterator[Forged]:
    own = {"P": (Purpose.CODE_PLATE, shop.plate), "D": (Purpose.CODE_DYNAMIC, shop.dynamic)}
    for letter, (purpose, text) in own.items():
        for other in Purpose:
            if other is not purpose:
                signer = shop.signer(other)
                for kid, typ in (
                    (f"{letter}1", "plate+code"),
                    (f"{letter}1", "show+code"),
                    (signer.kid, "JWT"),
                ):
                    prefix = signing_prefix(kid, signer.algorithm, typ)
                    yield signed(payload_of(text), prefix, signer), because(R.CODE_SIGNATURE, R.CODE_HIGH_S)


@forgery
def signed_under_another_header(shop: Workshop) -> Iterator[Forged]:
    signer = shop.signer(Purpose.CODE_PLATE)
    for header in (
        '{"alg":"ES256","b64":false,"crit":["b64"],"kid":"P1","typ":"show+code"}',
        '{"alg":"ES256","b64":false,"crit":["b64"],"kid":"P2","typ":"plate+code"}',
        '{"alg":"none","b64":false,"crit":["b64"],"kid":"P1","typ":"plate+code"}',
        '{"alg":"HS256","b64":false,"crit":["b64"],"kid":"P1","typ":"plate+code"}',
        '{"alg":"ES256","crit":["b64"],"b64":false,"kid":"P1","typ":"plate+code"}',
        '{"alg": "ES256", "b64": false, "crit": ["b64"], "kid": "P1", "typ": "plate+code"}',
        '{"alg":"ES256","kid":"P1","typ":"plate+code"}',
        "{}",
    ):
        prefix = urlsafe_b64encode(header.encode()).rstrip(b"=") + b"."
        yield signed(payload_of(shop.plate), prefix, signer), because(R.CODE_SIGNATURE)


@forgery
def signed_without_its_header(shop: Workshop) -> Iterator[Forged]:
    signer, payload = shop.signer(Purpose.CODE_PLATE), payload_of(shop.plate)
    prefix = signing_prefix("P1", signer.algorithm, "plate+code")
    encoded = urlsafe_b64encode(payload.encode()).rstrip(b"=")
    digest = hashlib.sha256(prefix + payload.encode()).digest()
    for message in (
        payload.encode(),
        prefix + encoded,
        digest,
        prefix,
        b"",
        f"{ORIGIN}/c/{payload}".encode(),
    ):
        yield resigned(shop.plate, signer.sign(message)), because(R.CODE_SIGNATURE)


@forgery
def public_key_as_a_shared_secret(shop: Workshop) -> Iterator[Forged]:
    public = shop.signer(Purpose.CODE_PLATE).info.public_jwk
    point = b"\x04" + decode_base64url(public["x"]) + decode_base64url(public["y"])
    message = signing_prefix("P1", shop.signer(Purpose.CODE_PLATE).algorithm, "plate+code")
    message += payload_of(shop.plate).encode()
    for secret in (point, json.dumps(dict(public)).encode()):
        digest = hmac.digest(secret, message, "sha512")
        yield resigned(shop.plate, digest), because(R.CODE_SIGNATURE, R.CODE_HIGH_S)


@forgery
def compact_token_in_place_of_a_code(shop: Workshop) -> Iterator[Forged]:
    signer = shop.signer(Purpose.CODE_PLATE)
    prefix = signing_prefix("P1", signer.algorithm, "plate+code").decode()
    body = urlsafe_b64encode(payload_of(shop.plate).encode()).rstrip(b"=").decode()
    signature = urlsafe_b64encode(decode_signature(signature_of(shop.plate))).rstrip(b"=").decode()
    for token in (f"{prefix}{body}.{signature}", f"{prefix}.{signature}", f"eyJhbGciOiJub25lIn0.{body}."):
        yield token, because(R.CODE_ALPHABET, R.CODE_TOO_LONG)


@forgery
def expired(shop: Workshop) -> Iterator[Forged]:
    for seconds in (0, 1, 59, 60, 3_600, 86_400 * 400):
        yield _dynamic(shop, -seconds), because(R.CODE_EXPIRED)


@forgery
def living_longer_than_a_code_may(shop: Workshop) -> Iterator[Forged]:
    for seconds in (306, 600, 86_400, 86_400 * 3_650):
        yield _dynamic(shop, seconds), because(R.CODE_NOT_YET)


def _dynamic(shop: Workshop, seconds: int) -> str:
    return sign_dynamic(
        uscc=uscc("TEXT1"),
        nonce=new_nonce(),
        expires_at=NOW + timedelta(seconds=seconds),
        origin=ORIGIN,
        signer=shop.signer(Purpose.CODE_DYNAMIC),
    )
