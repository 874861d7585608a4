"""items that the license leaves to branches, and by which reader scopes were read"""

from alembic import op
import sqlalchemy as sa

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "registry_scope_line",
        sa.Column("branch_only", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "registry_scope_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("done_to", sa.String(length=18), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_scope_reading")),
    )


def downgrade() -> None:
    op.drop_table("registry_scope_reading")
    with op.batch_alter_table("registry_scope_line") as batch_op:
        batch_op.drop_column("branch_only")
