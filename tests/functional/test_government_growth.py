"""No page of the government end costs more where the city is larger: steps of the database engine, not time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, inspect, select, text
from sqlalchemy.orm import Session

from hub import schema
from hub.codes.plates.rollout import issue_area
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.kernel.personal import columns_of
from hub.supervision.models import PublicReport
from tests.support.beside import beside, recount
from tests.support.browser import Browser
from tests.support.city import add_report
from tests.support.feed_shapes import credit_code
from tests.support.feeds import Feeds
from tests.support.loading import load_all
from tests.support.plates import NOW, OPERATOR, press_of

BASE = 60  # enterprises that are loaded
SMALL, LARGE = 15, 75  # times they are copied: the smaller city has more than a page of everything already
STEP = 100  # instructions of the engine's machine between two calls
AREA = "南孔古城"
PAGES = (
    ("/", Role.OFFICIAL),
    ("/figures", Role.OFFICIAL),
    ("/enterprises", Role.OFFICIAL),
    ("/enterprises?state=存续", Role.OFFICIAL),
    ("/enterprises?colour=red&region=330802", Role.OFFICIAL),
    ("/enterprises?state=迁出", Role.OFFICIAL),
    ("/enterprises?q=商行", Role.OFFICIAL),
    ("/enterprises?q=商行&colour=blue", Role.OFFICIAL),
    ("/sources", Role.OFFICIAL),
    ("/plates", Role.OFFICIAL),
    (f"/plates/area?name={AREA}", Role.OFFICIAL),
    (f"/plates/area?name={AREA}&show=without", Role.OFFICIAL),
    (f"/plates/area?name={AREA}&show=to-place", Role.OFFICIAL),
    (f"/plates/area?name={AREA}&show=held", Role.OFFICIAL),
    ("/reports", Role.OFFICIAL),
    ("/reports?state=received", Role.OFFICIAL),
    ("/scope", Role.OFFICIAL),
    ("/audit", Role.AUDITOR),
    ("/audit?kind=license.recorded", Role.AUDITOR),
    ("/audit?subject=none", Role.AUDITOR),
    ("/audit?kind=license.recorded&since=2026-01-01&until=2026-12-31", Role.AUDITOR),
)
ROOM = 2  # times the smaller city's steps


@contextmanager
def steps(db: Database) -> Iterator[list[int]]:
    """Counts the engine's steps meanwhile, in units of `STEP`."""
    seen = [0]

    def tick() -> int:
        seen[0] += 1
        return 0

    def watch(connection: Any, *_rest: object) -> None:
        connection.set_progress_handler(tick, STEP)

    event.listen(db.engine.pool, "checkout", watch)
    try:
        yield seen
    finally:
        event.remove(db.engine.pool, "checkout", watch)


def cost(browser: Browser, path: str) -> int:
    with steps(browser.services.db) as seen:
        answer = browser.get(f"/government{path}")
    assert answer.status_code == 200
    return seen[0]


def grow(db: Database, copies: range) -> None:
    """Every row of an enterprise once more for each copy, under a credit code of its own."""
    tables = [
        table for table in schema.METADATA.sorted_tables if next(iter(table.primary_key)).name == "uscc"
    ]
    with beside(db) as session:
        for copy in copies:
            code = f"substr(uscc, 1, 2) || '{copy:03}' || substr(uscc, 6)"
            for table in (table for table in tables if not columns_of(table)):
                columns = [f'"{column.name}"' for column in table.columns]
                values = ", ".join(code if name == '"uscc"' else name for name in columns)
                session.execute(
                    text(
                        f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {values} FROM {table.name} "  # noqa: S608  # names of our own tables
                        "WHERE length(uscc) = 18 AND substr(uscc, 3, 3) = '330'"
                    )
                )
            _copy_reports(session, f"{copy:03}")
            session.execute(
                text(
                    f"INSERT INTO registry_search (terms, uscc) SELECT terms, {code} FROM registry_search "  # noqa: S608  # as above
                    "WHERE substr(uscc, 3, 3) = '330'"
                )
            )
    recount(db)


def _copy_reports(session: Session, copy: str) -> None:
    """What is sealed is sealed for its own row: a copy is written, not its bytes."""
    names = [column.key for column in inspect(PublicReport).columns]
    for report in session.scalars(select(PublicReport).where(func.substr(PublicReport.uscc, 3, 3) == "330")):
        values = {name: getattr(report, name) for name in names}
        session.add(PublicReport(**{**values, "uscc": report.uscc[:2] + copy + report.uscc[5:]}))


@pytest.fixture
def costs(browser: Browser, tmp_path: Path) -> dict[str, tuple[int, int]]:
    """What each page costs in a city and in one of five times its size."""
    services = browser.services
    load_all(services.db, Feeds(enterprises=BASE).write(tmp_path))
    for _ in issue_area(AREA, press=press_of(services.settings), by=OPERATOR, now=NOW, db=services.db):
        pass
    for number in range(4):
        add_report(services.db, uscc=credit_code(number))
    grow(services.db, range(100, 100 + SMALL))
    small = _measured(browser)
    grow(services.db, range(100 + SMALL, 100 + LARGE))
    large = _measured(browser)
    return {path: (small[path], large[path]) for path in small}


def _measured(browser: Browser) -> dict[str, int]:
    out = {}
    for role in (Role.OFFICIAL, Role.AUDITOR):
        browser.login(role)
        out |= {path: cost(browser, path) for path, who in PAGES if who is role}
    return out


def test_no_page_costs_more_in_a_larger_city(costs: dict[str, tuple[int, int]]) -> None:
    dear = {path: pair for path, pair in costs.items() if pair[1] > ROOM * pair[0] + 1}

    assert dear == {}
