"""Status list tokens (`typ` statuslist+jwt): a list, signed, with how long it may be kept and believed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from keys import PurposeSigner
from signing.jws import MAX_SECONDS, sign_token
from signing.status import errors
from signing.status.lists import StatusList
from signing.verified_token import TokenKind, VerifiedToken
from signing.verifier import Verifier

LIFETIME = timedelta(hours=24)  # after this nobody believes a list, however the network was cut
KEEP_SECONDS = 900  # `ttl`: how long a verifier may use its copy before it asks again


@dataclass(frozen=True, slots=True)
class VerifiedStatusList:
    """A list whose token was believed. `keep_until`: when a verifier that is online should ask for a newer one."""

    uri: str
    entries: StatusList
    issued_at: datetime
    keep_until: datetime
    expires_at: datetime
    token: VerifiedToken

    def status(self, index: object) -> int:
        """Return what the list says of `index`. Raises: StatusIndexError."""
        if type(index) is not int:  # step 21
            raise errors.StatusIndexError
        return self.entries.get(index)


def sign_status_list(entries: StatusList, *, uri: str, signer: PurposeSigner, now: datetime) -> str:
    """Return the token of a list under the address at which it is served.

    Raises: WrongSignerError, TokenTooLongError, KeysError when the key is away.
    """
    issued = int(now.timestamp())
    claims = {
        "sub": uri,
        "iat": issued,
        "exp": issued + int(LIFETIME.total_seconds()),
        "ttl": KEEP_SECONDS,
        "status_list": {"bits": entries.bits, "lst": entries.encode()},
    }
    return sign_token(claims, kind=TokenKind.STATUS_LIST, signer=signer)


def verify_status_list(token: object, *, uri: str, verifier: Verifier, now: datetime) -> VerifiedStatusList:
    """Believe a status list token about the list at `uri`, or raise the leaf that says why not.

    The numbers are those of docs/profiles/status.md. Raises: TokenError leaves, StatusError leaves.
    """
    believed = verifier.verify_token(
        token, kind=TokenKind.STATUS_LIST, now=now
    )  # steps 1-14, as of every token
    claims = believed.claims
    if claims.get("sub") != uri:  # step 15: a list is about its own address
        raise errors.StatusSubjectError
    issued, expires = _seconds(claims, "iat"), _seconds(claims, "exp")  # step 16
    keep = _seconds(claims, "ttl")
    described = claims.get("status_list")  # step 17
    if not isinstance(described, dict):
        raise errors.StatusClaimError
    entries = StatusList.decode(described.get("lst"), bits=described.get("bits"))  # steps 18-20
    return VerifiedStatusList(
        uri=uri,
        entries=entries,
        issued_at=datetime.fromtimestamp(issued, UTC),
        keep_until=datetime.fromtimestamp(min(issued + keep, expires), UTC),
        expires_at=datetime.fromtimestamp(expires, UTC),
        token=believed,
    )


def _seconds(claims: Mapping[str, object], name: str) -> int:
    value = claims.get(name)
    if type(value) is not int or not 0 < value <= MAX_SECONDS:
        raise errors.StatusClaimError
    return value
