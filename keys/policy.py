"""Which algorithms each purpose uses under each profile, how its keys are named, and how long they matter."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from keys.errors import KeysError
from keys.jwk import thumbprint
from keys.model import Algorithm, KeyInfo, Purpose
from keys.refusals import KidsUsedUpError

MAX_TAG_SERIAL = 999  # code profile 1: a letter and one to three digits
THUMB_BYTES = 4  # enough to tell keys apart by eye; the kid's uniqueness rests on its serial
CACHE_SECONDS = 300  # how long an answer with the key set may be kept by whoever fetched it
DEFAULT_LEAD_SECONDS = 2 * CACHE_SECONDS  # two cache lives: everybody has seen a new key before it signs
OFFLINE_LEAD = timedelta(days=14)  # those who pin a key or live on bundles are online once a fortnight

_SERIAL = {  # by whether the purpose has a tag
    True: re.compile(r"[A-Z](?P<serial>[1-9][0-9]{0,2})\Z"),
    False: re.compile(r"[a-z-]+-[0-9]{4}-(?P<serial>[1-9][0-9]{0,8})-[0-9a-f]{8}\Z"),
}

KidRule = Callable[[Mapping[str, str]], str]
"""Names a key once its public half is known."""

Algorithms = Mapping[Purpose, tuple[Algorithm, ...]]
"""What a ring holds an active key for; the first of a purpose is the one that signs when none is named."""


class UnknownProfileError(KeysError):
    """A profile of algorithms that this software does not have."""

    reason = "KEYS_PROFILE"
    zh = "没有该算法配置。"
    en = "There is no such profile of algorithms."


@dataclass(frozen=True, slots=True)
class PurposePolicy:
    """What holds for the keys of one purpose.

    `algorithm` is the default profile's. `tag` is the letter that starts the kid of a code key; other purposes
    have none. `life` is how long something may be believed after its key stopped signing; None: for ever.
    `is_pinned`: its verifiers keep the key itself, so that a successor is published two weeks ahead.
    """

    algorithm: Algorithm
    life: timedelta | None
    tag: str | None = None
    is_pinned: bool = False


POLICIES: Mapping[Purpose, PurposePolicy] = MappingProxyType(
    {
        Purpose.CODE_PLATE: PurposePolicy(Algorithm.ES256, None, tag="P"),  # plates hang for decades
        Purpose.CODE_DYNAMIC: PurposePolicy(Algorithm.ES256, timedelta(minutes=10), tag="D"),  # at most 5 min
        Purpose.CREDENTIAL: PurposePolicy(
            Algorithm.ES256, timedelta(days=5 * 366)
        ),  # the longest permit term
        Purpose.STATUS: PurposePolicy(Algorithm.ES256, timedelta(days=2)),  # a list lives 24 h
        Purpose.LOG: PurposePolicy(Algorithm.EDDSA, None, is_pinned=True),  # C2SP checkpoints require Ed25519
        Purpose.RECEIPT: PurposePolicy(Algorithm.ES256, None),  # a receipt proves for ever
        Purpose.OIDC: PurposePolicy(Algorithm.ES256, timedelta(days=1)),  # tokens live minutes
        Purpose.BUNDLE: PurposePolicy(Algorithm.EDDSA, OFFLINE_LEAD, is_pinned=True),
    }
)

_NATIONAL = frozenset(
    {Purpose.CODE_PLATE, Purpose.CODE_DYNAMIC, Purpose.CREDENTIAL, Purpose.STATUS, Purpose.RECEIPT}
)  # the log, the bundle and OpenID keep the algorithms that their standards require


def _algorithms(*national: Algorithm) -> Algorithms:
    return MappingProxyType(
        {
            purpose: national if purpose in _NATIONAL else (policy.algorithm,)
            for purpose, policy in POLICIES.items()
        }
    )


PROFILES: Mapping[str, Algorithms] = MappingProxyType(
    {
        "international": _algorithms(Algorithm.ES256),
        "national": _algorithms(Algorithm.SM2),
        "dual": _algorithms(Algorithm.ES256, Algorithm.SM2),
    }
)
DEFAULT_ALGORITHMS = PROFILES["international"]


def profile_algorithms(profile: str) -> Algorithms:
    """Return the algorithms of every purpose under `international`, `national` or `dual`.

    Raises: UnknownProfileError.
    """
    found = PROFILES.get(profile)
    if found is None:
        raise UnknownProfileError(f"there is no profile {profile!r}; known are {', '.join(PROFILES)}")
    return found


def lead_time(purpose: Purpose, *, online: timedelta) -> timedelta:
    """Return how long a new key of a purpose is published before it may sign; `online` is the hub's setting."""
    return max(online, OFFLINE_LEAD) if POLICIES[purpose].is_pinned else online


def serial_of(kid: str, purpose: Purpose) -> int:
    """Return the serial in a kid that `kid_rule` gave to a key of this purpose; 0 for another's."""
    found = _SERIAL[POLICIES[purpose].tag is not None].match(kid)
    return int(found["serial"]) if found else 0


def kid_rule(purpose: Purpose, *, year: int, known: Iterable[KeyInfo], earlier: int = 0) -> KidRule:
    """Return how the next key of a purpose is called: tag and serial for codes, else purpose-year-serial-thumbprint.

    `known` is every key the ring ever held, whatever became of it: a kid is never used again. `earlier` is the
    last serial of a ring that was lost before this one.

    Raises: KidsUsedUpError.
    """
    serials = (serial_of(info.kid, purpose) for info in known if info.purpose is purpose)
    serial = 1 + max(serials, default=earlier)
    tag = POLICIES[purpose].tag
    if tag is not None:
        if serial > MAX_TAG_SERIAL:
            raise KidsUsedUpError(f"{purpose} had {MAX_TAG_SERIAL} keys")
        return lambda _jwk: f"{tag}{serial}"
    return lambda jwk: f"{purpose}-{year}-{serial}-{thumbprint(jwk)[:THUMB_BYTES].hex()}"
