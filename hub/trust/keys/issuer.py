"""The hub as issuer: which key signs what, and which keys are believed."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from hub.config import Settings
from keys import (
    KeyRing,
    KeySet,
    Purpose,
    PurposeSigner,
    RingFolder,
    SharedStretching,
    profile_algorithms,
    ring_place,
)
from keys.ring_file import RING_FILE

LOOK_SECONDS = 0.5  # how long a change on disk may go unseen; a look at the file costs up to 0.1 ms

_log = logging.getLogger(__name__)

Stamp = tuple[int, int, int]


def ring_folder(settings: Settings) -> RingFolder:
    """Return the hub's ring on disk, for changes. Raises: SourceNotSupportedError, SourceUriError."""
    place = ring_place(settings.keys_uri, home=settings.home)
    lead = timedelta(seconds=settings.key_lead_seconds)
    return RingFolder(place.folder, settings.keys_passphrase, source=place.source, lead=lead)


def open_ring(settings: Settings, handed_on: SharedStretching | None = None) -> KeyRing:
    """Open the hub's key ring under its profile; for verification alone while its device is away.

    `handed_on`: what the processes of one hub share (ADR 0044).

    Raises: KeysError leaves, as KeyRing.open.
    """
    place = ring_place(settings.keys_uri, home=settings.home)
    algorithms = profile_algorithms(settings.profile)
    return KeyRing.open(
        place.folder,
        settings.keys_passphrase,
        source=place.source,
        algorithms=algorithms,
        handed_on=handed_on,
    )


def following_issuer(settings: Settings, handed_on: SharedStretching | None = None) -> "FollowingIssuer":
    """Return the issuer of a process that runs for long: web workers and the background worker alike. Raises: KeysError."""
    place = ring_place(settings.keys_uri, home=settings.home)
    return FollowingIssuer(lambda: open_ring(settings, handed_on), watched=place.folder / RING_FILE)


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

    def signer(self, purpose: Purpose) -> PurposeSigner:
        """Return the key at work for a purpose, in the profile's first algorithm. Raises: NoActiveKeyError."""
        return self.key_ring.signer(purpose)

    @property
    def is_ring_checked(self) -> bool:
        """Whether the ring in use is the one on disk and its source vouched for it.

        False: the device was away when it was opened, or an older ring lies in its place since.
        """
        return self._ring.is_checked

    @property
    def key_set(self) -> KeySet:
        """Every public key with its state and window; the same object until the ring changes."""
        return self.key_ring.verification_keys()


class FollowingIssuer(Issuer):
    """An issuer in a process that runs for months: a rotation or a compromised key counts within half a second.

    `watched` is the ring's public file, replaced at every change. A ring that does not continue the one in use is
    not taken, whatever its seal: an earlier copy was sealed as well, and would believe a compromised key again. Then
    verification goes on with what is known, and nothing is signed (RingOlderError) until the file is put right.

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
            elif not self._ring.is_checked and not self._ring.is_stopped:
                self._check_again()
            self._look_at = moment + LOOK_SECONDS
        return self._ring

    def look(self) -> KeyRing:
        """Read the ring as it is on disk now, whenever the last look was."""
        self._look_at = 0.0
        return self.key_ring

    def _reopen(self) -> None:
        with self._lock:
            stamp = _stamp(self._watched)
            if stamp != self._stamp:
                self._ring = self._successor(self._open())
                self._stamp = stamp

    def _check_again(self) -> None:
        """The device that was away may be back; until then the ring stays as it is, and so do all that rest on it."""
        with self._lock:
            ring = self._ring if self._ring.is_checked else self._open()
            if ring.is_checked:
                self._ring = self._successor(ring)

    def _successor(self, ring: KeyRing) -> KeyRing:
        """The ring read from disk, or the one in use, stopped."""
        if ring.book.continues(self._ring.book):
            return ring
        fact = f"{self._watched} lacks acts that this process has seen: it is an older copy, or another ring"
        _log.error("nothing is signed any more: %s; restore the newer one (docs/operations/keys.md)", fact)
        return self._ring.stopped(fact)


def _stamp(path: Path) -> Stamp | None:
    """What changes when the file is replaced; None while it is away."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
