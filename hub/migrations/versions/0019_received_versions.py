"""When a version came, where that was before it was put on record; NULL for every version that is there already.

Those rows are bound by their digests, which leave out what is NULL; the batch of each still says when it began.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = ("registry_enterprise_version", "registry_premises_version", "licenses_license_version")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("received_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Refused once a version came late: the digest of its row in the log is over that moment too."""
    for table in TABLES:
        late = sa.text(f"SELECT 1 FROM {table} WHERE received_at IS NOT NULL LIMIT 1")  # noqa: S608  # ours
        if op.get_bind().execute(late).first() is not None:
            raise RuntimeError(f"versions that came late are on record; they need {table}.received_at")
    for table in TABLES:
        op.drop_column(table, "received_at")
