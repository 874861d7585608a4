"""Building a bundle from what is stored, in one snapshot: no list, table or checkpoint is newer than another."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hub.kernel.bulk import insert_absent
from hub.kernel.database import Database, Note
from hub.kernel.errors import UnavailableError
from hub.trust.bundles import table
from hub.trust.bundles.members import MAX_COUNTY_PLATES, listed_rows
from hub.trust.bundles.models import BundleVersion, PlateRowIndex
from hub.trust.keys.issuer import Issuer
from hub.trust.record.models import LogHead
from hub.trust.statuses.models import StatusEntry, StatusListRow
from hub.trust.statuses.rules import path_of
from keys import KeySet, KeyState, Purpose, PurposeSigner
from signing.bundle import LIFETIME, Contents, District, PlateTable, sign_bundle, whole_table
from signing.status import StatusList, sign_status_list

MAX_STATUS_CHARS = 5_000_000  # of all status tokens in a bundle; base64 makes 6.7 of at most 8 MiB of them
SHARDS_INSIDE = 4  # of 70 KB each: the bundle of a town is one file
GROW_WHEN_ASKED = 7  # 128 shards, a second; the worker makes more
ATTEMPTS = 5  # builders of one kind that overtake each other read again; more in a row is a fault


PUBLIC = 1  # row of the counter of public bundles; a county's is its division code


class BundleBusyError(UnavailableError):
    reason = "BUNDLE_BUSY"
    zh = "离线包正在更新，请稍后再试。"
    en = "The bundle is being renewed; try again shortly."


class _Stored(NamedTuple):
    """What one snapshot of the database says, with the counter as it stood there."""

    version: int
    digest: str
    lists: tuple[tuple[int, StatusList], ...]
    plates: PlateTable
    shards: tuple[bytes, ...]
    checkpoint: str | None


class County(NamedTuple):
    """What a county's bundle has besides: its records, and the credit codes of its members as a statement."""

    district: District
    members: Select[str]


class BuiltBundle(NamedTuple):
    """A bundle with its version; `document` is `{"bundle": token, "root": public key}`."""

    version: int
    document: dict[str, object]


def build(  # noqa: PLR0913  # a bundle has these parts
    db: Database,
    *,
    issuer: Issuer,
    base_url: str,
    log_origin: str,
    now: datetime,
    carried: County | None = None,
    lifetime: timedelta = LIFETIME,
    status_chars: int = MAX_STATUS_CHARS,
) -> BuiltBundle:
    """Build the bundle of this moment; with `carried` for who may have it.

    The lists in it are signed anew, so that they say how things stand now and not when they last changed. Its
    version rises when its contents differ from those of the last public one, or the last of its county, and never falls.
    Raises: KeysError when a key is away, ReadOnlyError (an old copy of the database vouches for nothing),
    TokenTooLongError: take a smaller district.
    """
    db.require_writable()
    keys = issuer.key_set
    if carried is None:
        table.take_in(db, now=now, grow_to=GROW_WHEN_ASKED)
    stored, version = _claimed(db, carried, keys=keys, base_url=base_url, now=now)
    lists = _signed(stored, base_url=base_url, signer=issuer.signer(Purpose.STATUS), now=now)
    contents = Contents(
        issuer=base_url,
        version=version,
        keys=keys,
        revoked=_revoked(keys),
        statuses=_that_fit(lists, status_chars),
        plates=stored.plates,
        log_origin=log_origin,
        checkpoint=stored.checkpoint,
        district=None if carried is None else carried.district,
    )
    root = issuer.signer(Purpose.BUNDLE)
    signed = sign_bundle(contents, signer=root, now=now, lifetime=lifetime, shards=stored.shards)
    return BuiltBundle(version, signed)


def county_version(db: Database, region: str) -> int:
    """Return the version that a county's newest bundle has; 0 when there was none."""
    with db.read() as session:
        row = session.get(BundleVersion, int(region))
        return row.version if row else 0


def _counter(carried: County | None) -> int:
    """Whoever carries two counties uses the bundle of either: each county's versions rise by themselves."""
    return PUBLIC if carried is None else int(carried.district.region)


def keys_digest(keys: KeySet) -> str:
    """Return a digest that changes when a published key does."""
    return _sha256(keys.jwks()["keys"])


def _signed(stored: _Stored, *, base_url: str, signer: PurposeSigner, now: datetime) -> Iterator[str]:
    """The status lists, the newest first."""
    for number, entries in reversed(stored.lists):
        yield sign_status_list(entries, uri=base_url + path_of(number), signer=signer, now=now)


def _that_fit(tokens: Iterable[str], most: int) -> tuple[str, ...]:
    """As many lists as there is room for, the newest first; what stands on another is of unknown status, never refused."""
    left, fitting = most, []
    for token in tokens:
        left -= len(token)
        if left < 0:
            break
        fitting.append(token)
    return tuple(reversed(fitting))


def _claimed(
    db: Database, carried: County | None, *, keys: KeySet, base_url: str, now: datetime
) -> tuple[_Stored, int]:
    """What is stored, and the version that it has.

    The counter is read in the snapshot of the contents and moved only if nobody moved it since: contents of a
    higher version were read later.
    """
    counter = _counter(carried)
    for _ in range(ATTEMPTS):
        stored = _read(db, carried, base_url=base_url, now=now)
        digest = _digest(stored, keys=keys, district=None if carried is None else carried.district)
        if digest == stored.digest:
            return stored, stored.version
        version = max(stored.version + 1, int(now.timestamp()))
        if db.run(
            partial(_move, counter=counter, before=stored, version=version, digest=digest),
            note=Note.BUNDLE_VERSION,
        ):
            return stored, version
    raise BundleBusyError


def _read(db: Database, carried: County | None, *, base_url: str, now: datetime) -> _Stored:
    with db.read() as session:
        row = session.get(BundleVersion, _counter(carried))
        lists = tuple(_lists(session))
        uris = tuple(base_url + path_of(number) for number, _ in lists)  # rows name places: `positions`
        if carried is None:
            plates, shards = _sharded(session, uris)
        else:
            rows = listed_rows(session, members=carried.members, limit=MAX_COUNTY_PLATES, now=now)
            plates, shards = whole_table(uris, rows), ()
        return _Stored(
            version=row.version if row else 0,
            digest=row.digest if row else "",
            lists=lists,
            plates=plates,
            shards=shards,
            checkpoint=session.scalar(select(LogHead.checkpoint)) or None,
        )


def _sharded(session: Session, uris: tuple[str, ...]) -> tuple[PlateTable, tuple[bytes, ...]]:
    """The index of the table, and the shards that travel in the document: all where they are few."""
    index = session.get_one(PlateRowIndex, table.ONLY)
    count = 1 << index.bits
    inside = range(count) if count <= SHARDS_INSIDE else ()
    at = {"bits": index.bits, "generation": index.generation}
    return PlateTable(uris, None, index.digests), tuple(
        table.content_of(session, index, number, **at) for number in inside
    )


def _move(session: Session, *, counter: int, before: _Stored, version: int, digest: str) -> bool:
    """Whether the counter still stood where it was read, and now stands at `version`.

    It takes the seconds since 1970 where those are more, so that it rises also after a restored backup.
    """
    insert_absent(session, BundleVersion, id=counter, version=0, digest="")
    row = session.get_one(BundleVersion, counter, with_for_update=True)
    if (row.version, row.digest) != (before.version, before.digest):
        return False
    row.version, row.digest = version, digest
    return True


def _digest(stored: _Stored, *, keys: KeySet, district: District | None) -> str:
    """The SHA-256 of all that a bundle says, without when it says so."""
    return _sha256(
        [
            keys.jwks()["keys"],
            sorted(_revoked(keys)),
            [[number, sha256(entries.packed).hexdigest()] for number, entries in stored.lists],
            sha256(repr(stored.plates.written()).encode()).hexdigest(),
            stored.checkpoint,
            None
            if district is None
            else [district.region, *(e.as_row() for e in district.enterprises.values())],
        ]
    )


def _sha256(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _lists(session: Session) -> Iterator[tuple[int, StatusList]]:
    for number in session.scalars(select(StatusListRow.number).order_by(StatusListRow.number)).all():
        told = session.execute(
            select(StatusEntry.idx, StatusEntry.value).where(
                StatusEntry.list == number, StatusEntry.value != 0
            )
        )
        yield number, StatusList.of((idx, value) for idx, value in told)


def _revoked(keys: KeySet) -> Mapping[str, datetime]:
    return {
        key.kid: key.info.revoked_at
        for key in keys
        if key.info.state is KeyState.COMPROMISED and key.info.revoked_at is not None
    }
