"""The tables of casework: demand, queue, requests, approvals, promises and the rest."""

from typing import Any

import sqlalchemy as sa

from ledger.casework import (
    AppraisalState,
    ApprovalState,
    Channel,
    Decision,
    DemandState,
    FacilityKind,
    FacilityState,
    FundSource,
    InquiryState,
    PromiseState,
    QueueState,
    Urgency,
    View,
)
from ledger.columns import (
    Choice,
    Instant,
    Listed,
    metadata,
    not_negative,
    of_project,
    one_of,
    text,
    versioned,
)
from ledger.model import ClaimKind, Level, Role, Stage


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _title() -> sa.Column[str]:
    return sa.Column("title", sa.Text, nullable=False)


def _titled() -> sa.CheckConstraint:
    return sa.CheckConstraint("title <> ''", name="title")


def _wan(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Float, nullable=False, server_default="0")


def _handed_up() -> list[sa.Column[Any]]:
    """Make the columns of what offices answer and hand up when it is overdue."""
    return [
        sa.Column("level", Choice(Level), nullable=False),
        text("office"),
        text("answer"),
        sa.Column("answered_on", sa.Date),
        text("answered_by"),
        sa.Column("escalations", sa.Integer, nullable=False, server_default="0"),
        sa.Column("escalated_on", sa.Date),
    ]


def _box() -> list[sa.Column[float]]:
    return [
        sa.Column(edge, sa.Float, nullable=False)
        for edge in ("minx", "miny", "maxx", "maxy")
    ]


demand = sa.Table(
    "demand",
    metadata,
    _id(),
    of_project(),
    text("title"),
    text("need"),
    sa.Column("area_mu", sa.Float, nullable=False),
    sa.Column("urgency", Choice(Urgency), nullable=False),
    sa.Column("state", Choice(DemandState), nullable=False, index=True),
    sa.Column("raised_on", sa.Date, nullable=False),
    sa.Column("wanted_by", sa.Date),
    text("follower"),
    text("parcel_id"),
    sa.Column("closed_on", sa.Date),
    text("evidence"),
    text("note"),
    *versioned(),
    one_of("urgency", Urgency),
    one_of("state", DemandState),
    sa.CheckConstraint("area_mu > 0", name="area_mu"),
    sa.CheckConstraint(
        "(state IN ('met', 'withdrawn')) = (closed_on IS NOT NULL)", name="closed"
    ),
    sa.CheckConstraint("state <> 'met' OR evidence <> ''", name="met_with_evidence"),
)

claim_queue = sa.Table(
    "claim_queue",
    metadata,
    _id(),
    of_project(),
    sa.Column("parcel_id", sa.Text, nullable=False, index=True),
    sa.Column("kind", Choice(ClaimKind), nullable=False),
    sa.Column("geometry", sa.LargeBinary, nullable=False),
    sa.Column("area_m2", sa.Float, nullable=False),
    *_box(),
    sa.Column("part", sa.Boolean, nullable=False, server_default=sa.false()),
    text("region"),
    sa.Column("state", Choice(QueueState), nullable=False, index=True),
    text("note"),
    sa.Column("queued_at", Instant, nullable=False),
    sa.Column("queued_by", sa.Text, nullable=False),
    *versioned(),
    one_of("kind", ClaimKind),
    one_of("state", QueueState),
    sa.CheckConstraint("area_m2 > 0", name="area_m2"),
)

# Only grows: triggers of the migration refuse to change or delete a row.
claim_attempt = sa.Table(
    "claim_attempt",
    metadata,
    _id(),
    of_project(),
    sa.Column("parcel_id", sa.Text, nullable=False, index=True),
    sa.Column("held_claim_id", sa.ForeignKey("claim.id"), nullable=False, index=True),
    sa.Column("overlap_m2", sa.Float, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    *not_negative("overlap_m2"),
)

firm_request = sa.Table(
    "firm_request",
    metadata,
    _id(),
    of_project(),
    _title(),
    sa.Column("channel", Choice(Channel), nullable=False),
    text("category"),
    *_handed_up(),
    sa.Column("raised_on", sa.Date, nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("confirmed_on", sa.Date),
    text("confirmation"),
    sa.Column("closed_on", sa.Date, index=True),
    text("evidence"),
    *versioned(),
    one_of("channel", Channel),
    one_of("level", Level),
    _titled(),
    sa.CheckConstraint(
        "closed_on IS NULL OR evidence <> ''", name="closed_with_evidence"
    ),
    sa.CheckConstraint("answered_on IS NULL OR answer <> ''", name="answered"),
)

approval = sa.Table(
    "approval",
    metadata,
    _id(),
    of_project(),
    sa.Column("demand_id", sa.ForeignKey("demand.id"), index=True),
    _title(),
    text("case_code"),
    sa.Column("path", sa.Text, nullable=False),
    text("path_reason"),
    text("edition"),
    sa.Column("urgency", Choice(Urgency), nullable=False),
    text("batch", index=True),
    sa.Column("area_mu", sa.Float),
    sa.Column("state", Choice(ApprovalState), nullable=False, index=True),
    sa.Column("place", sa.Integer, nullable=False, server_default="0"),
    sa.Column("begun_on", sa.Date, nullable=False),
    sa.Column("decided_on", sa.Date),
    text("document_no"),
    text("note"),
    *versioned(),
    one_of("urgency", Urgency),
    one_of("state", ApprovalState),
    _titled(),
    sa.CheckConstraint("(state = 'open') = (decided_on IS NULL)", name="decided"),
    sa.CheckConstraint("begun_on <= decided_on", name="begun_before_decided"),
)

approval_step = sa.Table(
    "approval_step",
    metadata,
    _id(),
    sa.Column("approval_id", sa.ForeignKey("approval.id"), nullable=False, index=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    _title(),
    text("english"),
    text("office"),
    sa.Column("by_batch", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("limit_days", sa.Integer),
    sa.Column("limit_confirmed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("earlier_days", sa.Integer, nullable=False, server_default="0"),
    sa.Column("entered_on", sa.Date),
    sa.Column("done_on", sa.Date),
    text("documents"),
    text("waits_for"),
    text("note"),
    *versioned(),
    _titled(),
    sa.UniqueConstraint("approval_id", "place"),
    *not_negative("earlier_days"),
    sa.CheckConstraint("entered_on <= done_on", name="entered_before_done"),
)

# A decided appraisal stays as it is: triggers of the migration hold that.
appraisal = sa.Table(
    "appraisal",
    metadata,
    _id(),
    of_project(),
    sa.Column("state", Choice(AppraisalState), nullable=False),
    text("edition"),
    text("answers"),
    text("site"),
    text("summary"),
    sa.Column("submitted_on", sa.Date),
    sa.Column("decision", Choice(Decision)),
    sa.Column("decided_on", sa.Date),
    text("decided_by"),
    text("reason"),
    text("frozen"),
    *versioned(),
    one_of("state", AppraisalState),
    one_of("decision", Decision),
    sa.CheckConstraint("(state = 'decided') = (decision IS NOT NULL)", name="decided"),
    sa.CheckConstraint("state <> 'decided' OR frozen <> ''", name="frozen"),
)

# Only grows: triggers of the migration refuse to change or delete a row.
opinion = sa.Table(
    "opinion",
    metadata,
    _id(),
    sa.Column(
        "appraisal_id", sa.ForeignKey("appraisal.id"), nullable=False, index=True
    ),
    sa.Column("role", Choice(Role), nullable=False),
    text("office"),
    sa.Column("view", Choice(View), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("said_at", Instant, nullable=False),
    sa.Column("said_by", sa.Text, nullable=False),
    one_of("view", View),
    sa.CheckConstraint("text <> ''", name="text"),
)

promise = sa.Table(
    "promise",
    metadata,
    _id(),
    of_project(),
    _title(),
    text("basis"),
    text("condition"),
    sa.Column("amount_wan_cny", sa.Float),
    sa.Column("due_on", sa.Date),
    sa.Column("state", Choice(PromiseState), nullable=False, index=True),
    _wan("paid_wan_cny"),
    sa.Column("settled_on", sa.Date),
    text("evidence"),
    text("ground"),
    text("procedure"),
    text("compensation"),
    text("office"),
    *versioned(),
    one_of("state", PromiseState),
    *not_negative("amount_wan_cny", "paid_wan_cny"),
    _titled(),
    sa.CheckConstraint("(state = 'open') = (settled_on IS NULL)", name="settled"),
    sa.CheckConstraint("state <> 'kept' OR evidence <> ''", name="kept_with_evidence"),
    sa.CheckConstraint(
        "state NOT IN ('changed', 'refused') OR (ground <> '' AND procedure <> '')",
        name="changed_by_law",
    ),
)

# Only grows: triggers of the migration refuse to change or delete a row.
payment = sa.Table(
    "payment",
    metadata,
    _id(),
    sa.Column("promise_id", sa.ForeignKey("promise.id"), nullable=False, index=True),
    sa.Column("amount_wan_cny", sa.Float, nullable=False),
    sa.Column("paid_on", sa.Date, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.CheckConstraint("amount_wan_cny <> 0", name="amount_wan_cny"),
    sa.CheckConstraint("evidence <> ''", name="evidence"),
)

facility = sa.Table(
    "facility",
    metadata,
    _id(),
    sa.Column("project_id", sa.ForeignKey("project.id"), index=True),
    text("zone", index=True),
    sa.Column("region", sa.Text, nullable=False, index=True),
    sa.Column("kind", Choice(FacilityKind), nullable=False),
    _title(),
    sa.Column("state", Choice(FacilityState), nullable=False),
    text("builder"),
    sa.Column("share", sa.Float, nullable=False, server_default="0"),
    sa.Column("planned_on", sa.Date),
    sa.Column("done_on", sa.Date),
    text("note"),
    *versioned(),
    one_of("kind", FacilityKind),
    one_of("state", FacilityState),
    _titled(),
    sa.CheckConstraint("length(region) = 6", name="region"),
    sa.CheckConstraint("share >= 0 AND share <= 1", name="share"),
    sa.CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name="done"),
    sa.CheckConstraint("project_id IS NOT NULL OR zone <> ''", name="belongs"),
)

fund = sa.Table(
    "fund",
    metadata,
    _id(),
    sa.Column("facility_id", sa.ForeignKey("facility.id"), nullable=False, index=True),
    sa.Column("source", Choice(FundSource), nullable=False),
    text("title"),
    _wan("planned_wan_cny"),
    _wan("arrived_wan_cny"),
    text("note"),
    *versioned(),
    one_of("source", FundSource),
    *not_negative("planned_wan_cny", "arrived_wan_cny"),
)

zone_figure = sa.Table(
    "zone_figure",
    metadata,
    _id(),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("region", sa.Text, nullable=False, index=True),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("value", sa.Float, nullable=False),
    text("source"),
    *versioned(),
    sa.UniqueConstraint("zone", "year", "code"),
    sa.CheckConstraint("length(region) = 6", name="region"),
    sa.CheckConstraint("zone <> '' AND code <> ''", name="named"),
)

zone_title = sa.Table(
    "zone_title",
    metadata,
    _id(),
    sa.Column("zone", sa.Text, nullable=False, index=True),
    sa.Column("region", sa.Text, nullable=False),
    _title(),
    text("basis"),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date),
    *versioned(),
    _titled(),
    sa.CheckConstraint("length(region) = 6", name="region"),
    sa.CheckConstraint("since <= until", name="since_before_until"),
)

inquiry = sa.Table(
    "inquiry",
    metadata,
    _id(),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    text("parcel_id"),
    sa.Column("region", sa.Text, nullable=False, index=True),
    text("firm"),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("contact", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    text("need"),
    text("language"),
    sa.Column("consented_at", Instant, nullable=False),
    sa.Column("state", Choice(InquiryState), nullable=False, index=True),
    text("answer"),
    text("reason"),
    sa.Column("project_id", sa.ForeignKey("project.id"), index=True),
    sa.Column("received_at", Instant, nullable=False),
    *versioned(),
    one_of("state", InquiryState),
    sa.CheckConstraint("length(region) = 6", name="region"),
    sa.CheckConstraint("text <> ''", name="text"),
    sa.CheckConstraint("(state = 'lead') = (project_id IS NOT NULL)", name="lead"),
)

saved_search = sa.Table(
    "saved_search",
    metadata,
    _id(),
    sa.Column("token_hash", sa.Text, nullable=False, unique=True),
    sa.Column("need", sa.Text, nullable=False),
    text("data_version"),
    sa.Column("parcel_ids", Listed, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False, index=True),
    *versioned(),
    sa.CheckConstraint("length(token_hash) = 64", name="token_hash"),
    sa.CheckConstraint("need <> ''", name="need"),
    sqlite_autoincrement=True,  # a number that was forgotten is given to nobody else
)

stage_plan = sa.Table(
    "stage_plan",
    metadata,
    _id(),
    of_project(),
    sa.Column("stage", Choice(Stage), nullable=False),
    sa.Column("planned_on", sa.Date, nullable=False),
    *versioned(),
    one_of("stage", Stage),
    sa.UniqueConstraint("project_id", "stage"),
    # Planned days are taken back: their numbers, which the audit names, never return.
    sqlite_autoincrement=True,
)
sa.Index(
    "ix_stage_plan_missed",
    stage_plan.c.planned_on,
    stage_plan.c.stage,
    stage_plan.c.project_id,
)

service_item = sa.Table(
    "service_item",
    metadata,
    _id(),
    of_project(),
    sa.Column("code", sa.Text, nullable=False),
    text("text"),
    sa.Column("settled_on", sa.Date),
    *versioned(),
    sa.UniqueConstraint("project_id", "code"),
)

account = sa.Table(
    "account",
    metadata,
    _id(),
    sa.Column("issuer", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    text("email"),
    sa.Column("role", Choice(Role), nullable=False),
    text("region"),
    text("office"),
    sa.Column("disabled", sa.Boolean, nullable=False, server_default=sa.false()),
    *versioned(),
    one_of("role", Role),
    sa.UniqueConstraint("issuer", "subject"),
    sa.CheckConstraint("subject <> ''", name="subject"),
    sa.CheckConstraint("name <> ''", name="name"),
)

rule_table = sa.Table(
    "rule_table",
    metadata,
    _id(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("edition", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("effective_on", sa.Date, nullable=False),
    text("source"),
    *versioned(),
    sa.UniqueConstraint("name", "edition"),
)

preference = sa.Table(
    "preference",
    metadata,
    _id(),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    text("value"),
    *versioned(),
    sa.UniqueConstraint("owner", "kind", "title"),
    _titled(),
    # Settings are deleted: their numbers, which the audit names, never return.
    sqlite_autoincrement=True,
)
