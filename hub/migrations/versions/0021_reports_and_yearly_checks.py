"""annual reports of enterprises, yearly checks of licenses, and what colours need of them"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

REPORT, CHECK = "registry_annual_report", "licenses_yearly_check"


def upgrade() -> None:
    _make(
        REPORT,
        sa.Column("year", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("is_filed", sa.Boolean(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
    )
    _make(
        CHECK,
        sa.Column("license_id", sa.Uuid(), nullable=False),
        sa.Column("inspected_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(100), nullable=False),
        sa.Column("next_due", sa.Date(), nullable=False),
    )
    op.add_column("registry_enterprise", sa.Column("reports", sa.JSON(), nullable=True))
    op.add_column("licenses_license", sa.Column("inspection_due", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("licenses_license") as table:
        table.drop_column("inspection_due")
    with op.batch_alter_table("registry_enterprise") as table:
        table.drop_column("reports")
    for name in (CHECK, REPORT):
        op.drop_table(f"{name}_version")
        op.drop_table(name)


def _make(name: str, key: sa.Column[object], *told: sa.Column[object]) -> None:
    """Make a table of rows by credit code and `key`, and the table of their versions."""
    op.create_table(
        name,
        sa.Column("uscc", sa.String(18), nullable=False),
        key,
        *told,
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("uscc", key.name, name=op.f(f"pk_{name}")),
    )
    op.create_table(
        f"{name}_version",
        sa.Column("uscc", sa.String(18), nullable=False),
        sa.Column(key.name, key.type, nullable=False, autoincrement=False),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("uscc", key.name, "version", name=op.f(f"pk_{name}_version")),
    )
