from datetime import UTC, datetime
from pathlib import Path

import pytest

from keys import KeyRing, ScryptCost

MADE_AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
PASSPHRASE = "correct horse battery staple"
CHEAP = ScryptCost(n=2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def ring(folder: Path) -> KeyRing:
    return KeyRing.create(folder, PASSPHRASE, now=MADE_AT, cost=CHEAP)
