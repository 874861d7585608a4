"""search index; the sheet of a refused row"""

from alembic import op
import sqlalchemy as sa

from hub.registry.search import create_index, drop_index

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("feeds_refusal") as table:
        table.add_column(sa.Column("sheet", sa.String(length=31), nullable=False, server_default=""))
        table.drop_constraint("pk_feeds_refusal", type_="primary")
        table.create_primary_key("pk_feeds_refusal", ["batch_id", "sheet", "line"])
    create_index(op.get_bind())


def downgrade() -> None:
    drop_index(op.get_bind())
    with op.batch_alter_table("feeds_refusal") as table:
        table.drop_constraint("pk_feeds_refusal", type_="primary")
        table.drop_column("sheet")
        table.create_primary_key("pk_feeds_refusal", ["batch_id", "line"])
