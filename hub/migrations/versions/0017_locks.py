"""Locks in a table of their own; answers to requests with an idempotency key, called by the room they are in."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OLD, NEW = "access_answer", "kernel_answer"


def upgrade() -> None:
    op.create_table(
        "kernel_lock",
        sa.Column("uscc", sa.String(18), nullable=False),
        sa.Column("subject", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("uscc", "subject", name=op.f("pk_kernel_lock")),
    )
    with op.batch_alter_table("trust_status_standing") as table:
        table.drop_column("version")
    op.drop_index(f"ix_{OLD}_expires", OLD)
    _rename(OLD, NEW)
    op.create_index(f"ix_{NEW}_expires", NEW, ["expires_at"])


def downgrade() -> None:
    op.drop_index(f"ix_{NEW}_expires", NEW)
    _rename(NEW, OLD)
    op.create_index(f"ix_{OLD}_expires", OLD, ["expires_at"])
    with op.batch_alter_table("trust_status_standing") as table:
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.drop_table("kernel_lock")


def _rename(old: str, new: str) -> None:
    """Rename a table; SQLite keeps no names of primary keys apart."""
    op.rename_table(old, new)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT pk_{old} TO pk_{new}")
