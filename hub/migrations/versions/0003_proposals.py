"""proposals"""

from alembic import op
import sqlalchemy as sa

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("department", sa.String(length=100), nullable=True),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("passkey", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_person", sa.Uuid(), nullable=True),
        sa.Column("decided_passkey", sa.String(length=64), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state <> 'approved' OR (decided_person IS NOT NULL AND "
            "(person_id IS NULL OR person_id <> decided_person))",
            name=op.f("ck_access_proposal_second_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_proposal")),
    )
    op.create_index(
        "uq_access_proposal_open",
        "access_proposal",
        ["kind", "subject"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_access_proposal_state", "access_proposal", ["state", "id"])


def downgrade() -> None:
    op.drop_table("access_proposal")
