"""sightings of plates without positions, and suspicions that a plate was copied"""

from alembic import op
import sqlalchemy as sa

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SIGHTING = "supervision_plate_sighting"
ASKER = "supervision_plate_asker"
SUSPICION = "supervision_plate_suspicion"


def upgrade() -> None:
    op.create_table(
        SIGHTING,
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plate_id", sa.String(length=10), nullable=False),
        sa.Column("premises_version", sa.Integer(), nullable=False),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False),
        sa.Column("witness", sa.String(length=8), nullable=False),
        sa.Column("nearness", sa.String(length=8), nullable=False),
        sa.Column("cell", sa.String(length=14), nullable=False),
        sa.PrimaryKeyConstraint("uscc", "id", name=op.f(f"pk_{SIGHTING}")),
    )
    op.create_index(f"ix_{SIGHTING}_plate", SIGHTING, ["uscc", "plate_id", "slot"])
    op.create_index(f"ix_{SIGHTING}_slot", SIGHTING, ["slot"])
    op.create_table(
        ASKER,
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("uscc", "mark", name=op.f(f"pk_{ASKER}")),
    )
    op.create_index(f"ix_{ASKER}_day", ASKER, ["day"])
    op.create_table(
        SUSPICION,
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plate_id", sa.String(length=10), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_by", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("uscc", "id", name=op.f(f"pk_{SUSPICION}")),
    )
    op.create_index(f"ix_{SUSPICION}_state", SUSPICION, ["state", "id"])
    op.create_index(f"ix_{SUSPICION}_id", SUSPICION, ["id"])
    is_open = sa.text("state = 'open'")
    op.create_index(
        f"uq_{SUSPICION}_open",
        SUSPICION,
        ["uscc", "plate_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    for table in (SUSPICION, ASKER, SIGHTING):
        op.drop_table(table)
