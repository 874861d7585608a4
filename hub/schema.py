"""The whole schema in one place: every capability's tables, and the migrations that make them."""

import re
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

import hub.access.models
import hub.access.proposals.models
import hub.codes.models
import hub.credentials.models
import hub.credit.models
import hub.feeds.models
import hub.kernel.counts
import hub.kernel.idempotency.models
import hub.kernel.locks
import hub.licenses.models
import hub.licenses.reference.models
import hub.registry.exceptions.models
import hub.registry.models
import hub.supervision.clones.models
import hub.supervision.models
import hub.trust.bundles.models
import hub.trust.issuing.models
import hub.trust.record.models
import hub.trust.statuses.models
import hub.trust.witnesses.models  # noqa: F401  # tables register themselves
from hub.kernel import tenants
from hub.kernel.database import Base, Database

if TYPE_CHECKING:
    from alembic.config import Config

METADATA = Base.metadata
MIGRATIONS = "hub.migrations"
_STATEMENT = text("SELECT version_num FROM alembic_version")
_REVISION_FILE = re.compile(r"(\d{4})_\w+\.py")  # tests/contracts/test_revisions.py holds it against Alembic


def _alembic(module: str) -> Any:
    """A module of Alembic, loaded when a schema is made or changed: a tenth of every start would be spent on it."""
    return import_module(f"alembic.{module}")


def _config(connection: Connection | None = None) -> "Config":
    config: Config = _alembic("config").Config()
    config.set_main_option("script_location", str(files(MIGRATIONS)))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(db: Database, *, revision: str = "head") -> None:
    """Bring the database to `revision`; does nothing when it is there."""
    with db.engine.execution_options(hub_write=True).begin() as connection:
        _alembic("command").upgrade(_config(connection), revision)
        if revision == "head":
            tenants.protect(connection, METADATA.sorted_tables)


def downgrade(db: Database, *, revision: str) -> None:
    with db.engine.execution_options(hub_write=True).begin() as connection:
        _alembic("command").downgrade(_config(connection), revision)


def head() -> str:
    """Return the newest revision that this version of the hub knows: the last number among its migrations."""
    return revisions()[-1]


def is_known(revision: str) -> bool:
    """Return whether this version can make a database of that revision."""
    return revision in revisions()


def revisions() -> tuple[str, ...]:
    """Return every revision, oldest first, as the files of the migrations are named.

    Raises: AssertionError when two of them have one number.
    """
    matches = (_REVISION_FILE.fullmatch(file.name) for file in files(f"{MIGRATIONS}.versions").iterdir())
    found = sorted(match[1] for match in matches if match)
    if not found or len(set(found)) < len(found):
        raise AssertionError(f"migrations are numbered one by one, not {found}")
    return tuple(found)


def current(db: Database) -> str | None:
    """Return the revision of the database, None when it was never migrated."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(_STATEMENT)
        return found
