"""Forgetting what has served its time; who looked at whom is never forgotten here."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from hub.access.models import Invitation, LoginSession, PasskeyChallenge
from hub.kernel.database import Database

KEEP_SESSIONS = timedelta(days=1)  # long enough to answer "was I logged out?"
KEEP_INVITATIONS = timedelta(days=30)


def forget_expired(db: Database, *, now: datetime) -> None:
    """Delete unanswered challenges, dead sessions and old links. The events about them stay."""
    dead = now - KEEP_SESSIONS

    def work(session: Session) -> None:
        session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < now))
        session.execute(
            delete(LoginSession).where(or_(LoginSession.expires_at < dead, LoginSession.ended_at < dead))
        )
        session.execute(delete(Invitation).where(Invitation.expires_at < now - KEEP_INVITATIONS))

    db.run(work)
