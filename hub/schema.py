"""The whole schema in one place: every capability's tables, and the migrations that make them."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

import hub.access.answered.models
import hub.access.models
import hub.access.proposals.models
import hub.codes.models
import hub.credit.models
import hub.feeds.models
import hub.kernel.counts
import hub.licenses.credentials.models
import hub.licenses.models
import hub.registry.exceptions.models
import hub.registry.models
import hub.supervision.clones.models
import hub.supervision.models
import hub.trust.bundles.models
import hub.trust.issuing.models
import hub.trust.models
import hub.trust.statuses.models
import hub.trust.witnesses.models  # noqa: F401  # tables register themselves
from hub.kernel import tenants
from hub.kernel.database import Base, Database

METADATA = Base.metadata


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("hub.migrations")))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(db: Database, *, revision: str = "head") -> None:
    """Bring the database to `revision`; does nothing when it is there."""
    with db.engine.execution_options(hub_write=True).begin() as connection:
        command.upgrade(_config(connection), revision)
        if revision == "head":
            tenants.protect(connection, METADATA.sorted_tables)


def downgrade(db: Database, *, revision: str) -> None:
    with db.engine.execution_options(hub_write=True).begin() as connection:
        command.downgrade(_config(connection), revision)


def head() -> str:
    """The newest revision that this version of the hub knows."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None  # noqa: S101  # the package ships at least one migration
    return revision


def is_known(revision: str) -> bool:
    """Whether this version can make a database of that revision."""
    return any(
        script.revision == revision for script in ScriptDirectory.from_config(_config()).walk_revisions()
    )


def current(db: Database) -> str | None:
    """The revision of the database, None when it was never migrated."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def revise(db: Database, *, message: str) -> None:
    """Write a new migration from the difference between tables and database (for developers: `python -m hub.schema`)."""
    with db.engine.execution_options(hub_write=True).begin() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)
