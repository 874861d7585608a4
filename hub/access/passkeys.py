"""Passkeys: what a person registers, logs in with, proves himself with again, renames and removes.

Three things are ours on top of the standard: a challenge is answered at most once (it is taken from the table, and
committed, before the answer is looked at), user verification is always required, and every failure looks the same
from outside. A genuine signature that speaks of a copied key is refused as well, and an official is told.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.access import authenticator_answers, challenges, errors, passkey_doubts
from hub.access.challenges import Answer, RelyingParty
from hub.access.checks import require_fresh
from hub.access.models import Passkey, Person
from hub.access.names import clean_name
from hub.access.rules import Doubt, passkey_name
from hub.access.session_endings import end_made_with
from hub.access.sessions import (
    NOWHERE,
    Login,
    LoginBrowser,
    OpenedSession,
    find_link,
    first_standing,
    note_proof,
    open_session,
    spend_link,
)
from hub.config import Settings
from hub.kernel.actor import Actor
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.trust.record import events

MAX_LABEL_CHARS = 60


def enrolment_options(token: str, *, settings: Settings, now: datetime, db: Database) -> str:
    """Return creation options (JSON) for the person behind an unused enrolment link. Raises: LinkRefusedError."""
    person = find_link(token, purpose="enrol", now=now, db=db)
    return challenges.registration_options(person.person_id, settings=settings, now=now, db=db)


def addition_options(actor: Actor, *, settings: Settings, now: datetime, db: Database) -> str:
    """Return creation options (JSON) for one more passkey of a logged-in person. Raises: StepUpNeededError."""
    with db.read() as session:
        _require_proof(session, actor, now)
    return challenges.registration_options(actor.person_id, settings=settings, now=now, db=db)


def enrol(
    token: str,
    answer: Answer,
    *,
    label: str,
    visit: LoginBrowser = NOWHERE,
    settings: Settings,
    now: datetime,
    db: Database,
) -> OpenedSession:
    """Register the first passkey of an invited person, spend the link, and log in: all or nothing.

    Raises: LinkRefusedError, PasskeyRefusedError, PasskeyUnfitError, PasskeyTakenError, InvalidInputError.
    """
    person = find_link(token, purpose="enrol", now=now, db=db)
    passkey = _checked(answer, label=label, settings=settings, now=now, db=db)
    if passkey.person_id != person.person_id:
        raise errors.PasskeyRefusedError
    with db.write() as session:
        appointment = spend_link(session, token, purpose="enrol", now=now)
        _add(session, passkey, by=f"{appointment.role}:{appointment.person_id}", now=now)
        made_with = passkey_name(passkey.credential_id)
        return open_session(session, appointment, method="passkey", passkey=made_with, visit=visit, now=now)


def add(answer: Answer, *, label: str, actor: Actor, settings: Settings, now: datetime, db: Database) -> None:
    """Register one more passkey of the logged-in person.

    Raises: StepUpNeededError, PasskeyRefusedError, PasskeyUnfitError, PasskeyTakenError.
    """
    passkey = _checked(answer, label=label, settings=settings, now=now, db=db)
    if passkey.person_id != actor.person_id:
        raise errors.PasskeyRefusedError
    with db.write() as session:
        _require_proof(session, actor, now)
        _add(session, passkey, by=actor, now=now)


def log_in(
    answer: Answer, *, visit: LoginBrowser = NOWHERE, settings: Settings, now: datetime, db: Database
) -> OpenedSession:
    """Log in with a passkey. Raises: PasskeyRefusedError, whatever the cause."""
    challenge = challenges.take(
        authenticator_answers.claimed_challenge(answer), purpose="login", now=now, db=db
    )

    def work(session: Session) -> OpenedSession | Doubt:
        passkey = _known(session, answer)
        _check_handle(session, answer, passkey)
        found = _asserted(session, answer, challenge.challenge, passkey, settings=settings, now=now)
        if found is not None:
            return found
        appointment = first_standing(session, passkey.person_id, now=now)
        if appointment is None:
            raise errors.PasskeyRefusedError("no appointment stands")
        made_with = passkey_name(passkey.credential_id)
        return open_session(session, appointment, method="passkey", passkey=made_with, visit=visit, now=now)

    outcome = db.run(work)  # not the whole request again: the challenge is answered
    if isinstance(outcome, Doubt):
        raise errors.PasskeyRefusedError(outcome)
    return outcome


def prove(answer: Answer, *, login: Login, settings: Settings, now: datetime, db: Database) -> None:
    """Prove again, within a session, who sits there: what asks for a fresh proof may be done for some minutes.

    Raises: PasskeyRefusedError, LoginRequiredError when the session has ended since it was looked up.
    """
    challenge = challenges.take(
        authenticator_answers.claimed_challenge(answer), purpose="prove", now=now, db=db
    )
    if challenge.person_id != login.actor.person_id:
        raise errors.PasskeyRefusedError("challenge of another person")

    def work(session: Session) -> Doubt | None:
        passkey = _known(session, answer)
        if passkey.person_id != login.actor.person_id:
            raise errors.PasskeyRefusedError("passkey of another person")
        if authenticator_answers.user_handle(answer) is not None:
            _check_handle(session, answer, passkey)
        found = _asserted(session, answer, challenge.challenge, passkey, settings=settings, now=now)
        if found is None:
            note_proof(session, login, passkey_name(passkey.credential_id), now=now)
        return found

    doubt = db.run(work)
    if doubt is not None:
        raise errors.PasskeyRefusedError(doubt)


def rename(credential_id: bytes, label: str, *, actor: Actor, db: Database) -> None:
    """Raises: NotFoundError, InvalidInputError."""
    shown = clean_name(label)[:MAX_LABEL_CHARS]
    with db.write() as session:
        _own(session, credential_id, actor).label = shown


def remove(credential_id: bytes, *, actor: Actor, now: datetime, db: Database) -> None:
    """Forget a passkey, never the last one, and end every session made with it in the same transaction.

    Raises: NotFoundError, StepUpNeededError, LastPasskeyError.
    """
    with db.write() as session:
        held = select(Passkey).where(Passkey.person_id == actor.person_id).order_by(Passkey.credential_id)
        known = session.scalars(held.with_for_update()).all()  # of two removed at once the second is counted
        passkey = _own(session, credential_id, actor)
        _require_proof(session, actor, now)
        if len(known) <= 1:
            raise errors.LastPasskeyError
        session.delete(passkey)
        _record(session, "passkey.removed", passkey.credential_id, by=actor, now=now)
        end_made_with(session, passkey_name(passkey.credential_id), by=actor, now=now)


def _require_proof(session: Session, actor: Actor, now: datetime) -> None:
    """A fresh proof of somebody who has something to prove it with: only a login link lets in who has no passkey yet."""
    held = select(func.count()).where(Passkey.person_id == actor.person_id)
    if session.scalar(held):
        require_fresh(actor, now=now)


def _checked(answer: Answer, *, label: str, settings: Settings, now: datetime, db: Database) -> Passkey:
    challenge = challenges.take(
        authenticator_answers.claimed_challenge(answer), purpose="register", now=now, db=db
    )
    shown, party = clean_name(label)[:MAX_LABEL_CHARS], RelyingParty.of(settings)
    found = authenticator_answers.checked_registration(answer, challenge=challenge.challenge, party=party)
    assert challenge.person_id is not None  # noqa: S101  # registration challenges always name a person
    return Passkey(
        credential_id=found.credential_id,
        person_id=challenge.person_id,
        public_key=found.public_key,
        sign_count=found.sign_count,
        is_eligible=found.is_eligible,
        is_backed_up=found.is_backed_up,
        label=shown,
        created_at=now,
        used_at=None,
    )


def _asserted(
    session: Session, answer: Answer, challenge: bytes, passkey: Passkey, *, settings: Settings, now: datetime
) -> Doubt | None:
    """Take the state that the authenticator tells of itself into the row, or put on record why it is doubted."""
    told = authenticator_answers.checked_assertion(
        answer, challenge=challenge, public_key=passkey.public_key, party=RelyingParty.of(settings)
    )
    found = passkey_doubts.doubt_of(passkey, told)
    if found is not None:
        passkey_doubts.note(session, passkey, found, now=now)
        return found
    passkey.sign_count, passkey.used_at = told.sign_count, now
    passkey.is_eligible, passkey.is_backed_up = told.is_eligible, told.is_backed_up
    return None


def _known(session: Session, answer: Answer) -> Passkey:
    passkey = session.get(Passkey, authenticator_answers.credential_id(answer))
    if passkey is None:
        raise errors.PasskeyRefusedError("unknown credential")
    return passkey


def _check_handle(session: Session, answer: Answer, passkey: Passkey) -> None:
    """§7.2 step 6: whose a credential says that it is; at a login it must say, and wherever it does, truly."""
    person = session.get(Person, passkey.person_id)
    if person is None or authenticator_answers.user_handle(answer) != person.user_handle:
        raise errors.PasskeyRefusedError("user handle")


def _add(session: Session, passkey: Passkey, *, by: Actor | str, now: datetime) -> None:
    if session.get(Passkey, passkey.credential_id) is not None:
        raise errors.PasskeyTakenError
    session.add(passkey)
    try:
        session.flush()
    except IntegrityError as error:  # at this very moment, by another answer
        raise errors.PasskeyTakenError from error
    _record(session, "passkey.added", passkey.credential_id, by=by, now=now)


def _record(session: Session, kind: str, credential_id: bytes, *, by: Actor | str, now: datetime) -> None:
    events.record(session, kind=kind, uscc="", subject=passkey_name(credential_id), by=by, data={}, now=now)


def _own(session: Session, credential_id: bytes, actor: Actor) -> Passkey:
    passkey = session.get(Passkey, credential_id)
    if passkey is None or passkey.person_id != actor.person_id:
        raise NotFoundError
    return passkey
