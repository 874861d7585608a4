"""Many browsers, one link: one wins, on both databases."""

import threading
from datetime import datetime
from urllib.parse import urlsplit

from hub.access import sessions
from hub.access.demonstrators import demonstration_links
from hub.access.errors import LinkRefusedError
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database, again_on_conflict
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
