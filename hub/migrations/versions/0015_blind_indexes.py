"""blind indexes beside names and certificates; room for more sealed fields"""

from alembic import op
import sqlalchemy as sa

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

INDEXES = (("access_person", "name_index"), ("access_appointment", "certificate_index"))
WIDENED = (
    ("access_appointment", "certificate_no", 40, True),
    ("licenses_waiver", "declared_by", 100, False),
    ("supervision_public_report", "handled_by", 80, True),
    ("supervision_plate_suspicion", "handled_by", 80, True),
)
SEALED = (  # since this revision; the version before does not open them
    *((table, column) for table, column, _, _ in WIDENED),
    ("access_look", "reason"),
    ("access_carrying", "reason"),
    ("access_proposal", "reason"),
    ("access_proposal", "words"),
    ("supervision_public_report", "text"),
    ("supervision_public_report", "answer"),
    ("supervision_plate_suspicion", "answer"),
)


def upgrade() -> None:
    """Sealing needs keys, so that `hub init` does it afterwards (hub.trust.personal_fields)."""
    for table, column, size, nullable in WIDENED:
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(column, existing_type=sa.String(size), type_=sa.Text(), existing_nullable=nullable)
    for table, column in INDEXES:
        op.add_column(table, sa.Column(column, sa.String(length=32), nullable=True))
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    """Raises: RuntimeError while anything is sealed that the version before could not read."""
    for table, column in SEALED:
        found = op.get_bind().execute(sa.text(f"SELECT count(*) FROM {table} WHERE {column} LIKE 'hp1:%'")).scalar()
        if found:
            raise RuntimeError(f"{table}.{column} is sealed: restore a backup that the version before made")
    for table, column in INDEXES:
        op.drop_index(f"ix_{table}_{column}", table_name=table)
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column(column)
    for table, column, size, nullable in WIDENED:
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(column, existing_type=sa.Text(), type_=sa.String(size), existing_nullable=nullable)
