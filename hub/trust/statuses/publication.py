"""Publishing: every list that changed is assembled from its entries, signed, kept, and only then served.

Entries and the notes of what changed are read in one snapshot; the token is stored only if nobody published in
between, together with the removal of exactly the notes that were seen. So no change is ever taken for published.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hub.kernel.bulk import batches, insert_absent
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError, UnavailableError
from hub.trust.keys.issuer import Issuer
from hub.trust.statuses.models import StatusChange, StatusEntry, StatusPublication
from hub.trust.statuses.rules import path_of
from keys import Purpose, PurposeSigner
from signing.status import LIFETIME, StatusList, sign_status_list

RENEW_AFTER = timedelta(hours=12)  # of 24: half a day to notice that the signer is away
ETAG_CHARS = 32  # of the SHA-256 of the token


class StatusExpiredError(UnavailableError):
    """The last token of the list has expired, since nothing could be signed for a day."""

    reason = "STATUS_EXPIRED"
    zh = "状态列表未能按时更新，请在线核验或稍后再试。"
    en = "The status list could not be renewed in time; verify online or try again later."


@dataclass(frozen=True, slots=True)
class PublishedList:
    """A list as it is served."""

    token: str
    etag: str


@dataclass(frozen=True, slots=True)
class DueList:
    """A list to publish: the notes of change that were seen, and the version that this replaces (0: none)."""

    number: int
    seen: tuple[UUID, ...]
    version: int
    entries: StatusList


def publish(db: Database, *, issuer: Issuer, base_url: str, now: datetime) -> int:
    """Publish every list that changed, or whose token ages, names another address or another key; how many.

    Raises: KeysError when the key is away; what was published before is served until it expires.
    """
    with db.read() as session:
        numbers = _waiting(session, issuer=issuer, base_url=base_url, now=now)
    done = 0
    for number in sorted(numbers):
        signer = issuer.key_ring.signer(Purpose.STATUS)
        due = assemble(db, number)
        done += store(db, due, signer=signer, uri=base_url + path_of(number), now=now)
    return done


def published(db: Database, number: int, *, now: datetime) -> PublishedList:
    """Return the last token of a list, whether or not the signer is there.

    Raises: NotFoundError for a list that was never published, StatusExpiredError for one that nobody believes now.
    """
    columns = (StatusPublication.expires_at, StatusPublication.token, StatusPublication.etag)
    statement = select(*columns).where(StatusPublication.number == number)
    with db.read() as session:
        found = session.execute(statement).one_or_none()
    if found is None:
        raise NotFoundError
    if found[0] <= now:
        raise StatusExpiredError
    return PublishedList(*found[1:])


def soonest_expiry(db: Database) -> datetime | None:
    """Return until when the oldest token that is served is believed; None when none is."""
    with db.read() as session:
        return session.scalar(select(func.min(StatusPublication.expires_at)))


def _waiting(session: Session, *, issuer: Issuer, base_url: str, now: datetime) -> set[int]:
    numbers = set(session.scalars(select(StatusChange.list).distinct()))
    columns = (
        StatusPublication.number,
        StatusPublication.uri,
        StatusPublication.kid,
        StatusPublication.signed_at,
    )
    kept = session.execute(select(*columns)).all()
    if not numbers and not kept:
        return numbers
    kid = issuer.key_ring.signer(Purpose.STATUS).kid
    stale = {
        number
        for number, uri, by, signed_at in kept
        if (uri, by) != (base_url + path_of(number), kid)
        or not now - RENEW_AFTER < signed_at <= now
        or _is_behind(session, number, signed_at)
    }
    return numbers | stale


def _is_behind(session: Session, number: int, signed_at: datetime) -> bool:
    """Whether an entry changed after the token was signed, whatever became of the note; one step in an index."""
    newest = select(func.max(StatusEntry.changed_at)).where(StatusEntry.list == number)
    changed_at = session.scalar(newest)
    return changed_at is not None and changed_at > signed_at


def assemble(db: Database, number: int) -> DueList:
    """Assemble a list as its entries stand, read in one snapshot with the notes of what changed."""
    with db.read() as session:
        return _assembled(session, number)


def _assembled(session: Session, number: int) -> DueList:
    seen = session.scalars(select(StatusChange.id).where(StatusChange.list == number)).all()
    version = session.scalar(select(StatusPublication.version).where(StatusPublication.number == number))
    told = session.execute(
        select(StatusEntry.idx, StatusEntry.value).where(StatusEntry.list == number, StatusEntry.value != 0)
    )
    return DueList(number, tuple(seen), version or 0, StatusList.of((idx, value) for idx, value in told))


def store(db: Database, due: DueList, *, signer: PurposeSigner, uri: str, now: datetime) -> int:
    """Sign a list and keep its token, unless somebody published since it was assembled; how many were kept."""
    token = sign_status_list(due.entries, uri=uri, signer=signer, now=now)

    def work(session: Session) -> int:
        insert_absent(session, StatusPublication, **_blank(due.number, now))
        row = session.get_one(StatusPublication, due.number, with_for_update=True)
        if row.version != due.version:
            return 0  # somebody published meanwhile, perhaps what came later: seen at the next turn
        row.version, row.uri, row.kid, row.token = due.version + 1, uri, signer.kid, token
        row.etag = hashlib.sha256(token.encode("ascii")).hexdigest()[:ETAG_CHARS]
        row.signed_at, row.expires_at = now, now.replace(microsecond=0) + LIFETIME
        _forget(session, due.number, due.seen)
        return 1

    return db.run(work)


def _blank(number: int, now: datetime) -> dict[str, object]:
    """The row of a list that was never published: served by nobody, since it has expired."""
    texts = dict.fromkeys(("uri", "kid", "token", "etag"), "")
    return {"number": number, "version": 0, "signed_at": now, "expires_at": now, **texts}


def _forget(session: Session, number: int, seen: Iterable[UUID]) -> None:
    for batch in batches(seen):
        session.execute(delete(StatusChange).where(StatusChange.list == number, StatusChange.id.in_(batch)))
