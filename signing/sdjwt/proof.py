"""Proof of possession: a wallet shows that it holds a key before anything is bound to it.

The form is the key proof of OpenID for Verifiable Credential Issuance 1.0, appendix F.1 (`jwt`): the public key stands
in the header, and the wallet signs the issuer's name and a nonce that the issuer gave.
"""

from datetime import datetime

from signing.algorithms import ALGORITHMS
from signing.sdjwt import errors
from signing.sdjwt.binding import instant_in, require_fresh, signed_claims, taken_apart, texts_in
from signing.sdjwt.holder import HolderKey, HolderSigner, import_holder_key
from signing.strict_json import encode_base64url, write_json

PROOF_TYP = "openid4vci-proof+jwt"
HEADER = frozenset({"alg", "typ", "jwk"})
OTHER_KEYS = frozenset({"kid", "x5c"})  # appendix F.1: never beside `jwk`


def sign_proof(*, audience: str, nonce: str, signer: HolderSigner, now: datetime) -> str:
    """Return the wallet's token: its key in the header, `aud`, `nonce` and `iat` signed with it."""
    header = {
        "alg": ALGORITHMS[signer.key.algorithm].names[0],
        "jwk": dict(signer.key.jwk),
        "typ": PROOF_TYP,
    }
    claims = {"aud": audience, "iat": int(now.timestamp()), "nonce": nonce}
    message = f"{encode_base64url(write_json(header))}.{encode_base64url(write_json(claims))}"
    return f"{message}.{encode_base64url(signer.sign(message.encode('ascii')))}"


def verify_proof(token: object, *, audience: str, now: datetime) -> tuple[HolderKey, str]:
    """Return the key that signed, and the nonce it signed; whether the nonce is one of ours is for the caller to say.

    Members of the header that are not understood are passed over, as in a presentation.

    Raises: HolderKeyError and BindingError leaves.
    """
    header, *_ = taken_apart(token)
    if not header.keys() >= HEADER or header.keys() & OTHER_KEYS:
        raise errors.BindingHeaderError
    key = import_holder_key(header["jwk"])
    claims = texts_in(signed_claims(str(token), key, typ=PROOF_TYP), "aud", "nonce")
    if claims["aud"] != audience:
        raise errors.BindingAudienceError
    require_fresh(instant_in(claims), now=now)
    return key, str(claims["nonce"])
