"""Rate classes: how often one address or one person may ask."""

import logging
import threading
import time
from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from hub.kernel.errors import HubError

RETRY_SECONDS = 60  # a fixed window of a minute: at most this long until the next begins
WINDOW_SECONDS = 60.0
MAX_ASKERS = 200_000  # some 40 MB; those who come later in the minute share counts, and nobody's is forgotten
SHARED_COUNTS = 65_536  # for those; which of them two askers share differs from process to process
REDIS_SECONDS = 0.2  # in one data centre an answer takes a millisecond
REDIS_PAUSE_SECONDS = 5.0  # so that an outage costs one time-out every five seconds, not one per request

_log = logging.getLogger("hub.limits")


class Rate(StrEnum):
    """One per route; the guard names the default."""

    NONE = "none"  # static files and operation: cheap, and guarded otherwise
    PAGE = "page"
    VERIFICATION = "verification"
    FORM = "form"
    LOGIN = "login"
    MEMBER = "member"
    EXPORT = "export"
    API = "api"


PER_MINUTE: Mapping[Rate, int] = {
    Rate.PAGE: 600,  # a busy street behind one carrier-grade address
    Rate.VERIFICATION: 600,  # ten scans a second from one address
    Rate.FORM: 30,  # nobody writes a report every other second
    Rate.LOGIN: 30,  # a passkey login takes two requests; guessing is hopeless anyway, load is not
    Rate.MEMBER: 1200,  # a logged-in person with several open pages
    Rate.EXPORT: 20,  # an export costs a hundred pages
    Rate.API: 1200,
}


class TooManyRequestsError(HubError):
    reason = "RATE_LIMITED"
    zh = "请求过于频繁，请稍后再试。"
    en = "Too many requests. Please wait a moment and try again."
    retry_after: ClassVar[int] = RETRY_SECONDS


class MinuteCounts:
    """How often each asker of each kind came in this minute; one microsecond a count, and no thread of its own."""

    def __init__(self, *, most: int = MAX_ASKERS) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str], int] = {}
        self._shared: dict[int, int] = {}
        self._most = most
        self._ends_at = 0.0

    def hit(self, kind: str, who: str, *, limit: int, weight: int = 1) -> bool:
        """Note one request; False when it is one too many."""
        moment = time.monotonic()
        key = (kind, who)
        with self._lock:
            if moment >= self._ends_at:
                self._counts.clear()
                self._shared.clear()
                self._ends_at = moment + WINDOW_SECONDS
            if key not in self._counts and len(self._counts) >= self._most:
                place = hash(key) % SHARED_COUNTS
                count = self._shared[place] = self._shared.get(place, 0) + weight
            else:
                count = self._counts[key] = self._counts.get(key, 0) + weight
        return count <= limit


class Limiter:
    """Counts per minute in memory, or in Redis where several machines share the count.

    Without an answer from Redis each process counts for itself: limits loosen, the service goes on.
    """

    def __init__(self, *, factor: int = 1, redis_url: str | None = None) -> None:
        self._items: dict[Rate, RateLimitItem] = {
            rate: RateLimitItemPerMinute(count * factor, namespace=rate) for rate, count in PER_MINUTE.items()
        }
        self._local = MinuteCounts()
        self._shared = _shared(redis_url) if redis_url else None
        self._retry_at = 0.0

    def count(self, rate: Rate, who: str) -> None:
        """Note one request of `who`. Raises: TooManyRequestsError."""
        if rate is Rate.NONE:
            return
        if not self._hit(self._items[rate], who):
            raise TooManyRequestsError

    def charge(self, rate: Rate, who: str, weight: int) -> None:
        """Note what an admitted request costs beyond the one that `count` noted; it is never refused here.

        So a batch is taken while anything is left of the minute, and may use up more than is left.
        """
        if rate is not Rate.NONE and weight > 0:
            self._hit(self._items[rate], who, weight)

    def _hit(self, item: RateLimitItem, who: str, weight: int = 1) -> bool:
        if self._shared is None or time.monotonic() < self._retry_at:
            return self._here(item, who, weight)
        try:
            return self._shared.hit(item, who, cost=weight)
        except StorageError:
            _log.warning("the shared rate counter does not answer; counting in this process for a while")
            self._retry_at = time.monotonic() + REDIS_PAUSE_SECONDS
            return self._here(item, who, weight)

    def _here(self, item: RateLimitItem, who: str, weight: int) -> bool:
        return self._local.hit(item.namespace, who, limit=item.amount, weight=weight)


def _shared(redis_url: str) -> FixedWindowRateLimiter:
    patience = {"socket_connect_timeout": REDIS_SECONDS, "socket_timeout": REDIS_SECONDS}
    return FixedWindowRateLimiter(storage_from_string(redis_url, wrap_exceptions=True, **patience))
