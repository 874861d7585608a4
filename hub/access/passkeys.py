"""Passkeys: registration and login ceremonies (Web Authentication Level 3 §7.1, §7.2).

The checks of the standard are done by py_webauthn; what is ours is that a challenge is answered at most once
(it is taken from the table, and committed, before the answer is looked at), that user verification is always
required, and that every failure looks the same from outside.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from hub.access import errors
from hub.access.models import Challenge, Passkey, Person
from hub.access.rules import CHALLENGE_LIFE
from hub.access.service import clean_name, passkey_origin
from hub.access.sessions import Opened, find_link, first_standing, open_session, spend_link
from hub.config import Settings
from hub.kernel.actor import Actor
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.kernel.ids import new_challenge
from hub.trust import events

SERVICE_NAME = "一照集成"
MAX_CREDENTIAL_CHARS = 16_000  # a registration without attestation is about 1 000 characters
MAX_LABEL_CHARS = 60

Answer = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Us, as authenticators know us: the host, and the one origin whose answers are believed."""

    id: str
    origin: str

    @classmethod
    def of(cls, settings: Settings) -> "RelyingParty":
        origin = passkey_origin(settings.base_url)
        return cls(id=urlsplit(origin).hostname or "", origin=origin)


def enrolment_options(token: str, *, settings: Settings, now: datetime, db: Database) -> str:
    """Creation options (JSON) for the person behind an unused enrolment link. Raises: LinkRefusedError."""
    person = find_link(token, purpose="enrol", now=now, db=db)
    return registration_options(person.person_id, settings=settings, now=now, db=db)


def registration_options(person_id: UUID, *, settings: Settings, now: datetime, db: Database) -> str:
    """Creation options (JSON): a discoverable credential with user verification, none already registered."""
    party = RelyingParty.of(settings)
    challenge = new_challenge()
    with db.write() as session:
        person = session.scalars(select(Person).where(Person.id == person_id)).one()
        known = session.scalars(select(Passkey.credential_id).where(Passkey.person_id == person_id)).all()
        session.add(_given_out(challenge, purpose="register", person_id=person_id, now=now))
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=SERVICE_NAME,
        user_name=person.name,
        user_display_name=person.name,
        user_id=person.user_handle,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=identifier) for identifier in known],
    )
    return webauthn.options_to_json(options)


def login_options(*, settings: Settings, now: datetime, db: Database) -> str:
    """Request options (JSON) that name nobody: the authenticator offers whom it knows."""
    challenge = new_challenge()
    with db.write() as session:
        session.add(_given_out(challenge, purpose="login", person_id=None, now=now))
    options = webauthn.generate_authentication_options(
        rp_id=RelyingParty.of(settings).id,
        challenge=challenge,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def enrol(
    token: str, answer: Answer, *, label: str, settings: Settings, now: datetime, db: Database
) -> Opened:
    """Register the first passkey of an invited person, spend the link, and log in: all or nothing.

    Raises: LinkRefusedError, PasskeyRefusedError, PasskeyTakenError, InvalidInputError.
    """
    person = find_link(token, purpose="enrol", now=now, db=db)
    challenge = _take(answer, purpose="register", now=now, db=db)
    passkey = _checked_registration(answer, challenge, label=label, settings=settings, now=now)
    if passkey.person_id != person.person_id:
        raise errors.PasskeyRefusedError
    with db.write() as session:
        appointment = spend_link(session, token, purpose="enrol", now=now)
        _add(session, passkey, by=f"{appointment.role}:{appointment.person_id}", now=now)
        return open_session(session, appointment, method="passkey", now=now)


def add(answer: Answer, *, label: str, actor: Actor, settings: Settings, now: datetime, db: Database) -> None:
    """Register one more passkey of the logged-in person. Raises: PasskeyRefusedError, PasskeyTakenError."""
    challenge = _take(answer, purpose="register", now=now, db=db)
    passkey = _checked_registration(answer, challenge, label=label, settings=settings, now=now)
    if passkey.person_id != actor.person_id:
        raise errors.PasskeyRefusedError
    with db.write() as session:
        _add(session, passkey, by=actor, now=now)


def log_in(answer: Answer, *, settings: Settings, now: datetime, db: Database) -> Opened:
    """Log in with a passkey. Raises: PasskeyRefusedError, whatever the cause."""
    challenge = _take(answer, purpose="login", now=now, db=db)

    def work(session: Session) -> Opened:
        passkey = session.get(Passkey, _credential_id(answer))
        if passkey is None:
            raise errors.PasskeyRefusedError("unknown credential")
        _check_handle(session, answer, passkey)
        passkey.sign_count = _checked_login(answer, challenge, passkey, settings=settings)
        passkey.used_at = now
        appointment = first_standing(session, passkey.person_id, now=now)
        if appointment is None:
            raise errors.PasskeyRefusedError("no appointment stands")
        return open_session(session, appointment, method="passkey", now=now)

    return db.run(work)  # not the whole request again: the challenge is answered


def rename(credential_id: bytes, label: str, *, actor: Actor, db: Database) -> None:
    """Raises: NotFoundError, InvalidInputError."""
    shown = clean_name(label)[:MAX_LABEL_CHARS]
    with db.write() as session:
        _own(session, credential_id, actor).label = shown


def remove(credential_id: bytes, *, actor: Actor, now: datetime, db: Database) -> None:
    """Forget a passkey, never the last one. Raises: NotFoundError, LastPasskeyError."""
    with db.write() as session:
        held = select(Passkey).where(Passkey.person_id == actor.person_id).order_by(Passkey.credential_id)
        known = session.scalars(held.with_for_update()).all()  # of two removed at once the second is counted
        passkey = _own(session, credential_id, actor)
        if len(known) <= 1:
            raise errors.LastPasskeyError
        session.delete(passkey)
        _record(session, "passkey.removed", passkey, by=actor, now=now)


def _given_out(challenge: bytes, *, purpose: str, person_id: UUID | None, now: datetime) -> Challenge:
    return Challenge(
        challenge_hash=hashlib.sha256(challenge).hexdigest(),
        challenge=challenge,
        purpose=purpose,
        person_id=person_id,
        expires_at=now + CHALLENGE_LIFE,
    )


def _take(answer: Answer, *, purpose: str, now: datetime, db: Database) -> Challenge:
    """The challenge that `answer` claims to answer, taken out of the table for good before anything is checked."""
    claimed = hashlib.sha256(_claimed_challenge(answer)).hexdigest()
    with db.write() as session:
        row = session.get(Challenge, claimed)
        if row is None:
            raise errors.PasskeyRefusedError("challenge unknown or answered already")
        session.delete(row)
    if row.purpose != purpose or now >= row.expires_at:
        raise errors.PasskeyRefusedError("challenge of another ceremony, or too old")
    return row


def _claimed_challenge(answer: Answer) -> bytes:
    match answer:
        case {"response": {"clientDataJSON": str(encoded)}} if len(encoded) <= MAX_CREDENTIAL_CHARS:
            try:
                data = json.loads(base64url_to_bytes(encoded))
            except ValueError as error:
                raise errors.PasskeyRefusedError("client data is not JSON") from error
            match data:
                case {"challenge": str(challenge)}:
                    return _decoded(challenge)
    raise errors.PasskeyRefusedError("client data is missing")


def _credential_id(answer: Answer) -> bytes:
    match answer:
        case {"rawId": str(encoded)}:
            return _decoded(encoded)
    raise errors.PasskeyRefusedError("credential id is missing")


def _decoded(encoded: str) -> bytes:
    try:
        return base64url_to_bytes(encoded)
    except ValueError as error:
        raise errors.PasskeyRefusedError("not base64url") from error


def _checked_registration(
    answer: Answer, challenge: Challenge, *, label: str, settings: Settings, now: datetime
) -> Passkey:
    party = RelyingParty.of(settings)
    shown = clean_name(label)[:MAX_LABEL_CHARS]
    try:
        verified = webauthn.verify_registration_response(
            credential=dict(answer),
            expected_challenge=challenge.challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except WebAuthnException as error:
        raise errors.PasskeyRefusedError(str(error)) from error
    assert challenge.person_id is not None  # noqa: S101  # registration challenges always name a person
    return Passkey(
        credential_id=verified.credential_id,
        person_id=challenge.person_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        label=shown,
        created_at=now,
        used_at=None,
    )


def _checked_login(answer: Answer, challenge: Challenge, passkey: Passkey, *, settings: Settings) -> int:
    """The new signature counter. A counter that did not grow may be a cloned authenticator, and is refused."""
    party = RelyingParty.of(settings)
    try:
        verified = webauthn.verify_authentication_response(
            credential=dict(answer),
            expected_challenge=challenge.challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except WebAuthnException as error:
        raise errors.PasskeyRefusedError(str(error)) from error
    return verified.new_sign_count


def _check_handle(session: Session, answer: Answer, passkey: Passkey) -> None:
    """§7.2 step 6: a discoverable credential says whose it is, and must say so truly."""
    match answer:
        case {"response": {"userHandle": str(encoded)}}:
            person = session.get(Person, passkey.person_id)
            if person is not None and _decoded(encoded) == person.user_handle:
                return
    raise errors.PasskeyRefusedError("user handle")


def _add(session: Session, passkey: Passkey, *, by: Actor | str, now: datetime) -> None:
    if session.get(Passkey, passkey.credential_id) is not None:
        raise errors.PasskeyTakenError
    session.add(passkey)
    try:
        session.flush()
    except IntegrityError as error:  # at this very moment, by another answer
        raise errors.PasskeyTakenError from error
    _record(session, "passkey.added", passkey, by=by, now=now)


def _record(session: Session, kind: str, passkey: Passkey, *, by: Actor | str, now: datetime) -> None:
    subject = hashlib.sha256(passkey.credential_id).hexdigest()
    events.record(session, kind=kind, uscc="", subject=subject, by=by, data={}, now=now)


def _own(session: Session, credential_id: bytes, actor: Actor) -> Passkey:
    passkey = session.get(Passkey, credential_id)
    if passkey is None or passkey.person_id != actor.person_id:
        raise NotFoundError
    return passkey
