"""Who took a county's records along, how often a day, and bundles that all workers share."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OPEN = sa.text("until IS NULL")


def upgrade() -> None:
    op.create_table(
        "access_carrying",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("viewer", sa.String(100), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("department", sa.String(100), nullable=False),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("purpose", sa.String(30), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("enterprises", sa.Integer(), nullable=False),
        sa.Column("members", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_carrying")),
    )
    op.create_index("ix_access_carrying_region", "access_carrying", ["region", "at"])
    op.create_index("ix_access_carrying_person", "access_carrying", ["person_id", "at"])
    op.create_table(
        "access_carried",
        sa.Column("uscc", sa.String(18), nullable=False),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("uscc", "region", "since", name=op.f("pk_access_carried")),
    )
    op.create_index("ix_access_carried_region", "access_carried", ["region", "since"])
    op.create_index(
        "uq_access_carried_open",
        "access_carried",
        ["uscc", "region"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "access_day_count",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "kind", "day", name=op.f("pk_access_day_count")),
    )
    op.create_table(
        "trust_public_bundle",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("keys", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trust_public_bundle")),
    )
    with op.batch_alter_table("trust_bundle_version") as batch:
        batch.add_column(sa.Column("digest", sa.String(64), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("trust_bundle_version") as batch:
        batch.drop_column("digest")
    op.drop_table("trust_public_bundle")
    op.drop_table("access_day_count")
    op.drop_index("uq_access_carried_open", "access_carried")
    op.drop_index("ix_access_carried_region", "access_carried")
    op.drop_table("access_carried")
    op.drop_index("ix_access_carrying_person", "access_carrying")
    op.drop_index("ix_access_carrying_region", "access_carrying")
    op.drop_table("access_carrying")
