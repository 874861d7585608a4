"""Make a credential: every claim that the holder may keep back becomes a disclosure of its own (RFC 9901 section 5)."""

import secrets
from collections.abc import Callable, Mapping

from keys import PurposeSigner
from signing.jws import sign_token
from signing.sdjwt import errors
from signing.sdjwt.disclosures import (
    DIGESTS,
    HASH,
    HASH_NAME,
    MAX_DISCLOSURES,
    RESERVED,
    SALT_BYTES,
    digest_of,
    make_disclosure,
)
from signing.sdjwt.holder import HolderKey
from signing.sdjwt.text import SEPARATOR
from signing.strict_json import encode_base64url
from signing.verified_token import TokenKind

ALWAYS_VISIBLE = frozenset(  # SD-JWT VC section 2.2.2.3, and what names the credential itself
    {"iss", "iat", "nbf", "exp", "jti", "cnf", "vct", "vct#integrity", "status", "aud"}
)


def issue_credential(  # what is said, what may be kept back, who signs, who holds: each by its name
    claims: Mapping[str, object],
    disclosable: Mapping[str, object],
    *,
    signer: PurposeSigner,
    holder: HolderKey | None = None,
    decoys: int = 0,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> str:
    """Return a credential `<token>~<disclosure>~…~` with every disclosure; `claims` are always visible and hold `iat`, `vct`.

    `decoys`: digests of nothing, that hide how many claims there are. `holder` None: bound to nobody.
    Raises: WrongSignerError, CredentialReservedNameError, CredentialOverwritesError,
    CredentialHidesRegisteredError, CredentialClaimError without a `vct`, CredentialTooManyError, TokenError leaves
    and CredentialDisclosureError for what JSON cannot carry.
    """
    _require_lawful(claims, disclosable, decoys)
    made = [
        make_disclosure(name, value, salt=random_bytes(SALT_BYTES)) for name, value in disclosable.items()
    ]
    digests = [each.digest for each in made]
    digests += [digest_of(encode_base64url(random_bytes(2 * SALT_BYTES))) for _ in range(decoys)]
    payload = dict(claims)
    if holder is not None:
        payload["cnf"] = {"jwk": dict(holder.jwk)}
    if digests:
        payload |= {DIGESTS: sorted(digests), HASH: HASH_NAME}  # sorted: the order tells nothing
    token = sign_token(payload, kind=TokenKind.CREDENTIAL, signer=signer)
    return SEPARATOR.join((token, *(each.text for each in made), ""))


def _require_lawful(claims: Mapping[str, object], disclosable: Mapping[str, object], decoys: int) -> None:
    if RESERVED & (claims.keys() | disclosable.keys()):
        raise errors.CredentialReservedNameError
    if ALWAYS_VISIBLE & disclosable.keys():
        raise errors.CredentialHidesRegisteredError
    if claims.keys() & disclosable.keys() or "cnf" in claims:
        raise errors.CredentialOverwritesError
    if not isinstance(claims.get("vct"), str):
        raise errors.CredentialClaimError
    if len(disclosable) + decoys > MAX_DISCLOSURES:
        raise errors.CredentialTooManyError
