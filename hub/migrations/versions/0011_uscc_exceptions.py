"""credit codes that are taken though they fail their check"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_STANDS = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "registry_uscc_exception",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(18), nullable=False),
        sa.Column("check_holds", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("asked_by", sa.String(80), nullable=False),
        sa.Column("decided_by", sa.String(80), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(200), nullable=True),
        sa.Column("end_asked_by", sa.String(80), nullable=True),
        sa.Column("end_decided_by", sa.String(80), nullable=True),
        sa.CheckConstraint(
            "asked_by <> decided_by", name=op.f("ck_registry_uscc_exception_second_person")
        ),
        sa.CheckConstraint(
            "end_asked_by IS NULL OR end_asked_by <> end_decided_by",
            name=op.f("ck_registry_uscc_exception_second_end"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_uscc_exception")),
    )
    op.create_index(
        "uq_registry_uscc_exception_code",
        "registry_uscc_exception",
        ["code"],
        unique=True,
        sqlite_where=_STANDS,
        postgresql_where=_STANDS,
    )


def downgrade() -> None:
    op.drop_index("uq_registry_uscc_exception_code", "registry_uscc_exception")
    op.drop_table("registry_uscc_exception")
