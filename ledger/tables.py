"""The tables of the ledger; every constraint has a name, so that it can be moved."""

import sqlalchemy as sa

from ledger.columns import (
    Choice,
    Instant,
    metadata,
    not_negative,
    of_project,
    one_of,
    text,
    versioned,
)
from ledger.model import ClaimKind, Level, ProblemKind, Role, Says, Stage

project = sa.Table(
    "project",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("title", sa.Text, nullable=False),
    text("investor"),
    text("industry"),
    sa.Column("level", Choice(Level), nullable=False),
    sa.Column("region", sa.Text, nullable=False, index=True),
    sa.Column("stage", Choice(Stage), nullable=False, index=True),
    sa.Column("signed_on", sa.Date),
    sa.Column("started_on", sa.Date),
    sa.Column("production_on", sa.Date),
    sa.Column("investment_wan_cny", sa.Float),
    sa.Column("output_wan_cny", sa.Float),
    sa.Column("tax_wan_cny", sa.Float),
    sa.Column("jobs", sa.Integer),
    text("owner"),
    text("leader"),
    text("need"),
    sa.Column("land_demand_mu", sa.Float),
    sa.Column("demand_met", sa.Boolean, nullable=False),
    text("note"),
    text("managed_by"),
    sa.Column("synthetic", sa.Boolean, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    *versioned(),
    one_of("level", Level),
    one_of("stage", Stage),
    *not_negative(
        "investment_wan_cny", "output_wan_cny", "tax_wan_cny", "jobs", "land_demand_mu"
    ),
    sa.CheckConstraint("length(region) = 6", name="region"),
    sa.CheckConstraint("title <> ''", name="title"),
    sa.CheckConstraint("signed_on <= started_on", name="signed_before_start"),
    sa.CheckConstraint("started_on <= production_on", name="started_before_production"),
)

stage_move = sa.Table(
    "stage_move",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    of_project(),
    sa.Column("stage", Choice(Stage), nullable=False),
    sa.Column("entered_on", sa.Date),
    text("why"),
    sa.Column("moved_by", sa.Text, nullable=False),
    sa.Column("moved_at", Instant, nullable=False),
    one_of("stage", Stage),
)

milestone = sa.Table(
    "milestone",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    of_project(),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("planned_on", sa.Date),
    sa.Column("done_on", sa.Date),
)

shortlist_item = sa.Table(
    "shortlist_item",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    of_project(),
    sa.Column("parcel_id", sa.Text, nullable=False),
    text("note"),
    sa.Column("score", sa.Float),
    text("result_hash"),
    sa.Column("added_at", Instant, nullable=False),
    sa.Column("added_by", sa.Text, nullable=False),
    sa.UniqueConstraint("project_id", "parcel_id"),
    # Entries are removed: their numbers, which the audit names, are never reused.
    sqlite_autoincrement=True,
)

claim = sa.Table(
    "claim",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    of_project(),
    sa.Column("parcel_id", sa.Text, nullable=False),
    sa.Column("kind", Choice(ClaimKind), nullable=False),
    sa.Column("geometry", sa.LargeBinary, nullable=False),
    sa.Column("area_m2", sa.Float, nullable=False),
    sa.Column("minx", sa.Float, nullable=False),
    sa.Column("miny", sa.Float, nullable=False),
    sa.Column("maxx", sa.Float, nullable=False),
    sa.Column("maxy", sa.Float, nullable=False),
    text("region"),
    text("note"),
    sa.Column("claimed_at", Instant, nullable=False),
    sa.Column("claimed_by", sa.Text, nullable=False),
    sa.Column("expires_on", sa.Date),
    sa.Column("released_at", Instant),
    text("released_by"),
    text("release_reason"),
    sa.Column("part", sa.Boolean, nullable=False, server_default=sa.false()),
    *versioned(),
    one_of("kind", ClaimKind),
    sa.CheckConstraint("area_m2 > 0", name="area_m2"),
    sa.CheckConstraint("minx <= maxx AND miny <= maxy", name="box"),
    sa.CheckConstraint(
        "(kind = 'released') = (released_at IS NOT NULL)", name="released"
    ),
)

# The overlap check of `claims` is the law; this index is the second lock on the door
# of whole parcels. Parts of one parcel may be held by several.
_WHOLE = sa.text("kind != 'released' AND NOT part")
sa.Index(
    "uq_claim_active_parcel",
    claim.c.parcel_id,
    unique=True,
    sqlite_where=_WHOLE,
    postgresql_where=_WHOLE,
)
sa.Index("ix_claim_box", claim.c.minx, claim.c.maxx, claim.c.miny, claim.c.maxy)
# Who holds which parcel, and how much of it: told without the ground itself.
sa.Index(
    "ix_claim_held",
    *(
        claim.c[name]
        for name in ("parcel_id", "kind", "expires_on", "area_m2", "project_id")
    ),
)

problem = sa.Table(
    "problem",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    of_project(),
    sa.Column("kind", Choice(ProblemKind), nullable=False),
    text("category"),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("closed_on", sa.Date, index=True),
    text("evidence"),
    sa.Column(
        "level", Choice(Level), nullable=False, server_default=Level.COUNTY.value
    ),
    text("office"),
    text("answer"),
    sa.Column("answered_on", sa.Date),
    text("answered_by"),
    sa.Column("escalations", sa.Integer, nullable=False, server_default="0"),
    sa.Column("escalated_on", sa.Date),
    *versioned(),
    one_of("kind", ProblemKind),
    sa.CheckConstraint("title <> ''", name="title"),
    sa.CheckConstraint("opened_on <= closed_on", name="opened_before_closed"),
    sa.CheckConstraint(
        "closed_on IS NULL OR evidence <> ''", name="closed_with_evidence"
    ),
)
sa.Index("ix_problem_project_closed", problem.c.project_id, problem.c.closed_on)
# Most that is counted of problems stands in it whole: half of them are never looked at.
sa.Index(
    "ix_problem_open",
    *(
        problem.c[name]
        for name in (
            "closed_on",
            "due_on",
            "project_id",
            "kind",
            "level",
            "opened_on",
            "escalations",
            "category",
            "office",
        )
    ),
)

land_check = sa.Table(
    "land_check",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("dossier", sa.Text, nullable=False, unique=True),
    sa.Column("project_id", sa.ForeignKey("project.id"), index=True),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("result_hash", sa.Text, nullable=False),
    sa.Column("parcels", sa.Integer, nullable=False),
    sa.Column("area_m2", sa.Float, nullable=False),
    text("verdicts"),
    sa.Column("region", sa.Text, nullable=False, index=True),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    *versioned(),
    *not_negative("parcels", "area_m2"),
    sa.CheckConstraint("length(region) = 6", name="region"),
)

# Only grows: triggers of the migration refuse to change or delete a row.
check_overrule = sa.Table(
    "check_overrule",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("check_id", sa.ForeignKey("land_check.id"), nullable=False, index=True),
    sa.Column("parcel_id", sa.Text, nullable=False),
    sa.Column("layer", sa.Text, nullable=False),
    sa.Column("says", Choice(Says), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("said_at", Instant, nullable=False),
    sa.Column("said_by", sa.Text, nullable=False),
    one_of("says", Says),
    sa.CheckConstraint("reason <> ''", name="reason"),
)

loaded_file = sa.Table(
    "loaded_file",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("as_of", sa.Date),
    sa.Column("loaded_at", Instant, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("role", Choice(Role), nullable=False),
    text("region"),
    sa.Column("verb", sa.Text, nullable=False),
    sa.Column("entity", sa.Text, nullable=False),
    sa.Column("entity_id", sa.Integer, nullable=False),
    sa.Column("project_id", sa.Integer),
    text("before"),
    text("after"),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Index("ix_audit_entity", "entity", "entity_id"),
    sa.Index("ix_audit_project_id", "project_id"),
    sa.Index("ix_audit_last", "entity", "seq"),
)
