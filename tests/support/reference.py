"""Reference data as it ships, for tests that are about something else."""

from datetime import date
from typing import Final

from hub.licenses.reference.loader import shipped_reference

TABLES: Final = shipped_reference()
REFERENCE: Final = TABLES.on(date(2026, 11, 21))  # the day on which most tests play
