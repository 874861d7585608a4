"""The key ring: every key the hub ever had, the private halves of those that sign."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from keys.changes import FILES, KeyOrder, known_book, take_new_key
from keys.data_keys import DataKeyFile, cipher_for
from keys.durable_files import locked, make_private_folder, require_private
from keys.errors import (
    KeyFileDamagedError,
    KeysError,
    NoActiveKeyError,
    RingMissingError,
    RingOlderError,
    SignerAwayError,
)
from keys.history import KeyAct
from keys.jwk import PublicKey, load_public, public_jwk
from keys.key_set import KeySet
from keys.model import NEEDS_PRIVATE, Algorithm, KeyInfo, KeyState, Purpose
from keys.policy import DEFAULT_ALGORITHMS, Algorithms
from keys.ring_file import RING_FILE, OpenedRing, load_ring, remember_checked
from keys.shared_stretching import SharedStretching
from keys.sources import KeySource, Signer, create_source, open_source
from keys.vault import PRODUCTION_COST, ScryptCost

NO_SERIALS: Mapping[Purpose, int] = MappingProxyType({})


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
        """Return the raw signature, 64 bytes; ES256 with s in the lower half.

        Raises: SignerAwayError (the device does not answer now; nothing was signed).
        """
        return self.signer.sign(message)


class WaitingSigner:
    """A key whose device was away when the ring was opened: found at the first signature after its return."""

    __slots__ = ("_found", "_info", "_source", "public_key")

    def __init__(self, info: KeyInfo, source: KeySource) -> None:
        self._info = info
        self._source = source
        self._found: Signer | None = None
        self.public_key = load_public(info.algorithm, info.public_jwk)

    @property
    def kid(self) -> str:
        return self._info.kid

    @property
    def algorithm(self) -> Algorithm:
        return self._info.algorithm

    def sign(self, message: bytes) -> bytes:
        """Raises: SignerAwayError while the device is away, KeyFileMissingError, KeyFileDamagedError."""
        if self._found is None:
            self._found = _own_signer(self._info, self._source)
        return self._found.sign(message)


class KeyRing:
    """An opened ring. Immutable: after a change on disk, open it again.

    `is_checked` is False when the device that seals the ring was away: then the ring is the one that it vouched
    for when it was there last, and whoever operates the hub must be told.
    """

    def __init__(self, opened: OpenedRing, source: KeySource, algorithms: Algorithms, folder: Path) -> None:
        self.data_keys = DataKeyFile(folder, source)
        self._folder, self._source = folder, source
        self.book = opened.book
        self.is_checked = opened.is_checked
        self._stopped: KeysError | None = None
        self._algorithms = algorithms
        self._keys = KeySet(self.book.infos)
        self._active: Mapping[tuple[Purpose, Algorithm], PurposeSigner] = MappingProxyType(
            {
                (info.purpose, info.algorithm): PurposeSigner(info, signer)
                for info, signer in _signers(self.book.infos, source)
                if info.state is KeyState.ACTIVE
            }
        )

    @classmethod
    def create(  # noqa: PLR0913  # settings of one thing, all keyword-only and with defaults
        cls,
        path: Path,
        passphrase: str,
        *,
        now: datetime,
        source: str = FILES,
        cost: ScryptCost = PRODUCTION_COST,
        algorithms: Algorithms = DEFAULT_ALGORITHMS,
        earlier: Mapping[Purpose, int] = NO_SERIALS,
        is_demonstration: bool = False,
    ) -> "KeyRing":
        """Make the folder, an active key for every purpose and algorithm that never had one, and a data key.

        The rest is left as it is. `path` is made with mode 0700, or must have it. `cost` is smaller than the
        default in tests only. `earlier` are the last serials of a ring that was lost, whose names are not used again.
        `is_demonstration` marks a ring that is made now.

        Raises: FolderModeError, EmptyPassphraseError, WrongPassphraseError, SourceNotSupportedError,
        RingMissingError (private keys without their ring), RingDamagedError, KeyFileMissingError,
        KeyFileDamagedError, AlgorithmNotSupportedError, SignerAwayError.
        """
        make_private_folder(path)
        with locked(path):
            keys = create_source(source, folder=path, passphrase=passphrase, cost=cost)
            opened = known_book(path, keys, is_demonstration=is_demonstration)
            book = opened.book
            for purpose in Purpose:
                for algorithm in algorithms[purpose]:
                    if not any((each.purpose, each.algorithm) == (purpose, algorithm) for each in book.infos):
                        order = KeyOrder(purpose, algorithm, now, earlier=earlier.get(purpose, 0))
                        book = take_new_key(path, book, keys, order)
            DataKeyFile(path, keys).begin(cipher_for(algorithms))
            return cls(OpenedRing(book, opened.is_checked), keys, algorithms, path)

    @classmethod
    def open(
        cls,
        path: Path,
        passphrase: str,
        *,
        source: str = FILES,
        algorithms: Algorithms = DEFAULT_ALGORITHMS,
        handed_on: SharedStretching | None = None,
    ) -> "KeyRing":
        """Open an existing ring; everything but a device's absence that would stop it from signing stops it here.

        `algorithms` says which key signs for a purpose that has several; `handed_on` is what the processes of one hub
        share, so that the passphrase is stretched in one of them.

        Raises: RingMissingError, FolderModeError, EmptyPassphraseError, WrongPassphraseError,
        SourceNotSupportedError, RingDamagedError, RingUncheckedError, KeyFileMissingError, KeyFileDamagedError.
        """
        if not (path / RING_FILE).is_file():
            raise RingMissingError(f"{path} holds no key ring; run: hub init")
        require_private(path)
        keys = open_source(source, folder=path, passphrase=passphrase, handed_on=handed_on)
        return cls(_loaded(path, keys), keys, algorithms, path)

    def read_again(self) -> "KeyRing":
        """Return the ring as it is on disk now, through the source that is open: nothing is stretched or logged in again.

        Raises: as `open`; also where the folder is another one by now, which `open` with its passphrase may open.
        """
        require_private(self._folder)
        opened = _loaded(self._folder, self._source)
        return KeyRing(opened, self._source, self._algorithms, self._folder)

    def stopped(self, fact: str) -> "KeyRing":
        """Return what this ring knows, for verification alone, unchecked: another one lies in its place on disk."""
        ring = copy(self)
        ring.is_checked = False
        ring._stopped = RingOlderError(fact)  # noqa: SLF001  # our own copy
        return ring

    def silenced(self, error: KeysError) -> "KeyRing":
        """Return what this ring knows, for verification alone: whoever asks for a signer is told `error`."""
        ring = copy(self)
        ring._stopped = error  # noqa: SLF001  # our own copy
        return ring

    @property
    def is_demonstration(self) -> bool:
        """Whether its keys are a demonstration's."""
        return self.book.is_demonstration

    @property
    def is_stopped(self) -> bool:
        return self._stopped is not None

    @property
    def infos(self) -> tuple[KeyInfo, ...]:
        """The facts of every key, in the order in which they were made."""
        return self.book.infos

    @property
    def acts(self) -> tuple[KeyAct, ...]:
        """What was done with the keys, oldest first."""
        return self.book.acts

    def signer(self, purpose: Purpose, algorithm: Algorithm | None = None) -> PurposeSigner:
        """Return the active key of a purpose, in the algorithm named or else the profile's first. Never another one.

        Raises: NoActiveKeyError, RingOlderError (the ring was stopped), what it was silenced with.
        """
        if self._stopped is not None:
            raise self._stopped
        wanted = algorithm or self._algorithms[purpose][0]
        signer = self._active.get((purpose, wanted))
        if signer is None:
            raise NoActiveKeyError(
                f"no {wanted} key is active for {purpose}; run: hub keys generate {purpose} --at-once"
            )
        return signer

    def verification_keys(self) -> KeySet:
        """Return all keys with their states, for a verifier of our own."""
        return self._keys

    def jwks(self) -> dict[str, object]:
        """Return the key set to publish: pending, active and verify-only keys, public members only."""
        return self._keys.jwks()


def _loaded(folder: Path, source: KeySource) -> OpenedRing:
    opened = load_ring(folder, source)
    if opened.is_checked:
        remember_checked(folder, source)
    return opened


def _signers(infos: tuple[KeyInfo, ...], source: KeySource) -> list[tuple[KeyInfo, Signer]]:
    found: list[tuple[KeyInfo, Signer]] = []
    for info in infos:
        if info.state in NEEDS_PRIVATE:
            try:
                found.append((info, _own_signer(info, source)))
            except SignerAwayError:
                found.append((info, WaitingSigner(info, source)))
    return found


def _own_signer(info: KeyInfo, source: KeySource) -> Signer:
    signer = source.signer(info.kid)
    if signer.algorithm is not info.algorithm or public_jwk(signer.public_key) != dict(info.public_jwk):
        raise KeyFileDamagedError(f"the private key of {info.kid} is another one than the ring says")
    return signer
