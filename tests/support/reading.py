"""What rows are read with in tests of reading: a legal day, Shanghai's zone, and how a refusal is caught."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, tzinfo
from zoneinfo import ZoneInfo

import pytest

from hub.registry.reading.errors import RowRefusedError
from tests.support.loading import TODAY

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Reading:
    """A reading context; nothing is taken that fails its check unless a test says so."""

    today: date = TODAY
    zone: tzinfo = SHANGHAI
    exceptions: frozenset[str] = frozenset()


READING = Reading()


def refused_for(read: Callable[[], object]) -> tuple[str, str, str]:
    """Reason, field and value of the refusal that `read` ends in."""
    with pytest.raises(RowRefusedError) as caught:
        read()
    return caught.value.reason, caught.value.field, caught.value.value
