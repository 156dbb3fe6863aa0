"""Problems are counted by project without a look at each row."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes."""
    op.create_index(
        op.f("ix_problem_project_closed"), "problem", ["project_id", "closed_on"]
    )
    op.create_index(
        op.f("ix_problem_open"),
        "problem",
        [
            "closed_on",
            "due_on",
            "project_id",
            "kind",
            "level",
            "opened_on",
            "escalations",
            "category",
            "office",
        ],
    )


def downgrade() -> None:
    """Take the indexes away."""
    op.drop_index(op.f("ix_problem_open"), table_name="problem")
    op.drop_index(op.f("ix_problem_project_closed"), table_name="problem")
