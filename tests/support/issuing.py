"""A signer that is watched: what it was asked, and what happens while it is."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select

from hub.codes.models import Plate
from hub.codes.plates.maker import PlateMaker, PlateOffice
from hub.codes.plates.rollout import AreaMaker
from hub.codes.rules import PlateState
from hub.config import Settings
from hub.kernel.database import Database
from hub.trust.issuing.models import IntentRow, OpenIntent
from hub.trust.issuing.rules import IntentState
from hub.trust.keys.issuer import Issuer
from hub.trust.record.models import Event
from keys import Algorithm, KeyRing, PublicKey, Purpose, PurposeSigner
from keys.sources import Signer
from tests.support.plates import issuer_of


def nothing() -> None:
    """What most signers do besides signing."""


class WatchedSigner:
    """Signs with the real key; `before` runs first and may raise."""

    def __init__(self, inner: Signer, watch: "Watch") -> None:
        self._inner = inner
        self._watch = watch

    @property
    def kid(self) -> str:
        return self._inner.kid

    @property
    def algorithm(self) -> Algorithm:
        return self._inner.algorithm

    @property
    def public_key(self) -> PublicKey:
        return self._inner.public_key

    def sign(self, message: bytes) -> bytes:
        self._watch.before()
        self._watch.signed.append(message)  # appending is atomic: the watch is shared by threads
        return self._inner.sign(message)


class WatchedRing(KeyRing):
    """The ring as it is, with watched signers."""

    def __init__(self, inner: KeyRing, watch: "Watch") -> None:
        vars(self).update(vars(inner))  # another view of the same ring: nothing is opened twice
        self._inner = inner
        self._watch = watch

    def signer(self, purpose: Purpose, algorithm: Algorithm | None = None) -> PurposeSigner:
        real = self._inner.signer(purpose, algorithm)
        return replace(real, signer=WatchedSigner(real.signer, self._watch))


class Watch(Issuer):
    """An issuer whose signers are watched. `signed`: every message in order."""

    def __init__(self, settings: Settings, before: Callable[[], None] = nothing) -> None:
        super().__init__(WatchedRing(issuer_of(settings).key_ring, self))
        self.before = before
        self.signed: list[bytes] = []
        self._origin = settings.base_url

    @property
    def press(self) -> PlateOffice:
        return PlateOffice(self, self._origin)

    @property
    def makers(self) -> tuple[PlateMaker, AreaMaker]:
        return PlateMaker(self.press), AreaMaker(self.press)


def intents(db: Database) -> list[tuple[IntentState, str | None, str | None]]:
    """State, result and reason of every intent, oldest first."""
    with db.read() as session:
        rows = session.scalars(select(IntentRow).order_by(IntentRow.created_at, IntentRow.id))
        return [(IntentState(row.state), row.result, row.reason) for row in rows]


def open_subjects(db: Database) -> list[str]:
    with db.read() as session:
        return sorted(session.scalars(select(OpenIntent.subject)))


def acts(db: Database) -> list[str]:
    """The kinds of everything on record, in order of time, intents included."""
    with db.read() as session:
        return list(session.scalars(select(Event.kind).order_by(Event.at, Event.id)))


def standing_ids(db: Database) -> list[str]:
    with db.read() as session:
        return sorted(session.scalars(select(Plate.plate_id).where(Plate.state != PlateState.VOID)))
