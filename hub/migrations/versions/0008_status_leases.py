"""status leases: blocks of a list's counter, so that issuers do not meet on the list's row"""

from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_LEASE = sa.table(
    "trust_status_lease",
    sa.column("list", sa.Integer),
    sa.column("first", sa.Integer),
    sa.column("count", sa.Integer),
    sa.column("id", sa.Uuid),
    sa.column("taken_at", sa.DateTime(timezone=True)),
)
_LIST = sa.table("trust_status_list", sa.column("number", sa.Integer), sa.column("used", sa.Integer))


def upgrade() -> None:
    """What lists gave out until now counts as one lease, which no process holds."""
    op.create_table(
        "trust_status_lease",
        sa.Column("list", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("list", "first", name=op.f("pk_trust_status_lease")),
    )
    lists = op.get_bind().execute(sa.select(_LIST.c.number, _LIST.c.used).where(_LIST.c.used > 0)).all()
    if lists:
        moment = datetime(1970, 1, 1, tzinfo=UTC)
        rows = [
            {"list": number, "first": 0, "count": used, "id": UUID(int=0), "taken_at": moment}
            for number, used in lists
        ]
        op.bulk_insert(_LEASE, rows)


def downgrade() -> None:
    """What is left of leases stays counted as given out."""
    op.drop_table("trust_status_lease")
