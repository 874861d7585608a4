"""The public bundle, built once for all who ask within a minute."""

import json
import threading
from datetime import datetime, timedelta

from hub.kernel.database import Database
from hub.trust.bundles.building import build
from hub.trust.issuer import Issuer

KEEP = timedelta(
    seconds=60
)  # a city's bundle takes a second to build; its news is believed for fifteen minutes


class Shelf:
    """Made once per process; safe to share among threads."""

    def __init__(self, db: Database, *, issuer: Issuer, base_url: str, log_origin: str) -> None:
        self._db = db
        self._issuer = issuer
        self._base_url = base_url
        self._log_origin = log_origin
        self._lock = threading.Lock()
        self._text = ""
        self._made_at: datetime | None = None
        self._keys: object = None

    def public(self, *, now: datetime) -> str:
        """The document as JSON text; made anew when it is a minute old, or a key changed. Raises: as `build`."""
        with self._lock:
            keys = self._issuer.key_set
            if (
                self._made_at is None
                or keys is not self._keys
                or not self._made_at <= now < self._made_at + KEEP
            ):
                document = self._build(now)
                self._text = json.dumps(document, separators=(",", ":"))
                self._made_at, self._keys = now, keys
            return self._text

    def _build(self, now: datetime) -> dict[str, object]:
        return build(
            self._db,
            issuer=self._issuer,
            base_url=self._base_url,
            log_origin=self._log_origin,
            now=now,
        )
