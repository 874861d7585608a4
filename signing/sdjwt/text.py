"""The text of a credential: `<token>~<disclosure>~…~`, and after the last tilde the holder's token, or nothing."""

from dataclasses import dataclass

from signing.jws import MAX_TOKEN_CHARS
from signing.sdjwt import errors
from signing.sdjwt.disclosures import MAX_DISCLOSURES

SEPARATOR = "~"
MAX_CREDENTIAL_CHARS = 3 * MAX_TOKEN_CHARS  # the token, the holder's token, and as much again of disclosures
MIN_PIECES = 2


@dataclass(frozen=True, slots=True)
class Pieces:
    """`binding` "" when the holder did not sign."""

    token: str
    disclosures: tuple[str, ...]
    binding: str

    @property
    def presented(self) -> str:
        """What the holder's signature covers: everything up to the last tilde, itself included."""
        return SEPARATOR.join((self.token, *self.disclosures, ""))


def split(text: object) -> Pieces:
    """Take the text apart without believing any of it.

    Raises: CredentialNotTextError (1), CredentialTooLongError (2), CredentialFormError (3) for text beyond ASCII,
    without a tilde or with an empty piece, CredentialTooManyError (4).
    """
    if not isinstance(text, str):  # step 1
        raise errors.CredentialNotTextError
    if len(text) > MAX_CREDENTIAL_CHARS:  # step 2
        raise errors.CredentialTooLongError
    pieces = text.split(SEPARATOR)
    if not text.isascii() or len(pieces) < MIN_PIECES or "" in pieces[:-1]:  # step 3
        raise errors.CredentialFormError
    if len(pieces) - MIN_PIECES > MAX_DISCLOSURES:  # step 4
        raise errors.CredentialTooManyError
    return Pieces(pieces[0], tuple(pieces[1:-1]), pieces[-1])
