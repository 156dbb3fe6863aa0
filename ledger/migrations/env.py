"""What Alembic runs: the revisions, on the connection that `ledger.schema` hands in."""

from alembic import context

from ledger import casework_tables, policy_tables, tables  # noqa: F401 - all declare
from ledger.columns import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
