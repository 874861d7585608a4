"""When an act was done, where it came late to the record; NULL for every act that is on record already."""

import sqlalchemy as sa
from alembic import op


revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trust_event", sa.Column("happened_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Refused once an act came late: its leaf says so for ever, and without the column would not be its own."""
    late = sa.text("SELECT 1 FROM trust_event WHERE happened_at IS NOT NULL LIMIT 1")
    if op.get_bind().execute(late).first() is not None:
        raise RuntimeError("acts that came late are on record; their leaves need trust_event.happened_at")
    op.drop_column("trust_event", "happened_at")
