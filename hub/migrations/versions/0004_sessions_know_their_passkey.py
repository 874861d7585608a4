"""sessions know their passkey"""

from alembic import op
import sqlalchemy as sa

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UNSEEN = sa.text("seen_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("access_passkey") as batch_op:
        batch_op.alter_column("sign_count", existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=False)
        batch_op.add_column(sa.Column("is_eligible", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("is_backed_up", sa.Boolean(), nullable=True))
    with op.batch_alter_table("access_session") as batch_op:
        batch_op.add_column(sa.Column("passkey", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("device", sa.String(length=40), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("network", sa.String(length=45), nullable=False, server_default=""))
        batch_op.create_index(batch_op.f("ix_access_session_passkey"), ["passkey"])
    with op.batch_alter_table("access_session") as batch_op:
        batch_op.alter_column("device", existing_type=sa.String(length=40), server_default=None)
        batch_op.alter_column("network", existing_type=sa.String(length=45), server_default=None)
    # Which passkey made these is not known any more, so that nothing could end them with it: people log in again.
    op.execute("UPDATE access_session SET ended_at = seen_at WHERE ended_at IS NULL AND method = 'passkey'")
    op.create_table(
        "access_passkey_doubt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("passkey", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_passkey_doubt")),
    )
    op.create_index(
        "uq_access_passkey_doubt_unseen",
        "access_passkey_doubt",
        ["passkey", "kind"],
        unique=True,
        sqlite_where=UNSEEN,
        postgresql_where=UNSEEN,
    )


def downgrade() -> None:
    op.drop_table("access_passkey_doubt")
    with op.batch_alter_table("access_session") as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_session_passkey"))
        batch_op.drop_column("network")
        batch_op.drop_column("device")
        batch_op.drop_column("proved_at")
        batch_op.drop_column("passkey")
    with op.batch_alter_table("access_passkey") as batch_op:
        batch_op.drop_column("is_backed_up")
        batch_op.drop_column("is_eligible")
        batch_op.alter_column("sign_count", existing_type=sa.BigInteger(), type_=sa.Integer(), existing_nullable=False)
