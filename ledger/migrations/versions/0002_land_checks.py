"""Land checks that were kept, and what people hold against their findings."""

import sqlalchemy as sa
from alembic import op

from ledger.migrations.append_only import allow_change, forbid_change

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, then the triggers that keep every word as it was written."""
    op.create_table(
        "land_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("result_hash", sa.Text(), nullable=False),
        sa.Column("parcels", sa.Integer(), nullable=False),
        sa.Column("area_m2", sa.Float(), nullable=False),
        sa.Column("verdicts", sa.Text(), server_default="", nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint("area_m2 >= 0", name=op.f("ck_land_check_area_m2")),
        sa.CheckConstraint("length(region) = 6", name=op.f("ck_land_check_region")),
        sa.CheckConstraint("parcels >= 0", name=op.f("ck_land_check_parcels")),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name=op.f("fk_land_check_project_id_project"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_land_check")),
        sa.UniqueConstraint("dossier", name=op.f("uq_land_check_dossier")),
    )
    for column in ("project_id", "region"):
        op.create_index(op.f(f"ix_land_check_{column}"), "land_check", [column])
    op.create_table(
        "check_overrule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("parcel_id", sa.Text(), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("said_at", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "says IN ('conflict', 'no_conflict')", name=op.f("ck_check_overrule_says")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_check_overrule_reason")),
        sa.ForeignKeyConstraint(
            ["check_id"],
            ["land_check.id"],
            name=op.f("fk_check_overrule_check_id_land_check"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_overrule")),
    )
    op.create_index(op.f("ix_check_overrule_check_id"), "check_overrule", ["check_id"])
    forbid_change(op, "check_overrule", why="a word against a finding stays")


def downgrade() -> None:
    """Drop what was made here."""
    allow_change(op, "check_overrule")
    op.drop_table("check_overrule")
    op.drop_table("land_check")
