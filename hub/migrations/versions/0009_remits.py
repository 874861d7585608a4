"""Remits of officers and officials, and how many enterprises they look at in a day.

Who serves since before gets a remit from `hub init`, on record: a row without an act would be a finding.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_remit",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("department", sa.String(100), nullable=False),
        sa.Column("district", sa.String(6), nullable=False),
        sa.Column("purposes", sa.String(200), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "id", name=op.f("pk_access_remit")),
    )
    op.create_table(
        "access_look_number",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("department", sa.String(100), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_look_number")),
    )
    op.create_index("ix_access_look_number_role", "access_look_number", ["role", "valid_from"])


def downgrade() -> None:
    op.drop_index("ix_access_look_number_role", "access_look_number")
    op.drop_table("access_look_number")
    op.drop_table("access_remit")
