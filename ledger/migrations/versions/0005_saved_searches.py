"""Searches for land that people without an account come back to."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("data_version", sa.Text(), server_default="", nullable=False),
        sa.Column("parcel_ids", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "length(token_hash) = 64", name=op.f("ck_saved_search_token_hash")
        ),
        sa.CheckConstraint("need <> ''", name=op.f("ck_saved_search_need")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_saved_search_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_saved_search_seen_at"), "saved_search", ["seen_at"], unique=False
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_index(op.f("ix_saved_search_seen_at"), table_name="saved_search")
    op.drop_table("saved_search")
