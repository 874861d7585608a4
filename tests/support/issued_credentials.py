"""The credentials of a license as the tables hold them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.credentials.models import Credential
from hub.credentials.queries import CredentialView, credential_view


def standing(session: Session, uscc: str, subject: str) -> tuple[CredentialView, ...]:
    """The credentials of one license that the hub has not ended, the newest first."""
    rows = session.scalars(
        select(Credential)
        .where(Credential.uscc == uscc, Credential.subject == subject, Credential.ended_at.is_(None))
        .order_by(Credential.issued_at.desc(), Credential.id)
    )
    return tuple(credential_view(row) for row in rows)
