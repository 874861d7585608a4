"""Challenges for authenticators: given out, and answered at most once."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from sqlalchemy import select
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from hub.access import errors
from hub.access.cose import ALGORITHMS
from hub.access.models import Passkey, PasskeyChallenge, Person
from hub.access.rules import CHALLENGE_LIFE
from hub.access.service import passkey_origin
from hub.config import Settings
from hub.kernel.database import Database
from hub.kernel.ids import new_challenge

SERVICE_NAME = "一照集成"
TIMEOUT = CHALLENGE_LIFE // timedelta(milliseconds=1)  # the browser waits as long as the challenge lives

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


def registration_options(person_id: UUID, *, settings: Settings, now: datetime, db: Database) -> str:
    """Return creation options (JSON): a discoverable credential with user verification, none already registered."""
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
        timeout=TIMEOUT,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=identifier) for identifier in known],
        supported_pub_key_algs=list(ALGORITHMS),
    )
    return webauthn.options_to_json(options)


def login_options(*, settings: Settings, now: datetime, db: Database) -> str:
    """Request options (JSON) that name nobody: the authenticator offers whom it knows."""
    challenge = new_challenge()
    with db.write() as session:
        session.add(_given_out(challenge, purpose="login", person_id=None, now=now))
    return _request_options(challenge, [], settings)


def proof_options(person_id: UUID, *, settings: Settings, now: datetime, db: Database) -> str:
    """Request options (JSON) for one of this person's own passkeys."""
    challenge = new_challenge()
    with db.write() as session:
        known = session.scalars(select(Passkey.credential_id).where(Passkey.person_id == person_id)).all()
        session.add(_given_out(challenge, purpose="prove", person_id=person_id, now=now))
    return _request_options(challenge, known, settings)


def take(claimed: bytes, *, purpose: str, now: datetime, db: Database) -> PasskeyChallenge:
    """Return the challenge that an answer claims to answer, taken out of the table for good before anything is checked.

    Raises: PasskeyRefusedError.
    """
    with db.write() as session:
        row = session.get(PasskeyChallenge, hashlib.sha256(claimed).hexdigest())
        if row is None:
            raise errors.PasskeyRefusedError("challenge unknown or answered already")
        session.delete(row)
    if row.purpose != purpose or now >= row.expires_at:
        raise errors.PasskeyRefusedError("challenge of another ceremony, or too old")
    return row


def _request_options(challenge: bytes, known: Sequence[bytes], settings: Settings) -> str:
    options = webauthn.generate_authentication_options(
        rp_id=RelyingParty.of(settings).id,
        challenge=challenge,
        timeout=TIMEOUT,
        allow_credentials=[PublicKeyCredentialDescriptor(id=identifier) for identifier in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def _given_out(challenge: bytes, *, purpose: str, person_id: UUID | None, now: datetime) -> PasskeyChallenge:
    return PasskeyChallenge(
        challenge_hash=hashlib.sha256(challenge).hexdigest(),
        challenge=challenge,
        purpose=purpose,
        person_id=person_id,
        expires_at=now + CHALLENGE_LIFE,
    )
