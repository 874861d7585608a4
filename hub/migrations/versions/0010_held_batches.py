"""batches that wait for a person, with what they would change"""

from alembic import op
import sqlalchemy as sa

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds_batch", sa.Column("difference", sa.JSON(none_as_null=True), nullable=True))
    op.create_index("ix_licenses_license_number", "licenses_license", ["number", "type_code"])


def downgrade() -> None:
    op.drop_index("ix_licenses_license_number", table_name="licenses_license")
    with op.batch_alter_table("feeds_batch") as batch_op:
        batch_op.drop_column("difference")
