"""The reference data of one process: its catalogue is the database's, read once and again when a row was added."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from hub.kernel.database import Database
from hub.kernel.prepared_statements import PreparedReads, PreparedStatement
from hub.licenses.catalogue.errors import LicenseTypeError
from hub.licenses.catalogue.rules import LicenseType
from hub.licenses.reference.models import LicenseTypeRow
from hub.licenses.reference.rules import Reference, ReferenceTables
from hub.licenses.reference.service import stored_types

LOOK_SECONDS = 5.0  # how long another process's row may go unseen: the catalogue changes some times a year

_log = logging.getLogger(__name__)


class StoredReferenceTables(ReferenceTables):
    """Reads the catalogue at its first use, and looks every LOOK_SECONDS whether rows were added (rows never change).

    A look is one small statement outside any session. While the database is away, or has no such row yet, what was known
    goes on: in the beginning `shipped`.
    """

    def __init__(
        self, db: Database, shipped: ReferenceTables, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(shipped.rows, shipped.items, shipped.calendar)
        self._db = db
        self._reads = PreparedReads(db)
        self._count = PreparedStatement(select(func.count()).select_from(LicenseTypeRow), db)
        self._faults = (LicenseTypeError, SQLAlchemyError, db.engine.dialect.loaded_dbapi.Error)
        self._clock = clock
        self._look_at = 0.0
        self._seen = 0
        self._lock = threading.Lock()

    def on(self, day: date) -> Reference:
        if self._clock() >= self._look_at:
            self.look()
        return super().on(day)

    def current_rows(self) -> tuple[LicenseType, ...]:
        """Return every dated row that counts at this moment, by code and first day."""
        self.look()
        return tuple(sorted(self.rows, key=lambda row: (row.code, row.valid_from)))

    def look(self) -> None:
        """Read the rows if there are more than were seen, whenever the last look was."""
        with self._lock:
            self._look_at = self._clock() + LOOK_SECONDS
            try:
                row = self._reads.first(self._count, {})
                count = 0 if row is None else int(row[0])
                if count != self._seen:
                    with self._db.read() as session:
                        self.replace(stored_types(session))
                    self._seen = count
            except self._faults as error:
                _log.warning("the catalogue of licenses was not read: %s", type(error).__name__)
