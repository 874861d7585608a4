"""Changes of a ring on disk: one at a time, sealed, durable, and whole after a crash.

A new private key is stored before the ring names it. A crash in between leaves a private key that nobody knows; it
was never published, and the next key of that name takes its place.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from keys import rotation
from keys.durable_files import locked, require_private
from keys.errors import RingMissingError, SignerAwayError
from keys.history import RingContents
from keys.jwk import public_jwk
from keys.model import Algorithm, Purpose, whole_second
from keys.policy import DEFAULT_LEAD_SECONDS, kid_rule, lead_time
from keys.ring_file import RING_FILE, OpenedRing, load_ring, reseal_ring, save_ring
from keys.sources import KeySource, create_source, open_source
from keys.vault import PRODUCTION_COST

FILES = "file:"  # the embedded default: envelopes beside the ring


@dataclass(frozen=True, slots=True)
class RingFolder:
    """A ring on disk, opened anew for every change. All methods answer with the ring as it is afterwards.

    All raise what KeyRing.open raises, and SignerAwayError while the device that seals the ring is away.
    """

    path: Path
    passphrase: str
    source: str = FILES
    lead: timedelta = timedelta(seconds=DEFAULT_LEAD_SECONDS)

    def read(self) -> RingContents:
        """Return the keys and acts, checked where the source is there."""
        return load_ring(self.path, self._open()).book

    def generate(
        self, purpose: Purpose, algorithm: Algorithm, *, now: datetime, at_once: bool = False
    ) -> RingContents:
        """Make a key: published now, allowed to sign after the lead; `at_once` only where none is active.

        Raises: PendingExistsError, ActiveKeyExistsError, ClockBehindError, AlgorithmNotSupportedError.
        """
        lead = lead_time(purpose, online=self.lead)
        order = KeyOrder(purpose, algorithm, now, lead, at_once)
        return self._change(lambda book, keys: _with_new_key(book, keys, order))

    def rotate(
        self, purpose: Purpose, algorithm: Algorithm, *, now: datetime, at_once: bool = False
    ) -> RingContents:
        """Let the waiting key take over.

        Raises: NoPendingKeyError, TooEarlyError, ActiveKeyExistsError, ClockBehindError.
        """
        return self._change(
            lambda book, _keys: rotation.rotate(book, purpose, algorithm, now=now, at_once=at_once)
        )

    def retire(self, kid: str, *, now: datetime, force_reason: str | None = None) -> RingContents:
        """Believe nothing of a key that stopped signing any more.

        Raises: UnknownKeyError, NotVerifyOnlyError, StillNeededError, ReasonMissingError, ClockBehindError.
        """
        return self._change(
            lambda book, _keys: rotation.retire(book, kid, now=now, force_reason=force_reason)
        )

    def compromise(self, kid: str, *, reason: str, now: datetime) -> RingContents:
        """Believe nothing of a key any more, at once.

        Raises: UnknownKeyError, AlreadyCompromisedError, ReasonMissingError, ClockBehindError.
        """
        return self._change(lambda book, _keys: rotation.compromise(book, kid, reason=reason, now=now))

    def mark_demonstration(self) -> RingContents:
        """Its keys sign for a demonstration from now on; there is no way back."""
        return self._change(lambda book, _keys: replace(book, is_demonstration=True))

    def reseal(self) -> RingContents:
        """Put the ring under the seal of a new device, after the old one was lost for good.

        Raises: RingUncheckedError when it is not the ring that the lost device vouched for last.
        """
        self._require_ring()
        with locked(self.path):
            keys = create_source(
                self.source, folder=self.path, passphrase=self.passphrase, cost=PRODUCTION_COST
            )
            reseal_ring(self.path, keys)
            return load_ring(self.path, keys).book

    def _change(self, step: Callable[[RingContents, KeySource], RingContents]) -> RingContents:
        self._require_ring()
        with locked(self.path):
            keys = self._open()
            opened = load_ring(self.path, keys)
            if not opened.is_checked:
                raise SignerAwayError("the device that seals the ring is away; nothing was changed")
            book = step(opened.book, keys)
            save_ring(self.path, book, keys)
            return book

    def _open(self) -> KeySource:
        self._require_ring()
        return open_source(self.source, folder=self.path, passphrase=self.passphrase)

    def _require_ring(self) -> None:
        if not (self.path / RING_FILE).is_file():
            raise RingMissingError(f"{self.path} holds no key ring; run: hub init")
        require_private(self.path)


def known_book(folder: Path, source: KeySource, *, is_demonstration: bool = False) -> OpenedRing:
    """Return what the ring file says; an empty one is started, but never over private keys that lost theirs.

    Raises: RingMissingError and what `load_ring` raises.
    """
    if (folder / RING_FILE).exists():
        return load_ring(folder, source)
    orphans = source.kids()
    if orphans:
        raise RingMissingError(
            f"{folder} lacks {RING_FILE}, but there are private keys ({', '.join(orphans)}); "
            "restore it from a backup"
        )
    book = RingContents((), (), is_demonstration=is_demonstration)
    save_ring(folder, book, source)
    return OpenedRing(book, is_checked=True)


@dataclass(frozen=True, slots=True)
class KeyOrder:
    """A key to be made. `lead` is how long it waits; `at_once` starts it now; `earlier` as for `kid_rule`."""

    purpose: Purpose
    algorithm: Algorithm
    now: datetime
    lead: timedelta = timedelta(0)
    at_once: bool = True
    earlier: int = 0


def take_new_key(folder: Path, book: RingContents, source: KeySource, order: KeyOrder) -> RingContents:
    """Return the ring with a new key, saved before the next is made."""
    fresh = _with_new_key(book, source, order)
    save_ring(folder, fresh, source)
    return fresh


def _with_new_key(book: RingContents, source: KeySource, order: KeyOrder) -> RingContents:
    rotation.require_room(book, order.purpose, order.algorithm, at_once=order.at_once)
    year = whole_second(order.now).year
    rule = kid_rule(order.purpose, year=year, known=book.infos, earlier=order.earlier)
    signer = source.generate(rule, order.algorithm)
    new = rotation.NewKey(signer.kid, order.purpose, order.algorithm, public_jwk(signer.public_key))
    return rotation.generate(book, new, now=order.now, lead=order.lead, at_once=order.at_once)
