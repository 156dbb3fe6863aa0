"""The ledger for three levels: casework, accounts, rule tables; parts of parcels."""

import sqlalchemy as sa
from alembic import op

from ledger.migrations.append_only import allow_change, forbid_change, freeze, thaw

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GROWING = ("claim_attempt", "opinion", "payment")


def _claim_lock(where: str) -> None:
    op.drop_index("uq_claim_active_parcel", table_name="claim")
    op.create_index(
        "uq_claim_active_parcel",
        "claim",
        ["parcel_id"],
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def upgrade() -> None:
    """Make the tables, widen the old ones, then the triggers."""
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), server_default="", nullable=False),
        sa.Column("office", sa.Text(), server_default="", nullable=False),
        sa.Column("disabled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_account_name")),
        sa.CheckConstraint(
            "role IN ('province', 'city', 'county', 'planner', 'department', 'factor', 'conference', 'leader', 'administrator', 'investor', 'public')",
            name=op.f("ck_account_role"),
        ),
        sa.CheckConstraint("subject <> ''", name=op.f("ck_account_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint(
            "issuer", "subject", name=op.f("uq_account_issuer_subject")
        ),
    )
    op.create_table(
        "preference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_preference_title")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preference")),
        sa.UniqueConstraint(
            "owner", "kind", "title", name=op.f("uq_preference_owner_kind_title")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "rule_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_table")),
        sa.UniqueConstraint("name", "edition", name=op.f("uq_rule_table_name_edition")),
    )
    op.create_table(
        "zone_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "zone <> '' AND code <> ''", name=op.f("ck_zone_figure_named")
        ),
        sa.CheckConstraint("length(region) = 6", name=op.f("ck_zone_figure_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone_figure")),
        sa.UniqueConstraint(
            "zone", "year", "code", name=op.f("uq_zone_figure_zone_year_code")
        ),
    )
    op.create_index(
        op.f("ix_zone_figure_region"), "zone_figure", ["region"], unique=False
    )
    op.create_table(
        "zone_title",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_zone_title_title")),
        sa.CheckConstraint("length(region) = 6", name=op.f("ck_zone_title_region")),
        sa.CheckConstraint(
            "since <= until", name=op.f("ck_zone_title_since_before_until")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone_title")),
    )
    op.create_index(op.f("ix_zone_title_zone"), "zone_title", ["zone"], unique=False)
    op.create_table(
        "appraisal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), server_default="", nullable=False),
        sa.Column("answers", sa.Text(), server_default="", nullable=False),
        sa.Column("site", sa.Text(), server_default="", nullable=False),
        sa.Column("summary", sa.Text(), server_default="", nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("frozen", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'decided') = (decision IS NOT NULL)",
            name=op.f("ck_appraisal_decided"),
        ),
        sa.CheckConstraint(
            "decision IN ('bring_in', 'with_conditions', 'do_not')",
            name=op.f("ck_appraisal_decision"),
        ),
        sa.CheckConstraint(
            "state <> 'decided' OR frozen <> ''", name=op.f("ck_appraisal_frozen")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'decided')",
            name=op.f("ck_appraisal_state"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_appraisal_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal")),
    )
    op.create_index(
        op.f("ix_appraisal_project_id"), "appraisal", ["project_id"], unique=False
    )
    op.create_table(
        "claim_queue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("parcel_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("geometry", sa.LargeBinary(), nullable=False),
        sa.Column("area_m2", sa.Float(), nullable=False),
        sa.Column("minx", sa.Float(), nullable=False),
        sa.Column("miny", sa.Float(), nullable=False),
        sa.Column("maxx", sa.Float(), nullable=False),
        sa.Column("maxy", sa.Float(), nullable=False),
        sa.Column("part", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("region", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("queued_at", sa.Text(), nullable=False),
        sa.Column("queued_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('intent', 'reserved', 'locked', 'granted', 'released')",
            name=op.f("ck_claim_queue_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'taken', 'left')", name=op.f("ck_claim_queue_state")
        ),
        sa.CheckConstraint("area_m2 > 0", name=op.f("ck_claim_queue_area_m2")),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name=op.f("fk_claim_queue_project_id_project"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_queue")),
    )
    op.create_index(
        op.f("ix_claim_queue_parcel_id"), "claim_queue", ["parcel_id"], unique=False
    )
    op.create_index(
        op.f("ix_claim_queue_project_id"), "claim_queue", ["project_id"], unique=False
    )
    op.create_index(
        op.f("ix_claim_queue_state"), "claim_queue", ["state"], unique=False
    )
    op.create_table(
        "demand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("need", sa.Text(), server_default="", nullable=False),
        sa.Column("area_mu", sa.Float(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("wanted_by", sa.Date(), nullable=True),
        sa.Column("follower", sa.Text(), server_default="", nullable=False),
        sa.Column("parcel_id", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('met', 'withdrawn')) = (closed_on IS NOT NULL)",
            name=op.f("ck_demand_closed"),
        ),
        sa.CheckConstraint(
            "state <> 'met' OR evidence <> ''", name=op.f("ck_demand_met_with_evidence")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'matched', 'approval', 'met', 'withdrawn')",
            name=op.f("ck_demand_state"),
        ),
        sa.CheckConstraint(
            "urgency IN ('normal', 'urgent')", name=op.f("ck_demand_urgency")
        ),
        sa.CheckConstraint("area_mu > 0", name=op.f("ck_demand_area_mu")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_demand_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand")),
    )
    op.create_index(
        op.f("ix_demand_project_id"), "demand", ["project_id"], unique=False
    )
    op.create_index(op.f("ix_demand_state"), "demand", ["state"], unique=False)
    op.create_table(
        "facility",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("zone", sa.Text(), server_default="", nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("builder", sa.Text(), server_default="", nullable=False),
        sa.Column("share", sa.Float(), server_default="0", nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'done') = (done_on IS NOT NULL)", name=op.f("ck_facility_done")
        ),
        sa.CheckConstraint(
            "kind IN ('road', 'power', 'water', 'drainage', 'gas', 'telecom', 'heat', 'levelling', 'building', 'other')",
            name=op.f("ck_facility_kind"),
        ),
        sa.CheckConstraint(
            "project_id IS NOT NULL OR zone <> ''", name=op.f("ck_facility_belongs")
        ),
        sa.CheckConstraint(
            "state IN ('missing', 'planned', 'building', 'done')",
            name=op.f("ck_facility_state"),
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_facility_title")),
        sa.CheckConstraint("length(region) = 6", name=op.f("ck_facility_region")),
        sa.CheckConstraint("share >= 0 AND share <= 1", name=op.f("ck_facility_share")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_facility_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility")),
    )
    op.create_index(
        op.f("ix_facility_project_id"), "facility", ["project_id"], unique=False
    )
    op.create_index(op.f("ix_facility_region"), "facility", ["region"], unique=False)
    op.create_index(op.f("ix_facility_zone"), "facility", ["zone"], unique=False)
    op.create_table(
        "firm_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), server_default="", nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), server_default="", nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.Text(), server_default="", nullable=False),
        sa.Column("escalations", sa.Integer(), server_default="0", nullable=False),
        sa.Column("escalated_on", sa.Date(), nullable=True),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmation", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "answered_on IS NULL OR answer <> ''", name=op.f("ck_firm_request_answered")
        ),
        sa.CheckConstraint(
            "channel IN ('hotline', 'portal', 'visit', 'agency', 'other')",
            name=op.f("ck_firm_request_channel"),
        ),
        sa.CheckConstraint(
            "closed_on IS NULL OR evidence <> ''",
            name=op.f("ck_firm_request_closed_with_evidence"),
        ),
        sa.CheckConstraint(
            "level IN ('province', 'city', 'county')",
            name=op.f("ck_firm_request_level"),
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_firm_request_title")),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name=op.f("fk_firm_request_project_id_project"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm_request")),
    )
    op.create_index(
        op.f("ix_firm_request_project_id"), "firm_request", ["project_id"], unique=False
    )
    op.create_table(
        "inquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("parcel_id", sa.Text(), server_default="", nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("firm", sa.Text(), server_default="", nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("need", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("consented_at", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'lead') = (project_id IS NOT NULL)", name=op.f("ck_inquiry_lead")
        ),
        sa.CheckConstraint(
            "state IN ('new', 'answered', 'lead', 'closed')",
            name=op.f("ck_inquiry_state"),
        ),
        sa.CheckConstraint("text <> ''", name=op.f("ck_inquiry_text")),
        sa.CheckConstraint("length(region) = 6", name=op.f("ck_inquiry_region")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_inquiry_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
        sa.UniqueConstraint("number", name=op.f("uq_inquiry_number")),
    )
    op.create_index(
        op.f("ix_inquiry_project_id"), "inquiry", ["project_id"], unique=False
    )
    op.create_index(op.f("ix_inquiry_region"), "inquiry", ["region"], unique=False)
    op.create_index(op.f("ix_inquiry_state"), "inquiry", ["state"], unique=False)
    op.create_table(
        "promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), server_default="", nullable=False),
        sa.Column("condition", sa.Text(), server_default="", nullable=False),
        sa.Column("amount_wan_cny", sa.Float(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("paid_wan_cny", sa.Float(), server_default="0", nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), server_default="", nullable=False),
        sa.Column("ground", sa.Text(), server_default="", nullable=False),
        sa.Column("procedure", sa.Text(), server_default="", nullable=False),
        sa.Column("compensation", sa.Text(), server_default="", nullable=False),
        sa.Column("office", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (settled_on IS NULL)", name=op.f("ck_promise_settled")
        ),
        sa.CheckConstraint(
            "state <> 'kept' OR evidence <> ''",
            name=op.f("ck_promise_kept_with_evidence"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'kept', 'changed', 'refused')",
            name=op.f("ck_promise_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('changed', 'refused') OR (ground <> '' AND procedure <> '')",
            name=op.f("ck_promise_changed_by_law"),
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_promise_title")),
        sa.CheckConstraint(
            "amount_wan_cny >= 0", name=op.f("ck_promise_amount_wan_cny")
        ),
        sa.CheckConstraint("paid_wan_cny >= 0", name=op.f("ck_promise_paid_wan_cny")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_promise_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    op.create_index(
        op.f("ix_promise_project_id"), "promise", ["project_id"], unique=False
    )
    op.create_index(op.f("ix_promise_state"), "promise", ["state"], unique=False)
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("amount_wan_cny", sa.Float(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "amount_wan_cny <> 0", name=op.f("ck_payment_amount_wan_cny")
        ),
        sa.CheckConstraint("evidence <> ''", name=op.f("ck_payment_evidence")),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["promise.id"], name=op.f("fk_payment_promise_id_promise")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
    )
    op.create_index(
        op.f("ix_payment_promise_id"), "payment", ["promise_id"], unique=False
    )
    op.create_table(
        "service_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name=op.f("fk_service_item_project_id_project"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_item")),
        sa.UniqueConstraint(
            "project_id", "code", name=op.f("uq_service_item_project_id_code")
        ),
    )
    op.create_index(
        op.f("ix_service_item_project_id"), "service_item", ["project_id"], unique=False
    )
    op.create_table(
        "stage_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "stage IN ('lead', 'negotiation', 'signed', 'siting', 'approval', 'started', 'production', 'full_capacity', 'ended')",
            name=op.f("ck_stage_plan_stage"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name=op.f("fk_stage_plan_project_id_project"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_plan")),
        sa.UniqueConstraint(
            "project_id", "stage", name=op.f("uq_stage_plan_project_id_stage")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_stage_plan_project_id"), "stage_plan", ["project_id"], unique=False
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("demand_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("case_code", sa.Text(), server_default="", nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("path_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("edition", sa.Text(), server_default="", nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), server_default="", nullable=False),
        sa.Column("area_mu", sa.Float(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), server_default="0", nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("document_no", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (decided_on IS NULL)", name=op.f("ck_approval_decided")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'approved', 'refused', 'withdrawn')",
            name=op.f("ck_approval_state"),
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_approval_title")),
        sa.CheckConstraint(
            "urgency IN ('normal', 'urgent')", name=op.f("ck_approval_urgency")
        ),
        sa.CheckConstraint(
            "begun_on <= decided_on", name=op.f("ck_approval_begun_before_decided")
        ),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_approval_demand_id_demand")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_approval_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index(op.f("ix_approval_batch"), "approval", ["batch"], unique=False)
    op.create_index(
        op.f("ix_approval_demand_id"), "approval", ["demand_id"], unique=False
    )
    op.create_index(
        op.f("ix_approval_project_id"), "approval", ["project_id"], unique=False
    )
    op.create_index(op.f("ix_approval_state"), "approval", ["state"], unique=False)
    op.create_table(
        "claim_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("parcel_id", sa.Text(), nullable=False),
        sa.Column("held_claim_id", sa.Integer(), nullable=False),
        sa.Column("overlap_m2", sa.Float(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.CheckConstraint("overlap_m2 >= 0", name=op.f("ck_claim_attempt_overlap_m2")),
        sa.ForeignKeyConstraint(
            ["held_claim_id"],
            ["claim.id"],
            name=op.f("fk_claim_attempt_held_claim_id_claim"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name=op.f("fk_claim_attempt_project_id_project"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_attempt")),
    )
    op.create_index(
        op.f("ix_claim_attempt_held_claim_id"),
        "claim_attempt",
        ["held_claim_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_claim_attempt_parcel_id"), "claim_attempt", ["parcel_id"], unique=False
    )
    op.create_index(
        op.f("ix_claim_attempt_project_id"),
        "claim_attempt",
        ["project_id"],
        unique=False,
    )
    op.create_table(
        "fund",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("planned_wan_cny", sa.Float(), server_default="0", nullable=False),
        sa.Column("arrived_wan_cny", sa.Float(), server_default="0", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "source IN ('fiscal', 'bond', 'subsidy', 'loan', 'company', 'social', 'other')",
            name=op.f("ck_fund_source"),
        ),
        sa.CheckConstraint(
            "arrived_wan_cny >= 0", name=op.f("ck_fund_arrived_wan_cny")
        ),
        sa.CheckConstraint(
            "planned_wan_cny >= 0", name=op.f("ck_fund_planned_wan_cny")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_fund_facility_id_facility")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund")),
    )
    op.create_index(op.f("ix_fund_facility_id"), "fund", ["facility_id"], unique=False)
    op.create_table(
        "opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appraisal_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), server_default="", nullable=False),
        sa.Column("view", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_at", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_opinion_text")),
        sa.CheckConstraint(
            "view IN ('for', 'conditions', 'against')", name=op.f("ck_opinion_view")
        ),
        sa.ForeignKeyConstraint(
            ["appraisal_id"],
            ["appraisal.id"],
            name=op.f("fk_opinion_appraisal_id_appraisal"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
    )
    op.create_index(
        op.f("ix_opinion_appraisal_id"), "opinion", ["appraisal_id"], unique=False
    )
    op.create_table(
        "approval_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("english", sa.Text(), server_default="", nullable=False),
        sa.Column("office", sa.Text(), server_default="", nullable=False),
        sa.Column("by_batch", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("limit_days", sa.Integer(), nullable=True),
        sa.Column(
            "limit_confirmed", sa.Boolean(), server_default=sa.false(), nullable=False
        ),
        sa.Column("earlier_days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("documents", sa.Text(), server_default="", nullable=False),
        sa.Column("waits_for", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_approval_step_title")),
        sa.CheckConstraint(
            "earlier_days >= 0", name=op.f("ck_approval_step_earlier_days")
        ),
        sa.CheckConstraint(
            "entered_on <= done_on", name=op.f("ck_approval_step_entered_before_done")
        ),
        sa.ForeignKeyConstraint(
            ["approval_id"],
            ["approval.id"],
            name=op.f("fk_approval_step_approval_id_approval"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_step")),
        sa.UniqueConstraint(
            "approval_id", "place", name=op.f("uq_approval_step_approval_id_place")
        ),
    )
    op.create_index(
        op.f("ix_approval_step_approval_id"),
        "approval_step",
        ["approval_id"],
        unique=False,
    )
    op.add_column(
        "claim",
        sa.Column("part", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "problem",
        sa.Column("level", sa.Text(), server_default="county", nullable=False),
    )
    op.add_column(
        "problem", sa.Column("office", sa.Text(), server_default="", nullable=False)
    )
    op.add_column(
        "problem", sa.Column("answer", sa.Text(), server_default="", nullable=False)
    )
    op.add_column("problem", sa.Column("answered_on", sa.Date(), nullable=True))
    op.add_column(
        "problem",
        sa.Column("answered_by", sa.Text(), server_default="", nullable=False),
    )
    op.add_column(
        "problem",
        sa.Column("escalations", sa.Integer(), server_default="0", nullable=False),
    )
    op.add_column("problem", sa.Column("escalated_on", sa.Date(), nullable=True))
    op.create_index(
        op.f("ix_problem_closed_on"), "problem", ["closed_on"], unique=False
    )
    op.create_index(
        op.f("ix_firm_request_closed_on"), "firm_request", ["closed_on"], unique=False
    )
    op.add_column(
        "project", sa.Column("managed_by", sa.Text(), server_default="", nullable=False)
    )
    _claim_lock("kind != 'released' AND NOT part")
    for table in GROWING:
        forbid_change(op, table)
    freeze(
        op,
        "appraisal",
        when="{row}.state = 'decided'",
        why="a decided appraisal stays as it is",
    )


def downgrade() -> None:
    """Drop what was made here."""
    thaw(op, "appraisal")
    for table in GROWING:
        allow_change(op, table)
    _claim_lock("kind != 'released'")
    op.drop_column("project", "managed_by")
    op.drop_index(op.f("ix_firm_request_closed_on"), table_name="firm_request")
    op.drop_index(op.f("ix_problem_closed_on"), table_name="problem")
    op.drop_column("problem", "escalated_on")
    op.drop_column("problem", "escalations")
    op.drop_column("problem", "answered_by")
    op.drop_column("problem", "answered_on")
    op.drop_column("problem", "answer")
    op.drop_column("problem", "office")
    op.drop_column("problem", "level")
    op.drop_column("claim", "part")
    op.drop_index(op.f("ix_approval_step_approval_id"), table_name="approval_step")
    op.drop_table("approval_step")
    op.drop_index(op.f("ix_opinion_appraisal_id"), table_name="opinion")
    op.drop_table("opinion")
    op.drop_index(op.f("ix_fund_facility_id"), table_name="fund")
    op.drop_table("fund")
    op.drop_index(op.f("ix_claim_attempt_project_id"), table_name="claim_attempt")
    op.drop_index(op.f("ix_claim_attempt_parcel_id"), table_name="claim_attempt")
    op.drop_index(op.f("ix_claim_attempt_held_claim_id"), table_name="claim_attempt")
    op.drop_table("claim_attempt")
    op.drop_index(op.f("ix_approval_state"), table_name="approval")
    op.drop_index(op.f("ix_approval_project_id"), table_name="approval")
    op.drop_index(op.f("ix_approval_demand_id"), table_name="approval")
    op.drop_index(op.f("ix_approval_batch"), table_name="approval")
    op.drop_table("approval")
    op.drop_index(op.f("ix_stage_plan_project_id"), table_name="stage_plan")
    op.drop_table("stage_plan")
    op.drop_index(op.f("ix_service_item_project_id"), table_name="service_item")
    op.drop_table("service_item")
    op.drop_index(op.f("ix_payment_promise_id"), table_name="payment")
    op.drop_table("payment")
    op.drop_index(op.f("ix_promise_state"), table_name="promise")
    op.drop_index(op.f("ix_promise_project_id"), table_name="promise")
    op.drop_table("promise")
    op.drop_index(op.f("ix_inquiry_state"), table_name="inquiry")
    op.drop_index(op.f("ix_inquiry_region"), table_name="inquiry")
    op.drop_index(op.f("ix_inquiry_project_id"), table_name="inquiry")
    op.drop_table("inquiry")
    op.drop_index(op.f("ix_firm_request_project_id"), table_name="firm_request")
    op.drop_table("firm_request")
    op.drop_index(op.f("ix_facility_zone"), table_name="facility")
    op.drop_index(op.f("ix_facility_region"), table_name="facility")
    op.drop_index(op.f("ix_facility_project_id"), table_name="facility")
    op.drop_table("facility")
    op.drop_index(op.f("ix_demand_state"), table_name="demand")
    op.drop_index(op.f("ix_demand_project_id"), table_name="demand")
    op.drop_table("demand")
    op.drop_index(op.f("ix_claim_queue_state"), table_name="claim_queue")
    op.drop_index(op.f("ix_claim_queue_project_id"), table_name="claim_queue")
    op.drop_index(op.f("ix_claim_queue_parcel_id"), table_name="claim_queue")
    op.drop_table("claim_queue")
    op.drop_index(op.f("ix_appraisal_project_id"), table_name="appraisal")
    op.drop_table("appraisal")
    op.drop_index(op.f("ix_zone_title_zone"), table_name="zone_title")
    op.drop_table("zone_title")
    op.drop_index(op.f("ix_zone_figure_region"), table_name="zone_figure")
    op.drop_table("zone_figure")
    op.drop_table("rule_table")
    op.drop_table("preference")
    op.drop_table("account")
