"""The key ring: every key the hub ever had, the private halves of those that sign."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from keys.durable import locked, make_private_folder, require_private
from keys.errors import KeyFileDamagedError, NoActiveKeyError, RingMissingError
from keys.jwk import PublicKey, public_jwk
from keys.keyset import KeySet
from keys.model import NEEDS_PRIVATE, Algorithm, KeyInfo, KeyState, Purpose, whole_second
from keys.policy import POLICIES, kid_rule
from keys.ringfile import RING_FILE, load_ring, save_ring
from keys.sources import KeySource, Signer, create_source, open_source
from keys.vault import PRODUCTION_COST, ScryptCost

FILES = "file:"  # the embedded default: envelopes beside the ring


@dataclass(frozen=True, slots=True)
class PurposeSigner:
    """A private key at work for its one purpose."""

    info: KeyInfo
    signer: Signer

    @property
    def kid(self) -> str:
        return self.info.kid

    @property
    def purpose(self) -> Purpose:
        return self.info.purpose

    @property
    def algorithm(self) -> Algorithm:
        return self.info.algorithm

    @property
    def public_key(self) -> PublicKey:
        return self.signer.public_key

    def sign(self, message: bytes) -> bytes:
        """The raw signature, 64 bytes; ES256 with s in the lower half."""
        return self.signer.sign(message)


class KeyRing:
    """An opened ring. Immutable: after a change on disk, open it again."""

    def __init__(self, infos: Iterable[KeyInfo], source: KeySource) -> None:
        self.infos = tuple(infos)
        self._keys = KeySet(self.infos)
        signers = {info.kid: _own_signer(info, source) for info in self.infos if info.state in NEEDS_PRIVATE}
        self._active = MappingProxyType(
            {
                (info.purpose, info.algorithm): PurposeSigner(info, signers[info.kid])
                for info in self.infos
                if info.state is KeyState.ACTIVE
            }
        )

    @classmethod
    def create(
        cls,
        path: Path,
        passphrase: str,
        *,
        now: datetime,
        source: str = FILES,
        cost: ScryptCost = PRODUCTION_COST,
    ) -> "KeyRing":
        """Make the folder and an active key for every purpose that never had one; the rest is left as it is.

        `path` is made with mode 0700, or must have it. `cost` is smaller than the default in tests only.

        Raises: FolderModeError, EmptyPassphraseError, WrongPassphraseError, SourceNotSupportedError,
        RingMissingError (private keys without their ring), RingDamagedError, KeyFileMissingError,
        KeyFileDamagedError.
        """
        make_private_folder(path)
        with locked(path):
            keys = create_source(source, folder=path, passphrase=passphrase, cost=cost)
            infos = _known_keys(path, keys)
            for purpose in Purpose:
                if not any(info.purpose is purpose for info in infos):
                    infos = (*infos, _generate(purpose, infos, keys, whole_second(now)))
                    save_ring(path, infos, keys)
            return cls(infos, keys)

    @classmethod
    def open(cls, path: Path, passphrase: str, *, source: str = FILES) -> "KeyRing":
        """Open an existing ring; everything that would stop it from signing later stops it here.

        Raises: RingMissingError, FolderModeError, EmptyPassphraseError, WrongPassphraseError,
        SourceNotSupportedError, RingDamagedError, KeyFileMissingError, KeyFileDamagedError.
        """
        if not (path / RING_FILE).is_file():
            raise RingMissingError(f"{path} holds no key ring; run: hub init")
        require_private(path)
        keys = open_source(source, folder=path, passphrase=passphrase)
        return cls(load_ring(path, keys), keys)

    def signer(self, purpose: Purpose) -> PurposeSigner:
        """The active key of a purpose, in the purpose's own algorithm.

        Raises: NoActiveKeyError.
        """
        signer = self._active.get((purpose, POLICIES[purpose].algorithm))
        if signer is None:
            raise NoActiveKeyError(f"no key is active for {purpose}; run: hub keys generate {purpose}")
        return signer

    def verification_keys(self) -> KeySet:
        """All keys with their states, for a verifier of our own."""
        return self._keys

    def jwks(self) -> dict[str, object]:
        """The key set to publish: pending, active and verify-only keys, public members only."""
        return self._keys.jwks()


def _known_keys(folder: Path, source: KeySource) -> tuple[KeyInfo, ...]:
    """What the ring file says; an empty one is started, but never over private keys that lost theirs."""
    if (folder / RING_FILE).exists():
        return load_ring(folder, source)
    orphans = source.kids()
    if orphans:
        raise RingMissingError(
            f"{folder} holds private keys ({', '.join(orphans)}) but no {RING_FILE}; restore it from a backup",
        )
    save_ring(folder, (), source)
    return ()


def _generate(purpose: Purpose, known: tuple[KeyInfo, ...], source: KeySource, moment: datetime) -> KeyInfo:
    algorithm = POLICIES[purpose].algorithm
    signer = source.generate(kid_rule(purpose, year=moment.year, known=known), algorithm)
    return KeyInfo(
        kid=signer.kid,
        purpose=purpose,
        algorithm=algorithm,
        state=KeyState.ACTIVE,
        created_at=moment,
        activated_at=moment,
        ended_at=None,
        revoked_at=None,
        reason=None,
        public_jwk=public_jwk(signer.public_key),
    )


def _own_signer(info: KeyInfo, source: KeySource) -> Signer:
    signer = source.signer(info.kid)
    if signer.algorithm is not info.algorithm or public_jwk(signer.public_key) != dict(info.public_jwk):
        raise KeyFileDamagedError(f"the envelope of {info.kid} holds another key than the ring says")
    return signer
