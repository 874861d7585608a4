"""room for personal fields that are sealed"""

from alembic import op
import sqlalchemy as sa

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

FIELDS = (
    ("access_person", "name", False),
    ("access_look", "viewer", False),
    ("access_carrying", "viewer", False),
    ("supervision_public_report", "contact", True),
)


def upgrade() -> None:
    """Sealing needs keys, so that `hub init` does it afterwards (hub.trust.personal_fields)."""
    for table, column, nullable in FIELDS:
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(column, existing_type=sa.String(100), type_=sa.Text(), existing_nullable=nullable)


def downgrade() -> None:
    """Raises: RuntimeError while anything is sealed: the version before could not read it."""
    for table, column, _ in FIELDS:
        found = op.get_bind().execute(sa.text(f"SELECT count(*) FROM {table} WHERE {column} LIKE 'hp1:%'")).scalar()
        if found:
            raise RuntimeError(f"{table}.{column} is sealed: restore a backup that the version before made")
    for table, column, nullable in FIELDS:
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(column, existing_type=sa.Text(), type_=sa.String(100), existing_nullable=nullable)
