"""Wallets: an enterprise registers the public keys that its credentials are bound to, and removes them."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hub.access.checks import require
from hub.access.rules import Action
from hub.credentials.maker import end_all
from hub.credentials.models import Credential, HolderChallenge, WalletKey
from hub.credentials.rules import (
    CHALLENGE_LIFE,
    MAX_HOLDER_KEYS,
    CredentialEnd,
    HolderChallengeError,
    HolderKeyHeldError,
    HolderKeyRemovedError,
    HolderKeysFullError,
)
from hub.kernel.actor import Doer
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.kernel.ids import new_token
from hub.kernel.locks import Lock, hold
from hub.trust.record import events
from signing.sdjwt import HolderKey as PublicHolderKey
from signing.sdjwt import verify_proof


@dataclass(frozen=True, slots=True)
class WalletChallenge:
    """What a wallet signs: the hub's name and a nonce that is good once, until `expires_at`."""

    audience: str
    nonce: str
    expires_at: datetime


def new_challenge(uscc: str, *, audience: str, by: Doer, now: datetime, db: Database) -> WalletChallenge:
    """Give out a challenge for one proof. Raises: NotFoundError, NotAllowedError."""
    require(by, Action.TAKE_CREDENTIALS, uscc)
    challenge = WalletChallenge(audience, new_token(), now + CHALLENGE_LIFE)

    def work(session: Session) -> None:
        session.execute(
            delete(HolderChallenge).where(HolderChallenge.uscc == uscc, HolderChallenge.expires_at <= now)
        )
        session.add(HolderChallenge(uscc=uscc, nonce=challenge.nonce, expires_at=challenge.expires_at))

    db.run(work)
    return challenge


def forget_expired(db: Database, *, now: datetime) -> None:
    """Forget nonces that nobody answered."""
    db.run(lambda session: session.execute(delete(HolderChallenge).where(HolderChallenge.expires_at <= now)))


def register_key(  # the proof, whose wallet, how it is called, for whom, by whom, when
    proof: str, *, uscc: str, label: str, audience: str, by: Doer, now: datetime, db: Database
) -> str:
    """Register the key that signed `proof` over an open nonce; its thumbprint.

    Raises: NotFoundError, NotAllowedError, HolderKeyError and BindingError leaves, InvalidInputError for another
    nonce, HolderKeyHeldError, HolderKeyRemovedError, HolderKeysFullError.
    """
    require(by, Action.TAKE_CREDENTIALS, uscc)
    key, nonce = verify_proof(proof, audience=audience, now=now)

    def work(session: Session) -> None:
        challenge = session.get(HolderChallenge, (uscc, nonce), with_for_update=True)
        if challenge is None or challenge.expires_at <= now:
            raise HolderChallengeError
        session.delete(challenge)
        _add(session, uscc, key, label=label, by=by, now=now)

    db.run(work)
    return key.thumbprint


def vouch_for_key(
    session: Session, uscc: str, key: PublicHolderKey, *, by: Doer | str, now: datetime
) -> None:
    """Register a key that the operator was handed, in the caller's transaction: no proof but the word of two people.

    A key that is registered already stays as it is. Raises: HolderKeyRemovedError, HolderKeysFullError.
    """
    with suppress(HolderKeyHeldError):
        _add(session, uscc, key, label="", by=by, now=now)


def remove_key(uscc: str, thumbprint: str, *, by: Doer, now: datetime, db: Database) -> None:
    """Take a wallet out of use for good; every credential bound to it is revoked with it.

    Raises: NotFoundError, NotAllowedError.
    """
    require(by, Action.TAKE_CREDENTIALS, uscc)

    def work(session: Session) -> None:
        row = session.get(WalletKey, (uscc, thumbprint), with_for_update=True)
        if row is None or row.removed_at is not None:
            raise NotFoundError
        hold(session, [Lock(uscc)])  # as every issuer does: a credential made meanwhile is seen, or not made
        row.removed_at = now
        _record(session, row, "holder-key.removed", by=by, now=now)
        bound = session.scalars(
            select(Credential).where(
                Credential.uscc == uscc, Credential.holder == thumbprint, Credential.ended_at.is_(None)
            )
        ).all()
        end_all(session, bound, CredentialEnd.KEY_REMOVED, by=by, now=now)

    db.run(work)


def _add(
    session: Session, uscc: str, key: PublicHolderKey, *, label: str, by: Doer | str, now: datetime
) -> None:
    hold(session, [Lock(uscc)])  # of two wallets at once the second is counted, or told of the first
    held = session.get(WalletKey, (uscc, key.thumbprint))
    if held is not None:
        raise HolderKeyHeldError if held.removed_at is None else HolderKeyRemovedError
    count = session.scalar(select(func.count()).where(WalletKey.uscc == uscc, WalletKey.removed_at.is_(None)))
    if (count or 0) >= MAX_HOLDER_KEYS:
        raise HolderKeysFullError
    row = WalletKey(
        uscc=uscc,
        thumbprint=key.thumbprint,
        algorithm=key.algorithm.value,
        jwk=dict(key.jwk),
        label=label,
        added_at=now,
        by=events.pseudonym(by),
    )
    session.add(row)
    _record(session, row, "holder-key.added", by=by, now=now)


def _record(session: Session, row: WalletKey, kind: str, *, by: Doer | str, now: datetime) -> None:
    data = {"algorithm": row.algorithm}
    events.record(session, kind=kind, uscc=row.uscc, subject=row.thumbprint, by=by, data=data, now=now)
