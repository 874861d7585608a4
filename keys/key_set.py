"""The immutable set of public keys that a verifier believes, and its JSON form (RFC 7517 section 5)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from keys.errors import MalformedKeySetError
from keys.jwk import SHAPES, PublicKey, load_public
from keys.model import PUBLISHED, SIGNED, Algorithm, KeyInfo, KeyState, Purpose

MAX_KEYS = 1_000  # eight purposes, a few keys a year each: a larger set is not ours


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """One key ready to verify: its facts and the loaded public half."""

    info: KeyInfo
    public_key: PublicKey

    @property
    def kid(self) -> str:
        return self.info.kid


class KeySet:
    """Public keys by kid. Immutable: a rotation makes another set.

    Raises: MalformedKeySetError when two keys share a kid or a key is not a point of its curve.
    """

    __slots__ = ("_keys", "youngest")

    def __init__(self, infos: Iterable[KeyInfo]) -> None:
        keys: dict[str, VerificationKey] = {}
        for info in infos:
            if info.kid in keys:
                raise MalformedKeySetError(f"two keys are called {info.kid}")
            keys[info.kid] = VerificationKey(info, load_public(info.algorithm, info.public_jwk))
        self._keys: Mapping[str, VerificationKey] = MappingProxyType(keys)
        self.youngest = max(
            (
                key.info.activated_at
                for key in keys.values()
                if key.info.state in SIGNED and key.info.activated_at is not None
            ),
            default=None,
        )
        """When the last of the keys that sign, or signed, began to; None when none did."""

    def get(self, kid: str) -> VerificationKey | None:
        return self._keys.get(kid)

    def __iter__(self) -> Iterator[VerificationKey]:
        return iter(self._keys.values())

    def __len__(self) -> int:
        return len(self._keys)

    def jwks(self) -> dict[str, object]:
        """`{"keys": [...]}` of the keys in a published state; retired and compromised ones are out."""
        return {"keys": [key.info.jwk() for key in self if key.info.state in PUBLISHED]}

    @classmethod
    def from_jwks(cls, document: Mapping[str, object]) -> "KeySet":
        """Return the key set that `jwks()` published.

        Raises: MalformedKeySetError for a document of another shape, more than 1 000 keys, a private member.
        """
        entries = document.get("keys")
        if not isinstance(entries, list) or len(entries) > MAX_KEYS:
            raise MalformedKeySetError("a key set is an object with a list of at most 1000 keys")
        return cls(_info(entry) for entry in entries)


def _info(entry: object) -> KeyInfo:
    if not isinstance(entry, Mapping):
        raise MalformedKeySetError("a key is an object")
    if "d" in entry:
        raise MalformedKeySetError("a private key has been published; treat it as compromised")
    try:
        algorithm = Algorithm(_text(entry, "alg"))
        info = KeyInfo(
            kid=_text(entry, "kid"),
            purpose=Purpose(_text(entry, "purpose")),
            algorithm=algorithm,
            state=KeyState(_text(entry, "state")),
            created_at=_required(_instant(entry, "iat")),
            activated_at=_instant(entry, "nbf"),
            ended_at=_instant(entry, "exp"),
            revoked_at=None,
            reason=None,
            public_jwk=_public_members(algorithm, entry),
        )
    except ValueError as error:
        raise MalformedKeySetError(f"a key has a value outside the profile: {error}") from error
    if info.state not in PUBLISHED:
        raise MalformedKeySetError(f"a key set does not list {info.state} keys")
    return info


def _public_members(algorithm: Algorithm, entry: Mapping[str, object]) -> dict[str, str]:
    shape = SHAPES[algorithm]
    return {name: _text(entry, name) for name in (*shape.fixed, *shape.coordinates)}


def _text(entry: Mapping[str, object], name: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str):
        raise MalformedKeySetError(f"a key lacks the text member {name}")
    return value


def _instant(entry: Mapping[str, object], name: str) -> datetime | None:
    value = entry.get(name)
    if value is None:
        return None
    if type(value) is not int:
        raise MalformedKeySetError(f"a key's {name} is not a whole number of seconds")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError) as error:
        raise MalformedKeySetError(f"a key's {name} is not a time") from error


def _required(moment: datetime | None) -> datetime:
    if moment is None:
        raise MalformedKeySetError("a key lacks iat")
    return moment
