"""Genuine credentials to forge from, and a pen that signs any payload and writes any disclosure."""

import json
from collections.abc import Mapping, Sequence

from keys import Purpose, PurposeSigner
from signing import TokenKind
from signing.algorithms import ALGORITHMS
from signing.sdjwt import SoftwareWallet, issue_credential, present
from signing.sdjwt.disclosures import digest_of
from signing.sdjwt.holder import sd_hash
from signing.strict_json import encode_base64url
from tests.support.forger import NOW, ORIGIN, Workshop
from tests.support.wallets import wallet

AUDIENCE, NONCE = "https://bank.example", "n-0S6_WzA2Mj"
MOMENT = int(NOW.timestamp())
VCT = f"{ORIGIN}/vct/food-operation"
CLAIMS: Mapping[str, object] = {
    "iss": ORIGIN,
    "iat": MOMENT,
    "nbf": MOMENT,
    "exp": MOMENT + 86_400,
    "jti": "0192f4aa-0000-7000-8000-000000000001",
    "vct": VCT,
    "status": {"status_list": {"idx": 7, "uri": f"{ORIGIN}/status/1"}},
}
FACE: Mapping[str, object] = {
    "number": "JY13308020000011",
    "holder_name": "示范面馆",
    "valid_to": None,
    "address": "示范市中心路1号",
}
HOLDER = wallet()


def signer_of(shop: Workshop) -> PurposeSigner:
    return shop.signer(Purpose.CREDENTIAL)


def genuine(shop: Workshop, *, holder: SoftwareWallet | None = HOLDER, **changed: object) -> str:
    key = None if holder is None else holder.key
    return issue_credential({**CLAIMS, **changed}, FACE, signer=signer_of(shop), holder=key)


def presented(shop: Workshop, *names: str) -> str:
    return present(
        genuine(shop), names or ("number",), audience=AUDIENCE, nonce=NONCE, signer=HOLDER, now=NOW
    )


def disclosed(*parts: object) -> str:
    """A disclosure of whatever parts."""
    return encode_base64url(json.dumps(parts, separators=(",", ":"), ensure_ascii=False).encode())


def digests(*texts: str) -> list[str]:
    return [digest_of(text) for text in texts]


def signed(shop: Workshop, payload: Mapping[str, object], disclosures: Sequence[str] = ()) -> str:
    """A credential of our own key over any payload."""
    signer = signer_of(shop)
    header = {
        "alg": ALGORITHMS[signer.algorithm].names[0],
        "kid": signer.kid,
        "typ": TokenKind.CREDENTIAL.value,
    }
    message = ".".join(encode_base64url(json.dumps(part).encode()) for part in (header, payload))
    token = f"{message}.{encode_base64url(signer.sign(message.encode()))}"
    return "~".join((token, *disclosures, ""))


def attached(
    text: str,
    *,
    holder: SoftwareWallet = HOLDER,
    header: Mapping[str, object] | None = None,
    without: str = "",
    raw: bytes | None = None,
    **changed: object,
) -> str:
    """The text with a holder's token of whatever header and claims."""
    told = {"alg": ALGORITHMS[holder.key.algorithm].names[0], "typ": "kb+jwt"} if header is None else header
    claims = {"aud": AUDIENCE, "nonce": NONCE, "iat": MOMENT, "sd_hash": sd_hash(text), **changed}
    body = json.dumps({name: value for name, value in claims.items() if name != without}).encode()
    message = f"{encode_base64url(json.dumps(told).encode())}.{encode_base64url(raw or body)}"
    return f"{text}{message}.{encode_base64url(holder.sign(message.encode()))}"
