"""Building a bundle from what is stored, in one snapshot: no list, table or checkpoint is newer than another."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.kernel.bulk import insert_absent
from hub.kernel.database import Database
from hub.trust.bundles.models import BundleVersion
from hub.trust.issuer import Issuer
from hub.trust.models import LogHead
from hub.trust.statuses.models import StatusEntry, StatusListRow
from hub.trust.statuses.rules import SubjectKind, path_of
from keys import KeySet, KeyState, Purpose
from signing.bundle import LIFETIME, Contents, District, sign_bundle, tables_of
from signing.status import StatusList, sign_status_list

ROW = 1


def build(
    db: Database,
    *,
    issuer: Issuer,
    base_url: str,
    log_origin: str,
    now: datetime,
    district: District | None = None,
    lifetime: timedelta = LIFETIME,
) -> dict[str, object]:
    """The bundle of this moment as `{"bundle": token, "root": public key}`; with `district` for who may have it.

    The lists in it are signed anew, so that they say how things stand now and not when they last changed.
    Raises: KeysError when a key is away, ReadOnlyError (an old copy of the database vouches for nothing),
    TokenTooLongError: take a smaller district.
    """
    version = db.run(lambda session: _next_version(session, now=now))
    with db.read() as session:
        statuses = tuple(_statuses(session, issuer=issuer, base_url=base_url, now=now))
        plates = tables_of(_plates(session, base_url))
        checkpoint = session.scalar(select(LogHead.checkpoint)) or None
    keys = issuer.key_set
    contents = Contents(
        issuer=base_url,
        version=version,
        keys=keys,
        revoked=_revoked(keys),
        statuses=statuses,
        plates=plates,
        log_origin=log_origin,
        checkpoint=checkpoint,
        district=district,
    )
    return sign_bundle(contents, signer=issuer.signer(Purpose.BUNDLE), now=now, lifetime=lifetime)


def _next_version(session: Session, *, now: datetime) -> int:
    """Seconds since 1970, unless the clock went back. Bundles of one second are of one version."""
    insert_absent(session, BundleVersion, id=ROW, version=0)
    row = session.get_one(BundleVersion, ROW, with_for_update=True)
    row.version = max(row.version, int(now.timestamp()))
    return row.version


def _statuses(session: Session, *, issuer: Issuer, base_url: str, now: datetime) -> Iterator[str]:
    signer = issuer.signer(Purpose.STATUS)
    for number in session.scalars(select(StatusListRow.number).order_by(StatusListRow.number)).all():
        told = session.execute(
            select(StatusEntry.idx, StatusEntry.value).where(
                StatusEntry.list == number, StatusEntry.value != 0
            )
        )
        entries = StatusList.of((idx, value) for idx, value in told)
        yield sign_status_list(entries, uri=base_url + path_of(number), signer=signer, now=now)


def _plates(session: Session, base_url: str) -> Iterator[tuple[str, str, int]]:
    rows = session.execute(
        select(StatusEntry.subject, StatusEntry.list, StatusEntry.idx).where(
            StatusEntry.kind == SubjectKind.PLATE.value
        )
    )
    for plate_id, number, idx in rows:
        yield plate_id, base_url + path_of(number), idx


def _revoked(keys: KeySet) -> Mapping[str, datetime]:
    return {
        key.kid: key.info.revoked_at
        for key in keys
        if key.info.state is KeyState.COMPROMISED and key.info.revoked_at is not None
    }
