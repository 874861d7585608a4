"""The life of keys as pure steps on the facts of a ring: generate, rotate, retire, compromise.

    pending -> active -> verify-only -> retired          compromised at any time

What holds before and after every step: at most one active and one pending key per purpose and algorithm; a kid
stands for one key for ever; no key goes back to an earlier state; the acts are in the order of time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from keys import refusals
from keys.history import KeyAct, KeyAction, RingContents
from keys.model import Algorithm, KeyInfo, KeyState, Purpose, whole_second
from keys.policy import POLICIES

MAX_REASON_CHARS = 200  # it is published with the key for ever


@dataclass(frozen=True, slots=True)
class NewKey:
    """The public half of a key that a source has just made."""

    kid: str
    purpose: Purpose
    algorithm: Algorithm
    public_jwk: Mapping[str, str]


def require_room(book: RingContents, purpose: Purpose, algorithm: Algorithm, *, at_once: bool) -> None:
    """Refuse a new key before anything is made.

    Raises: PendingExistsError, ActiveKeyExistsError.
    """
    waiting = _in_state(book, purpose, algorithm, KeyState.PENDING)
    if waiting is not None:
        raise refusals.PendingExistsError(f"{waiting.kid} is waiting already; run: hub keys rotate {purpose}")
    _require_idle(book, purpose, algorithm, at_once=at_once)


def generate(
    book: RingContents, new: NewKey, *, now: datetime, lead: timedelta, at_once: bool = False
) -> RingContents:
    """Take a new key in: published from now on, allowed to sign after `lead`.

    `at_once` starts it now, which is for a purpose that has no active key: the first one ever, or the one after
    a compromise.

    Raises: PendingExistsError, ActiveKeyExistsError, KidTakenError, ClockBehindError.
    """
    require_room(book, new.purpose, new.algorithm, at_once=at_once)
    if book.find(new.kid) is not None:
        raise refusals.KidTakenError(f"{new.kid} is the name of an earlier key")
    moment = _moment(book, now)
    state = KeyState.ACTIVE if at_once else KeyState.PENDING
    info = KeyInfo(
        kid=new.kid,
        purpose=new.purpose,
        algorithm=new.algorithm,
        state=state,
        created_at=moment,
        activated_at=moment if at_once else moment + lead,
        ended_at=None,
        revoked_at=None,
        reason=None,
        public_jwk=new.public_jwk,
    )
    act = KeyAct(moment, KeyAction.GENERATED, info.kid, state)
    return replace(book, infos=(*book.infos, info), acts=(*book.acts, act))


def rotate(
    book: RingContents, purpose: Purpose, algorithm: Algorithm, *, now: datetime, at_once: bool = False
) -> RingContents:
    """Let the waiting key take over; the one before stops signing and is believed on.

    `at_once` starts a key before its time, where no key is active.

    Raises: NoPendingKeyError, TooEarlyError, ActiveKeyExistsError, ClockBehindError.
    """
    waiting = _in_state(book, purpose, algorithm, KeyState.PENDING)
    if waiting is None:
        raise refusals.NoPendingKeyError(
            f"no {algorithm} key for {purpose} is waiting; run: hub keys generate {purpose}"
        )
    _require_idle(book, purpose, algorithm, at_once=at_once)
    moment = _moment(book, now)
    earliest = waiting.activated_at or waiting.created_at
    if moment < earliest and not at_once:
        raise refusals.TooEarlyError(waiting.kid, earliest)
    active = _in_state(book, purpose, algorithm, KeyState.ACTIVE)
    changed = [replace(waiting, state=KeyState.ACTIVE, activated_at=moment)]
    if active is not None:
        changed.append(replace(active, state=KeyState.VERIFY_ONLY, ended_at=moment))
    previous = None if active is None else active.kid
    act = KeyAct(moment, KeyAction.ROTATED, waiting.kid, KeyState.ACTIVE, previous=previous)
    return _changed(book, changed, act)


def retire(book: RingContents, kid: str, *, now: datetime, force_reason: str | None = None) -> RingContents:
    """Take a key that has stopped signing out of the key set: nothing it signed is believed from now on.

    `force_reason` retires it although something it signed may still be in use; plates, receipts and checkpoints
    are in use for ever.

    Raises: UnknownKeyError, NotVerifyOnlyError, StillNeededError, ReasonMissingError, ClockBehindError.
    """
    info = _known(book, kid)
    if info.state is not KeyState.VERIFY_ONLY:
        raise refusals.NotVerifyOnlyError(f"{kid} is {info.state}; only verify-only keys are retired")
    moment = _moment(book, now)
    if force_reason is None:
        _require_unneeded(info, moment)
    reason = None if force_reason is None else _reason(force_reason)
    act = KeyAct(moment, KeyAction.RETIRED, kid, KeyState.RETIRED, reason=reason)
    return _changed(book, [replace(info, state=KeyState.RETIRED)], act)


def compromise(book: RingContents, kid: str, *, reason: str, now: datetime) -> RingContents:
    """Believe nothing of a key any more, whatever its state; the reason is published.

    Raises: UnknownKeyError, AlreadyCompromisedError, ReasonMissingError, ClockBehindError.
    """
    info = _known(book, kid)
    if info.state is KeyState.COMPROMISED:
        raise refusals.AlreadyCompromisedError(f"{kid} is compromised since {info.revoked_at}")
    said = _reason(reason)
    moment = _moment(book, now)
    ended = moment if info.state is KeyState.ACTIVE else info.ended_at
    lost = replace(info, state=KeyState.COMPROMISED, ended_at=ended, revoked_at=moment, reason=said)
    act = KeyAct(moment, KeyAction.COMPROMISED, kid, KeyState.COMPROMISED, reason=said)
    return _changed(book, [lost], act)


def _require_idle(book: RingContents, purpose: Purpose, algorithm: Algorithm, *, at_once: bool) -> None:
    active = _in_state(book, purpose, algorithm, KeyState.ACTIVE)
    if at_once and active is not None:
        raise refusals.ActiveKeyExistsError(
            f"{active.kid} is active for {purpose}; only its compromise lets another start at once"
        )


def _require_unneeded(info: KeyInfo, moment: datetime) -> None:
    life = POLICIES[info.purpose].life
    if life is None:
        raise refusals.StillNeededError(f"what {info.kid} signed for {info.purpose} lives for ever")
    ended = info.ended_at or moment
    if moment < ended + life:
        raise refusals.StillNeededError(
            f"what {info.kid} signed may live until {ended + life:%Y-%m-%dT%H:%M:%SZ}"
        )


def _known(book: RingContents, kid: str) -> KeyInfo:
    info = book.find(kid)
    if info is None:
        raise refusals.UnknownKeyError(f"no key is called {kid}; run: hub keys list")
    return info


def _in_state(book: RingContents, purpose: Purpose, algorithm: Algorithm, state: KeyState) -> KeyInfo | None:
    wanted = (purpose, algorithm, state)
    return next((each for each in book.infos if (each.purpose, each.algorithm, each.state) == wanted), None)


def _moment(book: RingContents, now: datetime) -> datetime:
    moment = whole_second(now)
    if book.acts and moment < book.acts[-1].at:
        raise refusals.ClockBehindError(f"the last change was at {book.acts[-1].at:%Y-%m-%dT%H:%M:%SZ}")
    return moment


def _reason(text: str) -> str:
    said = " ".join(text.split())
    if not said or len(said) > MAX_REASON_CHARS or not said.isprintable():
        raise refusals.ReasonMissingError(f"a reason has 1 to {MAX_REASON_CHARS} printable characters")
    return said


def _changed(book: RingContents, changed: list[KeyInfo], act: KeyAct) -> RingContents:
    fresh = {info.kid: info for info in changed}
    infos = tuple(fresh.get(info.kid, info) for info in book.infos)
    return replace(book, infos=infos, acts=(*book.acts, act))
