"""The policy desk: documents, their editions and files, and promises under them."""

import sqlalchemy as sa
from alembic import op

from ledger.migrations.append_only import freeze, thaw

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, then the trigger that keeps what was published."""
    op.create_table('policy',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('keeper', sa.Text(), nullable=False),
    sa.Column('origin', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('edition', sa.Integer(), server_default='0', nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('end_reason', sa.Text(), server_default='', nullable=False),
    sa.Column('shipped', sa.Text(), server_default='', nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('updated_at', sa.Text(), nullable=False),
    sa.Column('updated_by', sa.Text(), nullable=False),
    sa.CheckConstraint("(state = 'draft') = (edition = 0)", name=op.f('ck_policy_published')),
    sa.CheckConstraint("(state = 'repealed') = (ended_on IS NOT NULL)", name=op.f('ck_policy_repealed')),
    sa.CheckConstraint("code <> ''", name=op.f('ck_policy_code')),
    sa.CheckConstraint("origin IN ('recorded', 'made')", name=op.f('ck_policy_origin')),
    sa.CheckConstraint("state IN ('draft', 'published', 'withdrawn', 'repealed')", name=op.f('ck_policy_state')),
    sa.CheckConstraint('edition >= 0', name=op.f('ck_policy_edition')),
    sa.CheckConstraint('length(keeper) = 6', name=op.f('ck_policy_keeper')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policy')),
    sa.UniqueConstraint('code', name=op.f('uq_policy_code'))
    )
    op.create_index(op.f('ix_policy_keeper'), 'policy', ['keeper'], unique=False)
    op.create_index(op.f('ix_policy_state'), 'policy', ['state'], unique=False)
    op.create_table('policy_edition',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('policy_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('document_number', sa.Text(), server_default='', nullable=False),
    sa.Column('issuer', sa.Text(), server_default='', nullable=False),
    sa.Column('level', sa.Text(), nullable=False),
    sa.Column('topic', sa.Text(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('effective_on', sa.Date(), nullable=True),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('dates_note', sa.Text(), server_default='', nullable=False),
    sa.Column('abstract', sa.Text(), server_default='', nullable=False),
    sa.Column('text', sa.Text(), server_default='', nullable=False),
    sa.Column('to_do', sa.Text(), server_default='', nullable=False),
    sa.Column('ask', sa.Text(), server_default='', nullable=False),
    sa.Column('source', sa.Text(), server_default='', nullable=False),
    sa.Column('confidence', sa.Text(), nullable=False),
    sa.Column('applies', sa.Text(), server_default='', nullable=False),
    sa.Column('checklist', sa.Text(), server_default='', nullable=False),
    sa.Column('why', sa.Text(), server_default='', nullable=False),
    sa.Column('published_on', sa.Date(), nullable=True),
    sa.Column('published_by', sa.Text(), server_default='', nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('updated_at', sa.Text(), nullable=False),
    sa.Column('updated_by', sa.Text(), nullable=False),
    sa.CheckConstraint("(state = 'published') = (published_on IS NOT NULL)", name=op.f('ck_policy_edition_published')),
    sa.CheckConstraint("confidence IN ('source', 'unconfirmed')", name=op.f('ck_policy_edition_confidence')),
    sa.CheckConstraint("level IN ('national', 'province', 'city', 'county')", name=op.f('ck_policy_edition_level')),
    sa.CheckConstraint("state IN ('draft', 'published', 'dropped')", name=op.f('ck_policy_edition_state')),
    sa.CheckConstraint("title <> ''", name=op.f('ck_policy_edition_title')),
    sa.CheckConstraint("topic IN ('planning', 'control', 'approval', 'supply', 'saving', 'zones', 'promotion', 'service', 'other')", name=op.f('ck_policy_edition_topic')),
    sa.CheckConstraint('effective_on <= until_on', name=op.f('ck_policy_edition_effective_before_end')),
    sa.CheckConstraint('issued_on <= until_on', name=op.f('ck_policy_edition_issued_before_end')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_policy_edition_number')),
    sa.ForeignKeyConstraint(['policy_id'], ['policy.id'], name=op.f('fk_policy_edition_policy_id_policy')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policy_edition')),
    sa.UniqueConstraint('policy_id', 'number', name=op.f('uq_policy_edition_policy_id_number'))
    )
    op.create_index(op.f('ix_policy_edition_policy_id'), 'policy_edition', ['policy_id'], unique=False)
    op.create_table('policy_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('policy_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('removed', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('updated_at', sa.Text(), nullable=False),
    sa.Column('updated_by', sa.Text(), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('ck_policy_file_name')),
    sa.CheckConstraint('size > 0', name=op.f('ck_policy_file_size')),
    sa.ForeignKeyConstraint(['policy_id'], ['policy.id'], name=op.f('fk_policy_file_policy_id_policy')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policy_file'))
    )
    op.create_index(op.f('ix_policy_file_policy_id'), 'policy_file', ['policy_id'], unique=False)
    op.create_table('promise_policy',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('promise_id', sa.Integer(), nullable=False),
    sa.Column('policy_id', sa.Integer(), nullable=True),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('updated_at', sa.Text(), nullable=False),
    sa.Column('updated_by', sa.Text(), nullable=False),
    sa.CheckConstraint('edition >= 0', name=op.f('ck_promise_policy_edition')),
    sa.ForeignKeyConstraint(['policy_id'], ['policy.id'], name=op.f('fk_promise_policy_policy_id_policy')),
    sa.ForeignKeyConstraint(['promise_id'], ['promise.id'], name=op.f('fk_promise_policy_promise_id_promise')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promise_policy')),
    sa.UniqueConstraint('promise_id', name=op.f('uq_promise_policy_promise_id'))
    )
    op.create_index(op.f('ix_promise_policy_policy_id'), 'promise_policy', ['policy_id'], unique=False)
    freeze(
        op,
        "policy_edition",
        when="{row}.state = 'published'",
        why="a published edition stays as it is",
    )


def downgrade() -> None:
    """Drop what was made here."""
    thaw(op, "policy_edition")
    op.drop_index(op.f('ix_promise_policy_policy_id'), table_name='promise_policy')
    op.drop_table('promise_policy')
    op.drop_index(op.f('ix_policy_file_policy_id'), table_name='policy_file')
    op.drop_table('policy_file')
    op.drop_index(op.f('ix_policy_edition_policy_id'), table_name='policy_edition')
    op.drop_table('policy_edition')
    op.drop_index(op.f('ix_policy_state'), table_name='policy')
    op.drop_index(op.f('ix_policy_keeper'), table_name='policy')
    op.drop_table('policy')
