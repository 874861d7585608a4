"""Complete what was undertaken and not finished: after a crash, or once the signer is back."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from hub.kernel.database import Database
from hub.kernel.errors import HubError, UnavailableError
from hub.trust.issuing.models import IntentRow, OpenIntent
from hub.trust.issuing.rules import Intent, Resumed
from hub.trust.issuing.service import Maker, complete, intent_of, note_failure
from signing import SigningError

GRACE = timedelta(seconds=2)  # a request under way completes its own intent; ours would only make it wait
CHUNK = 500  # intents of one kind in one round; the next round comes within seconds

_log = logging.getLogger(__name__)


def resume(db: Database, makers: Iterable[Maker[Any]], *, now: datetime, grace: timedelta = GRACE) -> Resumed:
    """Complete every open intent older than `grace`, of the kinds that have a maker, each exactly once.

    A kind whose signer is away is left alone after its first attempt: the others would fail in the same way.
    """
    done = refused = waiting = 0
    for maker in makers:
        found = _open_of(db, maker.kind, before=now - grace)
        for place, intent in enumerate(found):
            try:
                complete(db, maker=maker, intent=intent, now=now)
                done += 1
            except UnavailableError as error:
                _log.warning("%d intents of kind %s wait: %s", len(found) - place, maker.kind, error.reason)
                waiting += len(found) - place
                break
            except SigningError as error:
                note_failure(db, intent, error)
                waiting += 1
            except HubError as error:
                _log.info("intent %s of kind %s was refused: %s", intent.id, maker.kind, error.reason)
                refused += 1
    return Resumed(done, refused, waiting)


def _open_of(db: Database, kind: str, *, before: datetime) -> list[Intent]:
    """The open intents of a kind, those first that failed least often, then the oldest."""
    with db.read() as session:
        rows = session.scalars(
            select(IntentRow)
            .join(OpenIntent, (OpenIntent.intent_id == IntentRow.id) & (OpenIntent.uscc == IntentRow.uscc))
            .where(OpenIntent.kind == kind, OpenIntent.created_at <= before)
            .order_by(OpenIntent.attempts, OpenIntent.created_at, OpenIntent.intent_id)
            .limit(CHUNK)
        ).all()
        return [intent_of(row) for row in rows]
