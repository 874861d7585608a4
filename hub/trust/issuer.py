"""The hub as issuer: which key signs what, and which keys are believed."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from keys import KeyRing, KeySet, Purpose, PurposeSigner

LOOK_SECONDS = 0.5  # how long a change on disk may go unseen; a look at the file costs up to 0.1 ms

Stamp = tuple[int, int, int]


class Issuer:
    """The opened key ring as the use cases see it: a signer per purpose, never a private key."""

    def __init__(self, key_ring: KeyRing) -> None:
        self._ring = key_ring

    @property
    def key_ring(self) -> KeyRing:
        return self._ring

    @property
    def plate_signer(self) -> PurposeSigner:
        """Raises: NoActiveKeyError."""
        return self.key_ring.signer(Purpose.CODE_PLATE)

    @property
    def dynamic_signer(self) -> PurposeSigner:
        """Raises: NoActiveKeyError."""
        return self.key_ring.signer(Purpose.CODE_DYNAMIC)

    @property
    def key_set(self) -> KeySet:
        """Every public key with its state and window; the same object until the ring changes."""
        return self.key_ring.verification_keys()


class FollowingIssuer(Issuer):
    """An issuer in a process that runs for months: a rotation or a compromised key counts within half a second.

    `watched` is the ring's public file, replaced at every change.
    Raises (at any use after a change): KeysError when the changed ring cannot be opened.
    """

    def __init__(self, open_ring: Callable[[], KeyRing], *, watched: Path) -> None:
        self._open = open_ring
        self._watched = watched
        self._lock = threading.Lock()
        self._stamp = _stamp(watched)
        self._look_at = 0.0
        super().__init__(open_ring())

    @property
    def key_ring(self) -> KeyRing:
        moment = time.monotonic()
        if moment >= self._look_at:
            if _stamp(self._watched) != self._stamp:
                self._reopen()
            self._look_at = moment + LOOK_SECONDS
        return self._ring

    def _reopen(self) -> None:
        with self._lock:
            stamp = _stamp(self._watched)
            if stamp != self._stamp:
                self._ring = self._open()
                self._stamp = stamp


def _stamp(path: Path) -> Stamp | None:
    """What changes when the file is replaced; None while it is away."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
