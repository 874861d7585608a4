"""an index that finds the plates that wait for the table without reading all others"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ROW = "trust_plate_row"


def upgrade() -> None:
    op.drop_index(f"ix_{ROW}_waiting", ROW)
    op.create_index(f"ix_{ROW}_taken", ROW, ["taken", "content"])


def downgrade() -> None:
    op.drop_index(f"ix_{ROW}_taken", ROW)
    op.create_index(f"ix_{ROW}_waiting", ROW, ["content"])
