"""Many browsers, one link: one wins, on both databases."""

import threading
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from hub.access import passkey_doubts, sessions
from hub.access.errors import LinkRefusedError, PasskeyRefusedError
from hub.access.models import Passkey, PasskeyDoubt
from hub.access.rules import Doubt
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database, again_on_conflict
from hub.kernel.ids import new_id
from tests.support.demonstrations import demonstration_links
from tests.support.enterprises import USCC, add_enterprise

BROWSERS = 8


def test_a_link_opened_in_many_browsers_at_once_logs_in_one(
    any_db: Database, environ: dict[str, str], now: datetime
) -> None:
    demo, any_db.is_demonstration = Settings.from_env({**environ, "HUB_DEMO": "1"}), True
    add_enterprise(any_db)
    link = demonstration_links(any_db, demo, uscc=USCC, now=now)[Role.OFFICIAL]
    token = urlsplit(link).path.rpartition("/")[2]
    start = threading.Barrier(BROWSERS)
    outcomes: list[str] = []

    def redeem() -> None:
        start.wait(timeout=10)
        try:
            again_on_conflict(lambda: sessions.redeem_login_link(token, settings=demo, now=now, db=any_db))
            outcomes.append("in")
        except LinkRefusedError:
            outcomes.append("refused")

    threads = [threading.Thread(target=redeem) for _ in range(BROWSERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(outcomes) == ["in", *["refused"] * (BROWSERS - 1)]


@pytest.mark.xdist_group("postgresql")
def test_a_copied_passkey_used_twice_at_one_moment_is_refused_twice_and_told_once(
    postgres_db: Database, now: datetime
) -> None:
    """The second reads before the first has committed: its own row is one too many, and no breakdown."""
    passkey = Passkey(
        credential_id=b"copied",
        person_id=new_id(now),
        public_key=b"key",
        sign_count=1,
        label="手机",
        created_at=now,
    )

    def both() -> None:
        with postgres_db.write() as second:
            assert second.scalar(select(func.count()).select_from(PasskeyDoubt)) == 0
            with postgres_db.write() as first:
                passkey_doubts.note(first, passkey, Doubt.COUNTER, now=now)
            passkey_doubts.note(second, passkey, Doubt.COUNTER, now=now)

    with pytest.raises(PasskeyRefusedError):
        both()

    with postgres_db.read() as session:
        assert session.scalar(select(func.count()).select_from(PasskeyDoubt)) == 1
