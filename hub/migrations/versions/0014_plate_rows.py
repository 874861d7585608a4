"""the table of plates in shards: one row for each plate, the digests of the shards, and what a digest is of"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ROW = "trust_plate_row"
INDEX = "trust_plate_shards"
SHARD = "trust_plate_shard"
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        ROW,
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("plate_id", sa.String(length=10), nullable=False),
        sa.Column("content", sa.LargeBinary(length=13), nullable=False),
        sa.Column("taken", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("uscc", "plate_id", name=op.f(f"pk_{ROW}")),
    )
    op.create_index(f"ix_{ROW}_content", ROW, ["content", "taken"])
    is_waiting = sa.text("taken = 0")
    op.create_index(
        f"ix_{ROW}_waiting", ROW, ["content"], sqlite_where=is_waiting, postgresql_where=is_waiting
    )
    op.create_table(
        INDEX,
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("generation", _NUMBER, nullable=False),
        sa.Column("bits", sa.SmallInteger(), nullable=False),
        sa.Column("rows", _NUMBER, nullable=False),
        sa.Column("secret", sa.LargeBinary(length=32), nullable=False),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{INDEX}")),
    )
    op.create_table(
        SHARD,
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("generation", _NUMBER, nullable=False),
        sa.Column("bits", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f(f"pk_{SHARD}")),
    )
    op.create_index(f"ix_{SHARD}_replaced_at", SHARD, ["replaced_at"])
    op.execute("DELETE FROM trust_public_bundle")  # of the profile before: nothing reads it any more


def downgrade() -> None:
    op.execute("DELETE FROM trust_public_bundle")
    for table in (SHARD, INDEX, ROW):
        op.drop_table(table)
