"""Which algorithm each purpose uses by default, and how its keys are named."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from keys.jwk import thumbprint
from keys.model import Algorithm, KeyInfo, Purpose

THUMB_BYTES = 4  # enough to tell keys apart by eye; the kid's uniqueness rests on its serial

KidRule = Callable[[Mapping[str, str]], str]
"""Names a key once its public half is known."""


@dataclass(frozen=True, slots=True)
class PurposePolicy:
    """`tag` is the letter that starts the kid of a code key; other purposes have none."""

    algorithm: Algorithm
    tag: str | None = None


POLICIES: Mapping[Purpose, PurposePolicy] = MappingProxyType(
    {
        Purpose.CODE_PLATE: PurposePolicy(Algorithm.ES256, tag="P"),
        Purpose.CODE_DYNAMIC: PurposePolicy(Algorithm.ES256, tag="D"),
        Purpose.CREDENTIAL: PurposePolicy(Algorithm.ES256),
        Purpose.STATUS: PurposePolicy(Algorithm.ES256),
        Purpose.LOG: PurposePolicy(Algorithm.EDDSA),  # C2SP checkpoints require Ed25519
        Purpose.RECEIPT: PurposePolicy(Algorithm.ES256),
        Purpose.OIDC: PurposePolicy(Algorithm.ES256),
        Purpose.BUNDLE: PurposePolicy(Algorithm.EDDSA),
    }
)


def kid_rule(purpose: Purpose, *, year: int, known: Iterable[KeyInfo]) -> KidRule:
    """How the next key of a purpose is called: tag and serial for codes, else purpose-year-serial-thumbprint.

    `known` is every key the ring ever held, whatever became of it: a kid is never used again.
    """
    serial = 1 + sum(1 for info in known if info.purpose is purpose)
    tag = POLICIES[purpose].tag
    if tag is not None:
        return lambda _jwk: f"{tag}{serial}"
    return lambda jwk: f"{purpose}-{year}-{serial}-{thumbprint(jwk)[:THUMB_BYTES].hex()}"
