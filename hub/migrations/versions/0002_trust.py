"""trust"""

from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_answer",
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_access_answer")),
    )
    with op.batch_alter_table("access_answer", schema=None) as batch_op:
        batch_op.create_index("ix_access_answer_expires", ["expires_at"], unique=False)

    op.create_table(
        "licenses_credential",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("license_id", sa.Uuid(), nullable=True),
        sa.Column("type_code", sa.String(length=40), nullable=False),
        sa.Column("license_version", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=43), nullable=False),
        sa.Column("algorithm", sa.String(length=10), nullable=False),
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("status_uri", sa.String(length=40), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=20), nullable=True),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("uscc", "id", name=op.f("pk_licenses_credential")),
    )
    with op.batch_alter_table("licenses_credential", schema=None) as batch_op:
        batch_op.create_index(
            "uq_licenses_credential_standing",
            ["uscc", "subject", "holder", "algorithm"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "licenses_credential_index",
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.PrimaryKeyConstraint("credential_id", name=op.f("pk_licenses_credential_index")),
    )
    op.create_table(
        "licenses_holder_challenge",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("nonce", sa.String(length=43), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uscc", "nonce", name=op.f("pk_licenses_holder_challenge")),
    )
    with op.batch_alter_table("licenses_holder_challenge", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_licenses_holder_challenge_expires_at"), ["expires_at"], unique=False
        )

    op.create_table(
        "licenses_holder_key",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("thumbprint", sa.String(length=43), nullable=False),
        sa.Column("algorithm", sa.String(length=10), nullable=False),
        sa.Column("jwk", sa.JSON(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("uscc", "thumbprint", name=op.f("pk_licenses_holder_key")),
    )
    op.create_table(
        "trust_bundle_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trust_bundle_version")),
    )
    op.create_table(
        "trust_cosigned",
        sa.Column("witness", sa.String(length=255), nullable=False),
        sa.Column("url", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("witness", name=op.f("pk_trust_cosigned")),
    )
    op.create_table(
        "trust_intent",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("uscc", "id", name=op.f("pk_trust_intent")),
        sa.UniqueConstraint("uscc", "token", name=op.f("uq_trust_intent_uscc_token")),
    )
    op.create_table(
        "trust_leaf_batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("leaves", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trust_leaf_batch")),
        sa.UniqueConstraint("first", name=op.f("uq_trust_leaf_batch_first")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("trust_leaf_batch", schema=None) as batch_op:
        batch_op.create_index(
            "ix_trust_leaf_batch_pending",
            ["id"],
            unique=False,
            sqlite_where=sa.text("first IS NULL"),
            postgresql_where=sa.text("first IS NULL"),
        )

    op.create_table(
        "trust_log_checkpoint",
        sa.Column(
            "size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_trust_log_checkpoint")),
    )
    op.create_table(
        "trust_log_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trust_log_head")),
    )
    op.create_table(
        "trust_log_tile",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("hashes", sa.LargeBinary(length=8192), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("pk_trust_log_tile")),
    )
    op.create_table(
        "trust_open_intent",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("intent_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_failure", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("uscc", "kind", "subject", name=op.f("pk_trust_open_intent")),
    )
    with op.batch_alter_table("trust_open_intent", schema=None) as batch_op:
        batch_op.create_index("ix_trust_open_intent_kind", ["kind", "created_at"], unique=False)

    op.create_table(
        "trust_status_change",
        sa.Column("list", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("list", "id", name=op.f("pk_trust_status_change")),
    )
    op.create_table(
        "trust_status_entry",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("list", sa.Integer(), nullable=False),
        sa.Column("idx", sa.Integer(), nullable=False),
        sa.Column("parent", sa.Uuid(), nullable=True),
        sa.Column("own", sa.SmallInteger(), nullable=False),
        sa.Column("license", sa.SmallInteger(), nullable=False),
        sa.Column("content", sa.SmallInteger(), nullable=False),
        sa.Column("enterprise", sa.SmallInteger(), nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uscc", "kind", "subject", name=op.f("pk_trust_status_entry")),
    )
    with op.batch_alter_table("trust_status_entry", schema=None) as batch_op:
        batch_op.create_index("ix_trust_status_entry_changed", ["list", "changed_at"], unique=False)
        batch_op.create_index("ix_trust_status_entry_parent", ["uscc", "parent"], unique=False)
        batch_op.create_index(
            "ix_trust_status_entry_told",
            ["list", "idx", "value"],
            unique=False,
            sqlite_where=sa.text("value != 0"),
            postgresql_where=sa.text("value != 0"),
        )

    op.create_table(
        "trust_status_index",
        sa.Column("list", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("idx", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.PrimaryKeyConstraint("list", "idx", name=op.f("pk_trust_status_index")),
    )
    op.create_table(
        "trust_status_list",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.LargeBinary(length=32), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_trust_status_list")),
    )
    op.create_table(
        "trust_status_publication",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("uri", sa.String(length=300), nullable=False),
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("etag", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_trust_status_publication")),
    )
    op.create_table(
        "trust_status_standing",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("uscc", "subject", name=op.f("pk_trust_status_standing")),
    )
    op.create_table(
        "trust_witnessed_log",
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("vkeys", sa.JSON(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_trust_witnessed_log")),
    )
    with op.batch_alter_table("trust_event", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("place", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("salt", sa.LargeBinary(length=16), nullable=True))
        batch_op.add_column(sa.Column("rows", sa.JSON(), nullable=True))
        batch_op.create_index("ix_trust_event_batch", ["batch_id", "place"], unique=False)
        batch_op.create_index("ix_trust_event_id", ["id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("trust_event", schema=None) as batch_op:
        batch_op.drop_index("ix_trust_event_id")
        batch_op.drop_index("ix_trust_event_batch")
        batch_op.drop_column("rows")
        batch_op.drop_column("salt")
        batch_op.drop_column("place")
        batch_op.drop_column("batch_id")

    op.drop_table("trust_witnessed_log")
    op.drop_table("trust_status_standing")
    op.drop_table("trust_status_publication")
    op.drop_table("trust_status_list")
    op.drop_table("trust_status_index")
    with op.batch_alter_table("trust_status_entry", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_trust_status_entry_told",
            sqlite_where=sa.text("value != 0"),
            postgresql_where=sa.text("value != 0"),
        )
        batch_op.drop_index("ix_trust_status_entry_parent")
        batch_op.drop_index("ix_trust_status_entry_changed")

    op.drop_table("trust_status_entry")
    op.drop_table("trust_status_change")
    with op.batch_alter_table("trust_open_intent", schema=None) as batch_op:
        batch_op.drop_index("ix_trust_open_intent_kind")

    op.drop_table("trust_open_intent")
    op.drop_table("trust_log_tile")
    op.drop_table("trust_log_head")
    op.drop_table("trust_log_checkpoint")
    with op.batch_alter_table("trust_leaf_batch", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_trust_leaf_batch_pending",
            sqlite_where=sa.text("first IS NULL"),
            postgresql_where=sa.text("first IS NULL"),
        )

    op.drop_table("trust_leaf_batch")
    op.drop_table("trust_intent")
    op.drop_table("trust_cosigned")
    op.drop_table("trust_bundle_version")
    op.drop_table("licenses_holder_key")
    with op.batch_alter_table("licenses_holder_challenge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_licenses_holder_challenge_expires_at"))

    op.drop_table("licenses_holder_challenge")
    op.drop_table("licenses_credential_index")
    with op.batch_alter_table("licenses_credential", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_licenses_credential_standing",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("licenses_credential")
    with op.batch_alter_table("access_answer", schema=None) as batch_op:
        batch_op.drop_index("ix_access_answer_expires")

    op.drop_table("access_answer")
