"""Changes of the hub's keys, on record: first what is intended, then the change itself, then what came of it.

The ring keeps its own sealed list of acts; the record of acts is compared with it (`reconcile`), so that a run that
ended between the change and its record is mended at the next look.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select

from hub.kernel.actor import Doer
from hub.kernel.database import Database
from hub.trust.log.findings import ODD_VALUES
from hub.trust.record import events
from hub.trust.record.errors import KeyRecordUnreadableError
from hub.trust.record.models import Event
from keys import (
    Algorithm,
    KeyAct,
    KeyAction,
    KeyInfo,
    KeyRing,
    KeysError,
    Purpose,
    RingContents,
    RingFolder,
    RingOlderError,
    thumbprint,
)
from keys.durable_files import locked
from keys.policy import serial_of

KEY_KINDS: Mapping[KeyAction, str] = MappingProxyType(
    {
        KeyAction.GENERATED: "key.generated",
        KeyAction.ROTATED: "key.rotated",
        KeyAction.RETIRED: "key.retired",
        KeyAction.COMPROMISED: "key.compromised",
    }
)
INTENDED = "key.intended"
REFUSED = "key.refused"

Identity = tuple[str, str, str]
"""Of an act on a key: kind, kid, thumbprint. Each of the four happens to a key once at most."""


@dataclass(frozen=True, slots=True)
class KeyManagement:
    """The hub's ring and the database that remembers what was done with it.

    Every method raises the KeysError leaves of RingFolder; a refusal is on record like a success.
    """

    db: Database
    ring: RingFolder
    by: Doer

    def generate(
        self, purpose: Purpose, algorithm: Algorithm, *, now: datetime, at_once: bool = False
    ) -> KeyInfo:
        """Generate a key, published at once and allowed to sign after its lead time."""
        book = self._do(
            {"act": "generate", "purpose": purpose.value, "algorithm": algorithm.value},
            lambda: self.ring.generate(purpose, algorithm, now=now, at_once=at_once),
            subject=purpose.value,
            now=now,
        )
        return book.infos[-1]

    def rotate(
        self, purpose: Purpose, algorithm: Algorithm, *, now: datetime, at_once: bool = False
    ) -> KeyInfo:
        """Let the waiting key take over, and return it."""
        book = self._do(
            {"act": "rotate", "purpose": purpose.value, "algorithm": algorithm.value},
            lambda: self.ring.rotate(purpose, algorithm, now=now, at_once=at_once),
            subject=purpose.value,
            now=now,
        )
        return _key(book, book.acts[-1].kid)

    def retire(self, kid: str, *, now: datetime, force_reason: str | None = None) -> KeyInfo:
        """Retire a key: nothing that it signed is believed any more."""
        book = self._do(
            {"act": "retire", "kid": kid[:64], "is_forced": force_reason is not None},
            lambda: self.ring.retire(kid, now=now, force_reason=force_reason),
            subject=kid[:64],
            now=now,
        )
        return _key(book, kid)

    def compromise(self, kid: str, *, reason: str, now: datetime) -> KeyInfo:
        """Put a key out of use as compromised: nothing that it signed is believed, but what the public log held before."""
        book = self._do(
            {"act": "compromise", "kid": kid[:64]},
            lambda: self.ring.compromise(kid, reason=reason, now=now),
            subject=kid[:64],
            now=now,
        )
        return _key(book, kid)

    def start_successor(self, lost: KeyInfo, *, now: datetime) -> KeyInfo:
        """Start a key in place of a compromised one: the waiting one if there is one, else a new one."""
        book = self.ring.read()
        if any(
            (info.purpose, info.algorithm, info.state.value) == (lost.purpose, lost.algorithm, "pending")
            for info in book.infos
        ):
            return self.rotate(lost.purpose, lost.algorithm, now=now, at_once=True)
        return self.generate(lost.purpose, lost.algorithm, now=now, at_once=True)

    def reseal(self, *, now: datetime) -> RingContents:
        """Seal the ring under a new device; every key of the lost one is still to be compromised."""
        return self._do({"act": "reseal"}, self.ring.reseal, subject="ring", now=now)

    def reconcile(self, book: RingContents, *, now: datetime) -> int:
        """Put on record what a checked ring shows and the record lacks; the number of acts that were missing.

        One at a time (the ring's lock): two that look at once must not both write what is missing.
        """
        with locked(self.ring.path), self.db.write() as session:
            rows = session.scalars(select(Event).where(Event.uscc == "", Event.kind.in_(KEY_KINDS.values())))
            known = {_identity_of(row) for row in rows}
            missing = [act for act in book.acts if _identity(book, act) not in known]
            for act in missing:
                events.record(
                    session,
                    kind=KEY_KINDS[act.deed],
                    uscc="",
                    subject=act.kid,
                    by=self.by,
                    data=_told(book, act),
                    now=now,
                    happened_at=act.at,  # a run that ended before its record: found and recorded at the next look
                )
            return len(missing)

    def _do(
        self, intent: Mapping[str, object], work: Callable[[], RingContents], *, subject: str, now: datetime
    ) -> RingContents:
        self._record(INTENDED, subject, intent, now=now)
        try:
            book = work()
        except KeysError as error:
            self._record(REFUSED, subject, {**intent, "refusal": error.reason}, now=now)
            raise
        self.reconcile(book, now=now)
        return book

    def _record(self, kind: str, subject: str, data: Mapping[str, object], *, now: datetime) -> None:
        with self.db.write() as session:
            events.record(session, kind=kind, uscc="", subject=subject, by=self.by, data=data, now=now)


def recorded_serials(db: Database) -> dict[Purpose, int]:
    """Return the last serial of each purpose that is on record: what a new ring after a lost one may not use again."""
    serials: dict[Purpose, int] = {}
    with db.read() as session:
        rows = session.scalars(
            select(Event).where(Event.uscc == "", Event.kind == KEY_KINDS[KeyAction.GENERATED])
        )
        for row in rows:
            purpose = Purpose(row.data["purpose"])
            serials[purpose] = max(serials.get(purpose, 0), serial_of(row.subject, purpose))
    return serials


def acts_the_ring_lacks(db: Database, book: RingContents) -> tuple[str, ...]:
    """Acts on record that a ring does not know, as `kind kid`: it is an older copy, and may believe a lost key again.

    What was recorded of an earlier ring, before this one began, does not count. Raises: KeyRecordUnreadableError.
    """
    if not book.acts:
        return ()
    begun = _instant(book.acts[0])
    known = {_identity(book, act) for act in book.acts}
    statement = (
        select(Event).where(Event.uscc == "", Event.kind.in_(KEY_KINDS.values())).order_by(Event.at, Event.id)
    )
    with db.read() as session:
        try:
            return tuple(
                f"{row.kind} {row.subject}"
                for row in session.scalars(statement)
                if str(row.data.get("done_at", "")) >= begun and _identity_of(row) not in known
            )
        except ODD_VALUES as error:
            raise KeyRecordUnreadableError from error


def require_newest(db: Database, read: Callable[[], KeyRing]) -> KeyRing:
    """Return the ring, compared with the record of acts before anything is signed or believed by it.

    `read` is asked again when acts are missing: a change may have come between the reading of the two.

    Raises: RingOlderError; KeyRecordUnreadableError; what the driver raises while the database is away.
    """
    ring = read()
    if acts_the_ring_lacks(db, ring.book):
        ring = read()
        lacking = acts_the_ring_lacks(db, ring.book)
        if lacking:
            raise RingOlderError(
                f"the key ring is an older copy: on record and not in it: {', '.join(lacking)}; restore the newer one, "
                "or do these acts again with hub keys (docs/operations/keys.md, When the ring is an older copy)"
            )
    return ring


def _instant(act: KeyAct) -> str:
    return f"{act.at:%Y-%m-%dT%H:%M:%SZ}"


def _identity_of(row: Event) -> Identity:
    return row.kind, row.subject, str(row.data.get("thumbprint"))


def _identity(book: RingContents, act: KeyAct) -> Identity:
    return KEY_KINDS[act.deed], act.kid, thumbprint(_key(book, act.kid).public_jwk).hex()


def _told(book: RingContents, act: KeyAct) -> dict[str, object]:
    info = _key(book, act.kid)
    told: dict[str, object] = {
        "kid": act.kid,
        "purpose": info.purpose.value,
        "algorithm": info.algorithm.value,
        "thumbprint": thumbprint(info.public_jwk).hex(),
        "state": act.state.value,
        "done_at": _instant(act),
    }
    if act.previous is not None:
        told["previous"] = act.previous
    if act.reason is not None:
        told["reason"] = act.reason
    return told


def _key(book: RingContents, kid: str) -> KeyInfo:
    info = book.find(kid)
    if info is None:
        raise LookupError(f"the ring has acts of {kid} and no such key")
    return info
