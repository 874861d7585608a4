"""Bundles built once for all who ask: the public one a minute long for all workers, a district's for its carrying."""

import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.kernel.bulk import insert_absent
from hub.kernel.database import Database, Note
from hub.kernel.errors import NotFoundError
from hub.trust.bundles.builder import BuiltBundle, County, build, county_version, keys_digest
from hub.trust.bundles.models import PublicBundle
from hub.trust.bundles.table import read_shard
from hub.trust.keys.issuer import Issuer
from keys import KeySet
from signing.bundle import LIFETIME

KEEP = timedelta(
    seconds=60
)  # a city's bundle takes a second to build; its news is believed for fifteen minutes
DISTRICTS_KEPT = 4  # of at most 8 MiB each; whoever took one along may fetch it again within the half hour
SHARDS_KEPT = 256  # 13 MB: a city of 700 000 plates
ROW = 1


class _Label(NamedTuple):
    """What tells one public bundle from another."""

    version: int
    keys: str
    made_at: datetime


class BundleCache:
    """Made once per process; safe to share among threads. What all workers must agree on is in the database."""

    def __init__(self, db: Database, *, issuer: Issuer, base_url: str, log_origin: str) -> None:
        self._db = db
        self._issuer = issuer
        self._base_url = base_url
        self._log_origin = log_origin
        self._lock = threading.Lock()
        self._held: tuple[_Label, str] | None = None
        self._keys: tuple[KeySet, str] | None = None
        self._districts: OrderedDict[UUID, tuple[int, str]] = OrderedDict()
        self._shards: OrderedDict[bytes, bytes] = OrderedDict()

    def public(self, *, now: datetime) -> str:
        """Return the document as JSON text, the same from every worker; made anew after a minute or when a key changed.

        Raises: as `build`.
        """
        with self._lock:
            self._db.require_writable()
            stored = self._stored()
            if stored is None or not self._is_good(stored, now):
                stored = self._renewed(now)
            if self._held is None or self._held[0] != stored:
                self._held = self._read()
            return self._held[1]

    def district(
        self,
        carrying_id: UUID,
        contents: Callable[[], County],
        *,
        region: str,
        until: datetime,
        now: datetime,
    ) -> str:
        """Return the bundle of one carrying, with its end; built when it is first asked for.

        And again when another worker has built a later one of the county: of two that a caller fetches the second must
        not be the older. Raises: as `build`.
        """
        with self._lock:
            kept = self._districts.get(carrying_id)
        if kept is None or kept[0] != county_version(self._db, region):
            made = self._build(now, carried=contents(), lifetime=until - now)
            kept = made.version, _written(made)
        with self._lock:
            self._districts[carrying_id] = kept
            self._districts.move_to_end(carrying_id)
            while len(self._districts) > DISTRICTS_KEPT:
                self._districts.popitem(last=False)
        return kept[1]

    def shard(self, digest: bytes) -> bytes:
        """Return a shard of the table of plates that a bundle of today or yesterday names. Raises: NotFoundError."""
        with self._lock:
            kept = self._shards.get(digest)
        if kept is None:
            kept = read_shard(self._db, digest)
            if sha256(kept).digest() != digest:  # the rows are no longer those it was made of
                raise NotFoundError
        with self._lock:
            self._shards[digest] = kept
            self._shards.move_to_end(digest)
            while len(self._shards) > SHARDS_KEPT:
                self._shards.popitem(last=False)
        return kept

    def _is_good(self, stored: _Label, now: datetime) -> bool:
        return stored.keys == self._keys_digest() and stored.made_at <= now < stored.made_at + KEEP

    def _renewed(self, now: datetime) -> _Label:
        """The label of what is stored once this worker, or one that was faster, has built the next."""
        keys = self._keys_digest()
        made = self._build(now)
        label, text = _Label(made.version, keys, now), _written(made)
        if self._db.run(partial(_keep, label=label, text=text), note=Note.BUNDLE_VERSION):
            self._held = (label, text)
            return label
        self._held = self._read()
        return self._held[0]

    def _build(
        self, now: datetime, *, carried: County | None = None, lifetime: timedelta = LIFETIME
    ) -> BuiltBundle:
        return build(
            self._db,
            issuer=self._issuer,
            base_url=self._base_url,
            log_origin=self._log_origin,
            now=now,
            carried=carried,
            lifetime=lifetime,
        )

    def _keys_digest(self) -> str:
        current = self._issuer.key_set
        if self._keys is None or self._keys[0] is not current:
            self._keys = (current, keys_digest(current))
        return self._keys[1]

    def _stored(self) -> _Label | None:
        columns = (PublicBundle.version, PublicBundle.keys, PublicBundle.made_at)
        with self._db.read() as session:
            row = session.execute(select(*columns).where(PublicBundle.id == ROW)).one_or_none()
        return None if row is None else _Label(*row)

    def _read(self) -> tuple[_Label, str]:
        with self._db.read() as session:
            row = session.get_one(PublicBundle, ROW)
            return _Label(row.version, row.keys, row.made_at), row.text


def _written(made: BuiltBundle) -> str:
    return json.dumps(made.document, separators=(",", ":"))


def _keep(session: Session, *, label: _Label, text: str) -> bool:
    """Whether nobody kept a later one meanwhile, and this is now the one."""
    blank = {"version": 0, "keys": "", "made_at": label.made_at, "text": ""}
    insert_absent(session, PublicBundle, id=ROW, **blank)
    row = session.get_one(PublicBundle, ROW, with_for_update=True)
    if row.version > label.version:
        return False
    row.version, row.keys, row.made_at, row.text = *label, text
    return True
