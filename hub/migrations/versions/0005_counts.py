"""counts: what overviews show of the whole city is kept, and counted once here"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ENDED = "('吊销已注销', '注销', '撤销登记', '迁出')"  # as the registry knew them at this revision
MEASURES = ("blue", "yellow", "red", "grey", "required", "held", "missing")
SUMMARY = "region || '|' || state || '|' || business_colour || '|"
COUNTED = (
    f"SELECT 'summaries', {SUMMARY}enterprises', count(*) FROM licenses_summary "
    "GROUP BY region, state, business_colour",
    *(
        f"SELECT 'summaries', {SUMMARY}{name}', sum({name}) FROM licenses_summary "
        f"GROUP BY region, state, business_colour HAVING sum({name}) <> 0"
        for name in MEASURES
    ),
    "SELECT 'licenses', type_code || '|' || colour, count(*) FROM licenses_license GROUP BY type_code, colour",
    "SELECT 'plates', state, count(*) FROM codes_plate GROUP BY state",
    "SELECT 'places', area || '|' || standing, count(*) FROM codes_place GROUP BY area, standing",
    "SELECT 'unmatched', '', count(*) FROM registry_scope_line WHERE match = 'unmatched' HAVING count(*) > 0",
    "SELECT 'unmatched-texts', text, count(*) FROM registry_scope_line "
    "WHERE match = 'unmatched' AND length(text) <= 200 GROUP BY text",
    "SELECT 'refusals', '', count(*) FROM feeds_refusal HAVING count(*) > 0",
    "SELECT 'reports', state, count(*) FROM supervision_public_report GROUP BY state",
)
PLACES = (
    "INSERT INTO codes_place (uscc, premises_id, area, standing) "
    "SELECT p.uscc, p.id, p.area, CASE WHEN c.state IS NOT NULL THEN c.state "
    f"WHEN e.state IN {ENDED} THEN 'ended' ELSE 'none' END "
    "FROM registry_premises p JOIN registry_enterprise e ON e.uscc = p.uscc "
    "LEFT JOIN codes_plate c ON c.uscc = p.uscc AND c.premises_id = p.id AND c.state <> '作废' "
    "WHERE p.area <> ''"
)
INDEXES: tuple[tuple[str, str, list[str], list[str]], ...] = (  # table, name, columns until now (none: new), columns from now on
    ("registry_scope_line", "ix_registry_scope_line_match", ["match"], ["match", "uscc", "position"]),
    ("licenses_summary", "ix_licenses_summary_group", [], ["region", "state", "business_colour", "uscc"]),
    ("supervision_public_report", "ix_supervision_public_report_id", [], ["id"]),
    ("supervision_public_report", "ix_supervision_public_report_state", ["state", "created_at"], ["state", "id"]),
    ("trust_event", "ix_trust_event_at", ["at"], ["at", "id"]),
    ("trust_event", "ix_trust_event_kind", [], ["kind", "at", "id"]),
    ("trust_event", "ix_trust_event_subject", [], ["subject"]),
)


def upgrade() -> None:
    op.create_table(
        "kernel_count",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("value", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_kernel_count")),
    )
    op.create_index("ix_kernel_count_kind_value", "kernel_count", ["kind", "value"], unique=False)
    op.create_table(
        "kernel_count_change",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("change", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kernel_count_change")),
    )
    op.create_index("ix_kernel_count_change_kind", "kernel_count_change", ["kind"], unique=False)
    op.create_table(
        "codes_place",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("standing", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("uscc", "premises_id", name=op.f("pk_codes_place")),
    )
    op.create_index(
        "ix_codes_place_area", "codes_place", ["area", "standing", "uscc", "premises_id"], unique=False
    )
    for table, name, before, after in INDEXES:
        if before:
            op.drop_index(name, table_name=table)
        op.create_index(name, table, after, unique=False)
    op.execute(PLACES)
    for counted in COUNTED:
        op.execute(f"INSERT INTO kernel_count (kind, key, value) {counted}")  # noqa: S608  # constants above


def downgrade() -> None:
    for table, name, before, _after in reversed(INDEXES):
        op.drop_index(name, table_name=table)
        if before:
            op.create_index(name, table, before, unique=False)
    op.drop_table("codes_place")
    op.drop_table("kernel_count_change")
    op.drop_table("kernel_count")
