"""Believe a credential or a presentation, in numbered steps (RFC 9901 sections 7.1 and 7.3; SD-JWT VC section 2.4).

Pure: no clock, no network. It says what was true when the credential was issued; whether that holds now is for its
status to say.
"""

import re
from collections.abc import Mapping
from dataclasses import InitVar, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType

from keys import Algorithm, KeySet
from signing.jws import TokenRequest, verify_compact
from signing.sdjwt import errors
from signing.sdjwt.binding import Binding, HolderDemand, verify_binding
from signing.sdjwt.disclosures import HASH, HASH_NAME, DisclosureUnfolding, read_disclosures
from signing.sdjwt.holder import HolderKey, import_holder_key
from signing.sdjwt.issuing import ALWAYS_VISIBLE
from signing.sdjwt.text import Pieces, split
from signing.verified_token import VERIFIER_SEAL, TokenKind, require_seal

MAX_STATUS_INDEX = 2**31  # a status list of ours has 2^20 entries

_STATUS_URI = re.compile(r"[!-~]{1,300}\Z")


class UnaskedProof(StrEnum):
    """What to do with a holder's token when the verifier asked for none.

    REFUSE: a presentation made for somebody else proves nothing here. REPORT: check all of it but for whom it is,
    and say in `Binding.is_for_us` that this was not checked.
    """

    REFUSE = "refuse"
    REPORT = "report"


class HolderProof(StrEnum):
    """What a presentation proves of whoever presents the credential.

    UNBOUND: it was issued for nobody's key, so nothing is to be proven. NOT_ASKED: its holder signed, but whether for
    this verifier was not checked (`Unasked.REPORT`): it may have been presented to another.
    """

    PROVEN = "proven"
    NOT_ASKED = "not-asked"
    NOT_PROVEN = "not-proven"
    UNBOUND = "unbound"


@dataclass(frozen=True, slots=True)
class StatusReference:
    """Where the credential's present status is published (Token Status List section 6)."""

    uri: str
    index: int


@dataclass(frozen=True, slots=True)
class VerifiedCredential:
    """A credential whose signature, form and time were good at `verified_at`; what it holds cannot be written to.

    `token` is the issuer's part as it was presented; another signature over the same content verifies too.
    `claims` is everything visible and disclosed together; `disclosed` names what was disclosed at the top level.
    `holder` None: bound to nobody. `binding` None: the holder did not sign.
    """

    kid: str
    token: str
    claims: Mapping[str, object]
    disclosed: frozenset[str]
    vct: str
    status: StatusReference | None
    holder: HolderKey | None
    binding: Binding | None
    issued_at: datetime
    expires_at: datetime | None
    verified_at: datetime
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        require_seal(seal)

    @property
    def holder_proof(self) -> HolderProof:
        """What its holder has proven here."""
        if self.binding is not None:
            return HolderProof.PROVEN if self.binding.is_for_us else HolderProof.NOT_ASKED
        return HolderProof.UNBOUND if self.holder is None else HolderProof.NOT_PROVEN


def verify_credential(  # noqa: PLR0913  # the text, whom to believe, for whom and when: each by its name
    text: object,
    *,
    keys: KeySet,
    now: datetime,
    issuer: str | None = None,
    audience: str | None = None,
    nonce: str | None = None,
    unasked: UnaskedProof = UnaskedProof.REFUSE,
    algorithms: frozenset[Algorithm] | None = None,
) -> VerifiedCredential:
    """Believe a text, or raise the leaf that says why not.

    With `audience` and `nonce` (both or neither) the holder must have signed for them within the last five minutes.
    `algorithms` is the caller's policy for the issuer's signature; None: whatever its published key has.
    The numbers are those of docs/profiles/credential.md; the first step that fails decides.

    Raises: TokenError and CredentialError leaves; ValueError for an audience without a nonce.
    """
    asked = _asked(audience, nonce)
    pieces = split(text)  # steps 1-4
    request = TokenRequest(TokenKind.CREDENTIAL, issuer, None, algorithms)
    token = verify_compact(pieces.token, keys=keys, request=request, now=now)  # step 5
    claims = _unfolded(token.claims, pieces.disclosures)  # steps 6-14
    holder = _holder(token.claims)  # step 15
    binding = _binding(pieces, holder, asked=asked, unasked=unasked, now=now)  # steps 16-25
    return VerifiedCredential(
        kid=token.kid,
        token=pieces.token,
        claims=MappingProxyType(claims),
        disclosed=frozenset(claims.keys() - token.claims.keys()),
        vct=_vct(claims),
        status=_status(claims),
        holder=holder,
        binding=binding,
        issued_at=_moment(claims["iat"]),
        expires_at=_moment(claims["exp"]) if "exp" in claims else None,
        verified_at=now,
        seal=VERIFIER_SEAL,
    )


def _unfolded(visible: Mapping[str, object], texts: tuple[str, ...]) -> dict[str, object]:
    """The visible claims and those disclosed, once nothing hidden pretends to be what must be seen."""
    if visible.get(HASH, HASH_NAME) != HASH_NAME:  # step 6
        raise errors.CredentialHashAlgError
    disclosures = read_disclosures(texts)  # steps 7, 8
    claims = DisclosureUnfolding(disclosures).payload(visible)  # steps 9-13
    if ALWAYS_VISIBLE & (claims.keys() - visible.keys()):  # step 14
        raise errors.CredentialHidesRegisteredError
    return claims


def _asked(audience: str | None, nonce: str | None) -> HolderDemand | None:
    if audience is None and nonce is None:
        return None
    if audience is None or nonce is None:
        raise ValueError("an audience goes with a nonce")
    return HolderDemand(audience, nonce)


def _vct(claims: Mapping[str, object]) -> str:
    vct = claims.get("vct")
    if not isinstance(vct, str) or not vct:
        raise errors.CredentialClaimError
    return vct


def _status(claims: Mapping[str, object]) -> StatusReference | None:
    """None for a credential without a status. Raises: CredentialClaimError for one that is not written as it must be."""
    match claims.get("status"):
        case None:
            return None
        case {"status_list": {"uri": str() as uri, "idx": int() as index}}:
            if _STATUS_URI.match(uri) and type(index) is int and 0 <= index < MAX_STATUS_INDEX:
                return StatusReference(uri, index)
    raise errors.CredentialClaimError


def _holder(claims: Mapping[str, object]) -> HolderKey | None:
    """Raises: CredentialClaimError for another confirmation than a JWK, HolderKeyError leaves."""
    if "cnf" not in claims:
        return None
    bound = claims["cnf"]
    if not isinstance(bound, dict) or bound.keys() != {"jwk"}:
        raise errors.CredentialClaimError
    return import_holder_key(bound["jwk"])


def _binding(
    pieces: Pieces,
    holder: HolderKey | None,
    *,
    asked: HolderDemand | None,
    unasked: UnaskedProof,
    now: datetime,
) -> Binding | None:
    if not pieces.binding:  # step 16
        if asked is not None:
            raise errors.CredentialNoHolderError if holder is None else errors.BindingMissingError
        return None
    if asked is None and unasked is UnaskedProof.REFUSE:
        raise errors.BindingUnaskedError
    if holder is None:
        raise errors.CredentialNoHolderError
    return verify_binding(pieces.binding, presented=pieces.presented, holder=holder, asked=asked, now=now)


def _moment(value: object) -> datetime:
    """A time that the strict front has looked at already."""
    return datetime.fromtimestamp(int(str(value)), UTC)
