"""Moments as they are written on the wire."""

import math
from datetime import UTC, datetime
from functools import lru_cache


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC, whole seconds."""
    return _second(math.floor(moment.timestamp()))


@lru_cache(maxsize=256)  # what is told of one moment names it several times
def _second(since: int) -> str:
    return datetime.fromtimestamp(since, UTC).replace(tzinfo=None).isoformat() + "Z"
