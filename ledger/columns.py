"""What the ledger's tables are made of: names, types, columns that many share."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

LARGEST: Final = 2**31 - 1
"""The largest whole number that every kind of database keeps in a column."""

metadata = sa.MetaData(naming_convention=NAMES)


class Instant(TypeDecorator[datetime]):
    """A moment, kept as ISO 8601 text in UTC: the same on every database."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401 - SQLAlchemy's signature
        """Write the moment in UTC, to the microsecond."""
        del dialect
        if value is None:
            return None
        text: str = value.astimezone(UTC).isoformat(timespec="microseconds")
        return text

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401 - SQLAlchemy's signature
        """Read the moment back, with its time zone."""
        del dialect
        return None if value is None else datetime.fromisoformat(value)


class Listed(TypeDecorator[tuple[str, ...]]):
    """A list of short texts, kept as JSON."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401 - SQLAlchemy's signature
        """Write the list."""
        del dialect
        return None if value is None else json.dumps(list(value), ensure_ascii=False)

    def process_result_value(
        self,
        value: Any,  # noqa: ANN401 - SQLAlchemy's signature
        dialect: Dialect,
    ) -> tuple[str, ...] | None:
        """Read the list back."""
        del dialect
        return None if value is None else tuple(json.loads(value))


class Choice(TypeDecorator[StrEnum]):
    """A word out of a fixed list, kept as text."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        """Keep the list the word is out of."""
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401 - SQLAlchemy's signature
        """Write the word as text, refusing one that is not in the list."""
        del dialect
        return None if value is None else str(self.words(value).value)

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:  # noqa: ANN401 - SQLAlchemy's signature
        """Read the text back as the word."""
        del dialect
        return None if value is None else self.words(value)


def one_of(column: str, words: type[StrEnum]) -> sa.CheckConstraint:
    """Hold a column to the words of a list."""
    listed = ", ".join(f"'{word.value}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


def not_negative(*columns: str) -> list[sa.CheckConstraint]:
    """Hold numbers to 0 or more, a named constraint each."""
    return [sa.CheckConstraint(f"{name} >= 0", name=name) for name in columns]


def text(name: str, **options: Any) -> sa.Column[str]:  # noqa: ANN401 - column options
    """Make a column of text that may be empty and is never null."""
    return sa.Column(name, sa.Text, nullable=False, server_default="", **options)


def of_project() -> sa.Column[int]:
    """Make the column that tells which project a row belongs to."""
    return sa.Column(
        "project_id", sa.ForeignKey("project.id"), nullable=False, index=True
    )


def versioned() -> list[sa.Column[Any]]:
    """Make the columns of a row that people change: version, when, who."""
    return [
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.Column("updated_by", sa.Text, nullable=False),
    ]
