"""The tables of the policy desk."""

import sqlalchemy as sa

from ledger.columns import Choice, metadata, not_negative, one_of, text, versioned
from ledger.policy import (
    Confidence,
    EditionState,
    Origin,
    PolicyLevel,
    PolicyState,
    Topic,
)

policy = sa.Table(
    "policy",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("keeper", sa.Text, nullable=False, index=True),
    sa.Column("origin", Choice(Origin), nullable=False),
    sa.Column("state", Choice(PolicyState), nullable=False, index=True),
    sa.Column("edition", sa.Integer, nullable=False, server_default="0"),
    sa.Column("ended_on", sa.Date),
    text("end_reason"),
    text("shipped"),
    *versioned(),
    one_of("origin", Origin),
    one_of("state", PolicyState),
    *not_negative("edition"),
    sa.CheckConstraint("code <> ''", name="code"),
    sa.CheckConstraint("length(keeper) = 6", name="keeper"),
    sa.CheckConstraint(
        "(state = 'repealed') = (ended_on IS NOT NULL)", name="repealed"
    ),
    sa.CheckConstraint("(state = 'draft') = (edition = 0)", name="published"),
)

# A published edition stays as it is: triggers of the migration hold that.
policy_edition = sa.Table(
    "policy_edition",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("policy_id", sa.ForeignKey("policy.id"), nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("state", Choice(EditionState), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    text("document_number"),
    text("issuer"),
    sa.Column("level", Choice(PolicyLevel), nullable=False),
    sa.Column("topic", Choice(Topic), nullable=False),
    sa.Column("issued_on", sa.Date),
    sa.Column("effective_on", sa.Date),
    sa.Column("until_on", sa.Date),
    text("dates_note"),
    text("abstract"),
    text("text"),
    text("to_do"),
    text("ask"),
    text("source"),
    sa.Column("confidence", Choice(Confidence), nullable=False),
    text("applies"),
    text("checklist"),
    text("why"),
    sa.Column("published_on", sa.Date),
    text("published_by"),
    *versioned(),
    one_of("state", EditionState),
    one_of("level", PolicyLevel),
    one_of("topic", Topic),
    one_of("confidence", Confidence),
    sa.UniqueConstraint("policy_id", "number"),
    sa.CheckConstraint("title <> ''", name="title"),
    sa.CheckConstraint("number >= 1", name="number"),
    sa.CheckConstraint("issued_on <= until_on", name="issued_before_end"),
    sa.CheckConstraint("effective_on <= until_on", name="effective_before_end"),
    sa.CheckConstraint(
        "(state = 'published') = (published_on IS NOT NULL)", name="published"
    ),
)

policy_file = sa.Table(
    "policy_file",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("policy_id", sa.ForeignKey("policy.id"), nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("removed", sa.Boolean, nullable=False, server_default=sa.false()),
    *versioned(),
    sa.CheckConstraint("name <> ''", name="name"),
    sa.CheckConstraint("size > 0", name="size"),
)

# Beside the promise and not in it: SQLite cannot add a reference to a table that
# others refer to without making it anew.
promise_policy = sa.Table(
    "promise_policy",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("promise_id", sa.ForeignKey("promise.id"), nullable=False, unique=True),
    sa.Column("policy_id", sa.ForeignKey("policy.id"), index=True),
    sa.Column("edition", sa.Integer, nullable=False),
    *versioned(),
    *not_negative("edition"),
)
