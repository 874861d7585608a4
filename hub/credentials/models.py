"""Credentials of licenses, and the wallets' public keys that they are bound to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, Integer, String, Text, Uuid
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base, Moment, Uscc
from hub.trust.record.bound_rows import bound, index_of

THUMBPRINT_CHARS = 43  # SHA-256 in base64url


class WalletKey(Base):
    """A wallet's public key that an enterprise has proven to hold. A removed one never comes back."""

    __tablename__ = "licenses_holder_key"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    thumbprint: Mapped[str] = mapped_column(String(THUMBPRINT_CHARS), primary_key=True)  # RFC 7638
    algorithm: Mapped[str] = mapped_column(String(10))  # keys.Algorithm
    jwk: Mapped[dict[str, Any]] = mapped_column(JSON)  # the members that make the key, no other
    label: Mapped[str] = mapped_column(String(60))
    added_at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(80))
    removed_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (bound(),)


class HolderChallenge(Base):
    """A nonce for one proof of possession; deleted when used, forgotten when it expires."""

    __tablename__ = "licenses_holder_challenge"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    nonce: Mapped[str] = mapped_column(String(43), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)


class Credential(Base):
    """One issued credential. `subject` is the license's id, or the USCC for the electronic business license itself."""

    __tablename__ = "licenses_credential"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)  # the token's `jti`
    subject: Mapped[str] = mapped_column(String(36))
    license_id: Mapped[UUID | None] = mapped_column(Uuid)
    type_code: Mapped[str] = mapped_column(String(40))
    license_version: Mapped[int] = mapped_column(Integer)
    holder: Mapped[str] = mapped_column(String(THUMBPRINT_CHARS))  # "": bound to nobody
    algorithm: Mapped[str] = mapped_column(String(10))
    kid: Mapped[str] = mapped_column(String(64))
    status_uri: Mapped[str] = mapped_column(String(40))  # a path under the hub's address
    status_index: Mapped[int] = mapped_column(Integer)
    issued_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    end_reason: Mapped[str | None] = mapped_column(String(20))  # hub.credentials.rules.CredentialEnd
    by: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index(
            "uq_licenses_credential_standing",
            "uscc",
            "subject",
            "holder",
            "algorithm",
            unique=True,
            sqlite_where=sql("ended_at IS NULL"),
            postgresql_where=sql("ended_at IS NULL"),
        ),
        bound(),
    )


class CredentialIndex(Base):
    """Global look-up: the token's `jti` → USCC."""

    __tablename__ = "licenses_credential_index"

    credential_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    uscc: Mapped[str] = mapped_column(Uscc)

    __table_args__ = (index_of("licenses_credential", credential_id="id", uscc="uscc"),)
