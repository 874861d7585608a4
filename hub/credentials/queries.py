"""Credentials and wallets as views show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.credentials.models import Credential, WalletKey


@dataclass(frozen=True, slots=True)
class CredentialView:
    """One issued credential; `holder` "": bound to nobody. `text` carries every disclosure: it is the holder's."""

    uscc: str
    id: UUID
    subject: str
    type_code: str
    license_version: int
    holder: str
    algorithm: str
    kid: str
    issued_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    end_reason: str | None
    text: str


@dataclass(frozen=True, slots=True)
class HolderKeyView:
    thumbprint: str
    algorithm: str
    jwk: Mapping[str, str]
    label: str
    added_at: datetime
    removed_at: datetime | None


_CREDENTIAL = tuple(CredentialView.__dataclass_fields__)
_KEY = tuple(HolderKeyView.__dataclass_fields__)


def credential_view(row: Credential) -> CredentialView:
    return CredentialView(**{name: getattr(row, name) for name in _CREDENTIAL})


def holder_keys(session: Session, uscc: str) -> tuple[HolderKeyView, ...]:
    """Return the wallets in use, the newest first. One statement."""
    rows = session.scalars(
        select(WalletKey)
        .where(WalletKey.uscc == uscc, WalletKey.removed_at.is_(None))
        .order_by(WalletKey.added_at.desc(), WalletKey.thumbprint)
    )
    return tuple(HolderKeyView(**{name: getattr(row, name) for name in _KEY}) for row in rows)
