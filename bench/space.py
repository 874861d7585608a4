"""P6: an enterprise's whole space, in statements and against reading its plain rows."""

from collections.abc import Iterator
from itertools import count

from sqlalchemy import event, func, select

from bench.city import City
from bench.measure import Figure, speed_ratio
from hub import config
from hub.access.matrix import MATRIX, Audience
from hub.licenses import queries
from hub.licenses.models import License
from hub.licenses.reference.loader import shipped_reference
from hub.registry.models import Enterprise, Premises, ScopeLine
from hub.trust.record.database import open_database

SAMPLE = 200


def figures(city: City) -> Iterator[Figure]:
    settings = city.settings
    database = open_database(settings.database_url)
    on = settings.today(config.now())
    reference = shipped_reference().on(on)
    with database.read() as session:
        largest = list(
            session.scalars(
                select(License.uscc).group_by(License.uscc).order_by(func.count().desc()).limit(SAMPLE)
            )
        )
    counter = count()
    with database.read() as session:
        event.listen(database.engine, "before_cursor_execute", lambda *_: next(counter))
        queries.space(
            session, largest[0], on=on, clearance=MATRIX.clearance(Audience.ENTERPRISE), reference=reference
        )
        yield Figure("P6", "the largest space, database statements", next(counter), "≤ 8", unit="")

        def spaces() -> None:
            for uscc in largest:
                queries.space(
                    session, uscc, on=on, clearance=MATRIX.clearance(Audience.ENTERPRISE), reference=reference
                )

        def rows() -> None:
            for uscc in largest:
                for model in (Enterprise, Premises, ScopeLine, License):
                    session.execute(select(model.__table__).where(model.__table__.c.uscc == uscc)).all()

        yield Figure(
            "P6", "whole space / its plain rows", speed_ratio(spaces, rows), "", note="speed, no target"
        )
    database.close()
