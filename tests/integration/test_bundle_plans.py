"""No question about the table of plates reads all of it."""

from sqlalchemy import event

from hub.kernel.database import Database
from hub.trust.bundles import table
from tests.integration.test_bundle_tables import NOW, lay


def test_rows_that_wait_are_found_without_reading_the_table(db: Database) -> None:
    """A partial index would not do: with a bound value SQLite reads the covering index from end to end."""
    asked: list[tuple[str, object]] = []
    lay(db, range(10))
    event.listen(db.engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    table.take_in_all(db, now=NOW)
    table.take_in(db, now=NOW)

    questions = [(said, given) for said, given in asked if "trust_plate_row" in said]
    with db.engine.connect() as connection:
        for said, given in questions:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", given).all()
            assert not any(step[-1].startswith("SCAN") or "(taken>" in step[-1] for step in plan), said
    assert len(questions) >= 4
