"""Open a hub's database: what is done in its transactions is put on record."""

from sqlalchemy.orm import Session

from hub.kernel.database import Database
from hub.trust.record.commit import seal
from hub.trust.record.pending import RecordedSession


class ActRecord:
    """The record of acts, as `Database.write()` calls it."""

    session_class = RecordedSession

    def seal(self, session: Session) -> None:
        """Write the acts of the transaction and their leaves. Raises: UnloggedChangeError where the guard is on."""
        seal(session)


def open_database(url: str, *, echo: bool = False) -> Database:
    """Return the database at an SQLAlchemy address; nothing is connected before it is first used."""
    return Database(url, record=ActRecord(), echo=echo)
