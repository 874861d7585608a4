"""People, what they are appointed to, how they prove who they are, and who looked at whose data."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Date, Index, Integer, LargeBinary, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base, Moment, Uscc
from hub.kernel.personal import Personal
from hub.trust.record.bound_rows import KEPT, bound
from keys.data_keys import INDEX_CHARS


class Person(Base):
    """A natural person. No citizen number, no password: only a name to show and a handle for passkeys."""

    __tablename__ = "access_person"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(Personal("access_person.name", index="name_index"))
    name_index: Mapped[str | None] = mapped_column(String(INDEX_CHARS), index=True, info=KEPT)
    user_handle: Mapped[bytes] = mapped_column(
        LargeBinary(64), unique=True
    )  # WebAuthn §5.4.3: random, no meaning
    created_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = bound()


class Appointment(Base):
    """A person's role: for an enterprise (owner, manager, agent) or in a department (officer, official, auditor)."""

    __tablename__ = "access_appointment"

    person_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    uscc: Mapped[str | None] = mapped_column(Uscc)
    department: Mapped[str | None] = mapped_column(String(100))
    certificate_no: Mapped[str | None] = mapped_column(  # officers: 执法证
        Personal("access_appointment.certificate_no", index="certificate_index")
    )
    certificate_index: Mapped[str | None] = mapped_column(String(INDEX_CHARS), index=True, info=KEPT)
    valid_from: Mapped[datetime] = mapped_column(Moment)
    valid_to: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(80))

    __table_args__ = (Index("ix_access_appointment_uscc", "uscc"), bound())


class Passkey(Base):
    """A WebAuthn credential (Web Authentication Level 3)."""

    __tablename__ = "access_passkey"

    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, info=KEPT)  # 32 bits without a sign
    is_eligible: Mapped[bool | None] = mapped_column(Boolean)  # for backup: never changes; None: not told yet
    is_backed_up: Mapped[bool | None] = mapped_column(Boolean, info=KEPT)
    label: Mapped[str] = mapped_column(String(60), info=KEPT)  # the person's own word for it
    created_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment, info=KEPT)

    __table_args__ = bound()


class PasskeyDoubt(Base):
    """A genuine signature that speaks of a copied passkey; it waits for an official to look at it."""

    __tablename__ = "access_passkey_doubt"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    passkey: Mapped[str] = mapped_column(String(64))  # SHA-256 of the credential's id
    person_id: Mapped[UUID] = mapped_column(Uuid)
    label: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(12))  # hub.access.rules.Doubt
    at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime | None] = mapped_column(Moment)
    seen_by: Mapped[str | None] = mapped_column(String(80))

    __table_args__ = (
        Index(  # told once until somebody has looked: who has a copied key cannot fill the list
            "uq_access_passkey_doubt_unseen",
            "passkey",
            "kind",
            unique=True,
            sqlite_where=text("seen_at IS NULL"),
            postgresql_where=text("seen_at IS NULL"),
        ),
        bound(),
    )


class Invitation(Base):
    """A one-time link: enrolment (register a passkey) or, in the demonstration only, login. Only its hash is kept."""

    __tablename__ = "access_invitation"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid)
    appointment_id: Mapped[UUID] = mapped_column(Uuid)
    purpose: Mapped[str] = mapped_column(String(12))  # enrol | login
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class PasskeyChallenge(Base):
    """A WebAuthn challenge given out and not yet answered; used once."""

    __tablename__ = "access_challenge"

    challenge_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    challenge: Mapped[bytes] = mapped_column(LargeBinary(64))
    purpose: Mapped[str] = mapped_column(String(12))  # register | login
    person_id: Mapped[UUID | None] = mapped_column(Uuid)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class LoginSession(Base):
    """A logged-in browser in one role. The cookie holds the token, the table only its hash.

    `passkey` names the credential that it was made with and ends with; `proved_at` is when one was last used in it.
    """

    __tablename__ = "access_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    appointment_id: Mapped[UUID] = mapped_column(Uuid)
    method: Mapped[str] = mapped_column(String(12))  # passkey | link
    passkey: Mapped[str | None] = mapped_column(String(64), index=True)  # SHA-256 of the credential's id
    proved_at: Mapped[datetime | None] = mapped_column(Moment)
    device: Mapped[str] = mapped_column(String(40))  # hub.access.devices: browser and system, no more
    network: Mapped[str] = mapped_column(String(45))  # where it began, the last part masked
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class Look(Base):
    """An officer or official looked at an enterprise beyond the public view; the enterprise sees every one."""

    __tablename__ = "access_look"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid)
    viewer: Mapped[str] = mapped_column(Personal("access_look.viewer"))
    role: Mapped[str] = mapped_column(String(20))
    department: Mapped[str] = mapped_column(String(100))
    purpose: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(Personal("access_look.reason"))
    seen: Mapped[str] = mapped_column(String(60))  # which view
    at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (Index("ix_access_look_at", "uscc", "at"), bound())


class DistrictLook(Base):
    """Somebody took a county's records along; every enterprise that was a member then reads it as a line of its own."""

    __tablename__ = "access_carrying"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID | None] = mapped_column(Uuid)  # None: the operator at the command line
    viewer: Mapped[str] = mapped_column(Personal("access_carrying.viewer"))
    role: Mapped[str] = mapped_column(String(20))
    department: Mapped[str] = mapped_column(String(100))
    region: Mapped[str] = mapped_column(String(6))
    purpose: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(Personal("access_carrying.reason"))
    enterprises: Mapped[int] = mapped_column(Integer)
    members: Mapped[str] = mapped_column(
        String(64)
    )  # SHA-256 over the credit codes, by which the set is bound
    at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)  # when what was handed out ends

    __table_args__ = (
        Index("ix_access_carrying_region", "region", "at"),
        Index("ix_access_carrying_person", "person_id", "at"),
        bound(),
    )


class DistrictLookMember(Base):
    """That an enterprise belonged to a county's records from one carrying until another.

    A row for each enterprise and county and for each time it moved, however often the county is carried.
    `hub log verify` makes the set of each carrying from these rows and compares it with what is bound.
    """

    __tablename__ = "access_carried"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    region: Mapped[str] = mapped_column(String(6), primary_key=True)
    since: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    until: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        Index("ix_access_carried_region", "region", "since"),
        Index(
            "uq_access_carried_open",
            "uscc",
            "region",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )


class PersonDayCount(Base):
    """How often a person did what has a daily number; raised in the transaction of the act, so that none slips by."""

    __tablename__ = "access_day_count"

    person_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)  # look | carry
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    count: Mapped[int] = mapped_column(Integer)


class Remit(Base):
    """What somebody's office is for (职责范围): where and for which purposes he or she looks, from a moment on."""

    __tablename__ = "access_remit"

    person_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    department: Mapped[str] = mapped_column(String(100))
    district: Mapped[str] = mapped_column(String(6))  # first 2, 4 or 6 digits of a division code (GB/T 2260)
    purposes: Mapped[str] = mapped_column(String(200))  # codes, joined by commas
    valid_from: Mapped[datetime] = mapped_column(Moment)
    valid_to: Mapped[datetime | None] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(80))

    __table_args__ = (bound(),)


class LookNumber(Base):
    """How many enterprises a role, a department or a person looks at on one day before a second person is asked."""

    __tablename__ = "access_look_number"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    department: Mapped[str | None] = mapped_column(String(100))  # None: of every department
    person_id: Mapped[UUID | None] = mapped_column(Uuid)  # None: everybody's there
    number: Mapped[int] = mapped_column(Integer)
    valid_from: Mapped[datetime] = mapped_column(Moment)
    valid_to: Mapped[datetime | None] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(80))

    __table_args__ = (Index("ix_access_look_number_role", "role", "valid_from"), bound())
