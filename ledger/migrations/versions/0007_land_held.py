"""Land is added up, and what was missed or last written found, without each row."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes."""
    op.create_index(
        op.f("ix_claim_held"),
        "claim",
        ["parcel_id", "kind", "expires_on", "area_m2", "project_id"],
    )
    op.create_index(
        op.f("ix_stage_plan_missed"),
        "stage_plan",
        ["planned_on", "stage", "project_id"],
    )
    op.create_index(op.f("ix_audit_last"), "audit", ["entity", "seq"])


def downgrade() -> None:
    """Take the indexes away."""
    op.drop_index(op.f("ix_audit_last"), table_name="audit")
    op.drop_index(op.f("ix_stage_plan_missed"), table_name="stage_plan")
    op.drop_index(op.f("ix_claim_held"), table_name="claim")
