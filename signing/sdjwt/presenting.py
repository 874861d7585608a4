"""The holder's side: choose what to disclose, and sign that it is presented to this verifier (RFC 9901 section 6).

A wallet trusts what it was given: nothing here checks the issuer's signature.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from signing.jws import PARTS
from signing.sdjwt import errors
from signing.sdjwt.binding import HolderDemand, sign_binding
from signing.sdjwt.disclosures import DIGESTS, ELEMENT, Disclosure, DisclosureUnfolding, read_disclosures
from signing.sdjwt.holder import HolderSigner, import_holder_key
from signing.sdjwt.text import Pieces, split
from signing.strict_json import NotCanonicalError, decode_base64url, read_object


def disclosable_names(text: str) -> tuple[str, ...]:
    """Return the top-level claims that the holder may show or keep back, in the order of the text.

    Raises: CredentialError leaves.
    """
    pieces, claims, disclosures = _open(text)
    chosen = {digest for digest in _own(claims) if digest in disclosures}
    return tuple(
        name
        for each in pieces.disclosures
        if (found := _by_text(disclosures, each)).digest in chosen and (name := found.name) is not None
    )


def present(  # what is shown, to whom, by whom, when: each by its name
    text: str,
    names: Iterable[str],
    *,
    audience: str | None = None,
    nonce: str | None = None,
    signer: HolderSigner | None = None,
    now: datetime | None = None,
) -> str:
    """Return the credential with the disclosures of these claims only (and of all that stands inside them).

    With `audience`, `nonce`, `signer` and `now` the holder's token is added; with none of them it is not.
    Raises: CredentialNoSuchClaimError, HolderKeyOtherError, CredentialNoHolderError, CredentialFormError for a
    presentation that is signed already, ValueError when only some of the four are given.
    """
    pieces, claims, disclosures = _open(text)
    kept = _chosen(claims, disclosures, frozenset(names))
    shown = Pieces(pieces.token, tuple(each for each in pieces.disclosures if each in kept), "")
    if audience is None and nonce is None and signer is None:
        return shown.presented
    if audience is None or nonce is None or signer is None or now is None:
        raise ValueError("an audience, a nonce, a key and a moment go together")
    _require_holder(claims, signer)
    asked = HolderDemand(audience, nonce)
    return shown.presented + sign_binding(shown.presented, asked=asked, signer=signer, now=now)


def unverified_face(text: str) -> Mapping[str, object]:
    """Return the claims that the disclosures hold, by name, believed by nobody: what was hidden when it was issued.

    Raises: CredentialError leaves.
    """
    _pieces, claims, disclosures = _open(text)
    whole = DisclosureUnfolding(disclosures).payload(claims)
    return {name: value for name, value in whole.items() if name not in claims}


def unverified_claims(text: str) -> Mapping[str, object]:
    """Return what the token says openly, believed by nobody: for a wallet that shows what it holds.

    Raises: CredentialError leaves.
    """
    return _open(text)[1]


def _open(text: str) -> tuple[Pieces, dict[str, object], dict[str, Disclosure]]:
    pieces = split(text)
    parts = pieces.token.split(".")
    if pieces.binding or len(parts) != PARTS:
        raise errors.CredentialFormError
    try:
        claims = read_object(decode_base64url(parts[1]))
    except NotCanonicalError as error:
        raise errors.CredentialFormError from error
    disclosures = read_disclosures(pieces.disclosures)
    DisclosureUnfolding(disclosures).payload(
        claims
    )  # a tree of limited depth, in which every disclosure has its one place
    return pieces, claims, disclosures


def _chosen(
    claims: Mapping[str, object], disclosures: Mapping[str, Disclosure], names: frozenset[str]
) -> frozenset[str]:
    """The texts of the disclosures to show."""
    own = {
        found.name: found
        for digest in _own(claims)
        if (found := disclosures.get(digest)) is not None and found.name is not None
    }
    if names - own.keys() - claims.keys():
        raise errors.CredentialNoSuchClaimError
    wanted = [own[name] for name in names if name in own]
    inside = [claims[name] for name in names if name in claims]
    inner = [
        found
        for value in (*inside, *(each.value for each in wanted))
        for found in _within(value, disclosures)
    ]
    return frozenset(each.text for each in (*wanted, *inner))


def _within(value: object, disclosures: Mapping[str, Disclosure]) -> Iterator[Disclosure]:
    """Every disclosure whose digest stands in `value`, however deep."""
    for digest in _digests(value):
        found = disclosures.get(digest)
        if found is not None:
            yield found
            yield from _within(found.value, disclosures)


def _digests(value: object) -> Iterator[str]:
    match value:
        case dict():
            yield from _own(value)
            if isinstance(value.get(ELEMENT), str):
                yield value[ELEMENT]
            for inner in value.values():
                yield from _digests(inner)
        case list():
            for inner in value:
                yield from _digests(inner)


def _own(members: Mapping[str, object]) -> Iterator[str]:
    digests = members.get(DIGESTS, [])
    if isinstance(digests, list):
        yield from (digest for digest in digests if isinstance(digest, str))


def _by_text(disclosures: Mapping[str, Disclosure], text: str) -> Disclosure:
    return next(each for each in disclosures.values() if each.text == text)


def _require_holder(claims: Mapping[str, object], signer: HolderSigner) -> None:
    bound = claims.get("cnf")
    if not isinstance(bound, dict) or "jwk" not in bound:
        raise errors.CredentialNoHolderError
    if import_holder_key(bound["jwk"]).thumbprint != signer.key.thumbprint:
        raise errors.HolderKeyOtherError
