"""dated rows of the license catalogue; `hub init` begins it with the shipped ones, on record"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "licenses_type",
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(80), nullable=False),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_licenses_type_period")),
        sa.PrimaryKeyConstraint("code", "valid_from", "version", name=op.f("pk_licenses_type")),
    )


def downgrade() -> None:
    op.drop_table("licenses_type")
