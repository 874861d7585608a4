"""first tables"""

from alembic import op
import sqlalchemy as sa

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_appointment",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.Column("department", sa.String(length=100), nullable=True),
        sa.Column("certificate_no", sa.String(length=40), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "id", name=op.f("pk_access_appointment")),
    )
    with op.batch_alter_table("access_appointment", schema=None) as batch_op:
        batch_op.create_index("ix_access_appointment_uscc", ["uscc"], unique=False)

    op.create_table(
        "access_challenge",
        sa.Column("challenge_hash", sa.String(length=64), nullable=False),
        sa.Column("challenge", sa.LargeBinary(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("challenge_hash", name=op.f("pk_access_challenge")),
    )
    op.create_table(
        "access_invitation",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_access_invitation")),
    )
    op.create_table(
        "access_look",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("viewer", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("department", sa.String(length=100), nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seen", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uscc", "id", name=op.f("pk_access_look")),
    )
    with op.batch_alter_table("access_look", schema=None) as batch_op:
        batch_op.create_index("ix_access_look_at", ["uscc", "at"], unique=False)

    op.create_table(
        "access_passkey",
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("credential_id", name=op.f("pk_access_passkey")),
    )
    with op.batch_alter_table("access_passkey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_passkey_person_id"), ["person_id"], unique=False)

    op.create_table(
        "access_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("user_handle", sa.LargeBinary(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_person")),
        sa.UniqueConstraint("user_handle", name=op.f("uq_access_person_user_handle")),
    )
    op.create_table(
        "access_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_access_session")),
    )
    with op.batch_alter_table("access_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_session_person_id"), ["person_id"], unique=False)

    op.create_table(
        "codes_dynamic_use",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("nonce", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uscc", "nonce", name=op.f("pk_codes_dynamic_use")),
    )
    with op.batch_alter_table("codes_dynamic_use", schema=None) as batch_op:
        batch_op.create_index("ix_codes_dynamic_use_expires", ["expires_at"], unique=False)

    op.create_table(
        "codes_plate",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("plate_id", sa.String(length=10), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("kid", sa.String(length=8), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=True),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("uscc", "plate_id", name=op.f("pk_codes_plate")),
        sa.UniqueConstraint(
            "uscc", "premises_id", "serial", name=op.f("uq_codes_plate_uscc_premises_id_serial")
        ),
    )
    with op.batch_alter_table("codes_plate", schema=None) as batch_op:
        batch_op.create_index("ix_codes_plate_state", ["state"], unique=False)

    op.create_table(
        "codes_plate_index",
        sa.Column("plate_id", sa.String(length=10), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.PrimaryKeyConstraint("plate_id", name=op.f("pk_codes_plate_index")),
    )
    op.create_table(
        "codes_scan",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plate_id", sa.String(length=10), nullable=True),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uscc", "id", name=op.f("pk_codes_scan")),
    )
    with op.batch_alter_table("codes_scan", schema=None) as batch_op:
        batch_op.create_index("ix_codes_scan_at", ["at"], unique=False)
        batch_op.create_index("ix_codes_scan_person", ["person_id", "at"], unique=False)

    op.create_table(
        "codes_scan_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "audience", "verdict", name=op.f("pk_codes_scan_day")),
    )
    op.create_table(
        "credit_penalty",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_no", sa.String(length=100), nullable=False),
        sa.Column("act", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("fine_yuan", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("level", sa.String(length=4), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("authority", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("uscc", "id", name=op.f("pk_credit_penalty")),
        sa.UniqueConstraint("uscc", "decision_no", name=op.f("uq_credit_penalty_uscc_decision_no")),
    )
    op.create_table(
        "feeds_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("duplicate", sa.Integer(), nullable=False),
        sa.Column("superseded", sa.Integer(), nullable=False),
        sa.Column("blank", sa.Integer(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds_batch")),
    )
    with op.batch_alter_table("feeds_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feeds_batch_sha256"), ["sha256"], unique=False)
        batch_op.create_index("ix_feeds_batch_started", ["started_at"], unique=False)

    op.create_table(
        "feeds_refusal",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("sheet", sa.String(length=31), server_default="", nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(length=100), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("row", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "sheet", "line", name=op.f("pk_feeds_refusal")),
    )
    op.create_table(
        "licenses_license",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type_code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("holder_name", sa.String(length=200), nullable=False),
        sa.Column("issuer", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("quality", sa.JSON(), nullable=False),
        sa.Column("source_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("colour", sa.String(length=8), nullable=False),
        sa.Column("colour_reason", sa.String(length=24), nullable=False),
        sa.Column("colour_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("uscc", "id", name=op.f("pk_licenses_license")),
        sa.UniqueConstraint(
            "uscc", "type_code", "number", name=op.f("uq_licenses_license_uscc_type_code_number")
        ),
    )
    with op.batch_alter_table("licenses_license", schema=None) as batch_op:
        batch_op.create_index("ix_licenses_license_colour_until", ["colour_until"], unique=False)
        batch_op.create_index("ix_licenses_license_type_colour", ["type_code", "colour"], unique=False)

    op.create_table(
        "licenses_license_index",
        sa.Column("license_id", sa.Uuid(), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.PrimaryKeyConstraint("license_id", name=op.f("pk_licenses_license_index")),
    )
    op.create_table(
        "licenses_license_version",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("license_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uscc", "license_id", "version", name=op.f("pk_licenses_license_version")),
    )
    op.create_table(
        "licenses_summary",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("business_colour", sa.String(length=8), nullable=False),
        sa.Column("blue", sa.Integer(), nullable=False),
        sa.Column("yellow", sa.Integer(), nullable=False),
        sa.Column("red", sa.Integer(), nullable=False),
        sa.Column("grey", sa.Integer(), nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("stale_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("uscc", name=op.f("pk_licenses_summary")),
    )
    with op.batch_alter_table("licenses_summary", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_licenses_summary_stale_on"), ["stale_on"], unique=False)

    op.create_table(
        "licenses_waiver",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type_code", sa.String(length=40), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by", sa.String(length=100), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("uscc", "id", name=op.f("pk_licenses_waiver")),
    )
    op.create_table(
        "registry_enterprise",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("entity_type", sa.String(length=20), nullable=False),
        sa.Column("type_text", sa.String(length=100), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("capital", sa.String(length=40), nullable=True),
        sa.Column("established_on", sa.Date(), nullable=True),
        sa.Column("term_to", sa.Date(), nullable=True),
        sa.Column("authority", sa.String(length=100), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_text", sa.String(length=40), nullable=False),
        sa.Column("overlays", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("industry", sa.String(length=10), nullable=False),
        sa.Column("scope_text", sa.Text(), nullable=False),
        sa.Column("quality", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("uscc", name=op.f("pk_registry_enterprise")),
    )
    with op.batch_alter_table("registry_enterprise", schema=None) as batch_op:
        batch_op.create_index("ix_registry_enterprise_name", ["name"], unique=False)
        batch_op.create_index("ix_registry_enterprise_region_state", ["region", "state"], unique=False)

    op.create_table(
        "registry_enterprise_version",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uscc", "version", name=op.f("pk_registry_enterprise_version")),
    )
    op.create_table(
        "registry_premises",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.Column("is_residence", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("uscc", "id", name=op.f("pk_registry_premises")),
        sa.UniqueConstraint("uscc", "name", "address", name=op.f("uq_registry_premises_uscc_name_address")),
    )
    with op.batch_alter_table("registry_premises", schema=None) as batch_op:
        batch_op.create_index("ix_registry_premises_area", ["area"], unique=False)

    op.create_table(
        "registry_premises_index",
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.PrimaryKeyConstraint("premises_id", name=op.f("pk_registry_premises_index")),
    )
    op.create_table(
        "registry_premises_version",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uscc", "premises_id", "version", name=op.f("pk_registry_premises_version")),
    )
    op.create_table(
        "registry_scope_line",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=10), nullable=False),
        sa.Column("item_code", sa.String(length=20), nullable=True),
        sa.Column("match", sa.String(length=12), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("uscc", "position", name=op.f("pk_registry_scope_line")),
    )
    with op.batch_alter_table("registry_scope_line", schema=None) as batch_op:
        batch_op.create_index("ix_registry_scope_line_match", ["match"], unique=False)

    op.create_table(
        "registry_search_terms",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("uscc", name=op.f("pk_registry_search_terms")),
    )
    op.create_table(
        "supervision_public_report",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plate_id", sa.String(length=10), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=100), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_by", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("uscc", "id", name=op.f("pk_supervision_public_report")),
    )
    with op.batch_alter_table("supervision_public_report", schema=None) as batch_op:
        batch_op.create_index("ix_supervision_public_report_state", ["state", "created_at"], unique=False)

    op.create_table(
        "trust_event",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("uscc", "id", name=op.f("pk_trust_event")),
    )
    with op.batch_alter_table("trust_event", schema=None) as batch_op:
        batch_op.create_index("ix_trust_event_at", ["at"], unique=False)

    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE registry_search "
            "USING fts5(terms, uscc UNINDEXED, detail=none, columnsize=0, tokenize='unicode61 remove_diacritics 0')"
        )
    else:
        op.execute(
            "CREATE INDEX ix_registry_search_terms_gin ON registry_search_terms "
            "USING gin (array_to_tsvector(string_to_array(terms, ' ')))"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE registry_search")
    else:
        op.execute("DROP INDEX ix_registry_search_terms_gin")
    with op.batch_alter_table("trust_event", schema=None) as batch_op:
        batch_op.drop_index("ix_trust_event_at")

    op.drop_table("trust_event")
    with op.batch_alter_table("supervision_public_report", schema=None) as batch_op:
        batch_op.drop_index("ix_supervision_public_report_state")

    op.drop_table("supervision_public_report")
    op.drop_table("registry_search_terms")
    with op.batch_alter_table("registry_scope_line", schema=None) as batch_op:
        batch_op.drop_index("ix_registry_scope_line_match")

    op.drop_table("registry_scope_line")
    op.drop_table("registry_premises_version")
    op.drop_table("registry_premises_index")
    with op.batch_alter_table("registry_premises", schema=None) as batch_op:
        batch_op.drop_index("ix_registry_premises_area")

    op.drop_table("registry_premises")
    op.drop_table("registry_enterprise_version")
    with op.batch_alter_table("registry_enterprise", schema=None) as batch_op:
        batch_op.drop_index("ix_registry_enterprise_region_state")
        batch_op.drop_index("ix_registry_enterprise_name")

    op.drop_table("registry_enterprise")
    op.drop_table("licenses_waiver")
    with op.batch_alter_table("licenses_summary", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_licenses_summary_stale_on"))

    op.drop_table("licenses_summary")
    op.drop_table("licenses_license_version")
    op.drop_table("licenses_license_index")
    with op.batch_alter_table("licenses_license", schema=None) as batch_op:
        batch_op.drop_index("ix_licenses_license_type_colour")
        batch_op.drop_index("ix_licenses_license_colour_until")

    op.drop_table("licenses_license")
    op.drop_table("feeds_refusal")
    with op.batch_alter_table("feeds_batch", schema=None) as batch_op:
        batch_op.drop_index("ix_feeds_batch_started")
        batch_op.drop_index(batch_op.f("ix_feeds_batch_sha256"))

    op.drop_table("feeds_batch")
    op.drop_table("credit_penalty")
    op.drop_table("codes_scan_day")
    with op.batch_alter_table("codes_scan", schema=None) as batch_op:
        batch_op.drop_index("ix_codes_scan_person")
        batch_op.drop_index("ix_codes_scan_at")

    op.drop_table("codes_scan")
    op.drop_table("codes_plate_index")
    with op.batch_alter_table("codes_plate", schema=None) as batch_op:
        batch_op.drop_index("ix_codes_plate_state")

    op.drop_table("codes_plate")
    with op.batch_alter_table("codes_dynamic_use", schema=None) as batch_op:
        batch_op.drop_index("ix_codes_dynamic_use_expires")

    op.drop_table("codes_dynamic_use")
    with op.batch_alter_table("access_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_session_person_id"))

    op.drop_table("access_session")
    op.drop_table("access_person")
    with op.batch_alter_table("access_passkey", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_passkey_person_id"))

    op.drop_table("access_passkey")
    with op.batch_alter_table("access_look", schema=None) as batch_op:
        batch_op.drop_index("ix_access_look_at")

    op.drop_table("access_look")
    op.drop_table("access_invitation")
    op.drop_table("access_challenge")
    with op.batch_alter_table("access_appointment", schema=None) as batch_op:
        batch_op.drop_index("ix_access_appointment_uscc")

    op.drop_table("access_appointment")
