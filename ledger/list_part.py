"""A part of a long list: counted whole, sorted by the database, some rows read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

import sqlalchemy as sa

from ledger.unit_of_work import Work

T = TypeVar("T")
R = TypeVar("R")

Columns = Sequence[sa.ColumnElement[Any]]


@dataclass(frozen=True)
class Order:
    """What a list is sorted by.

    Attributes:
        column: Name of the column; "" for the list's own order.
        down: Whether the greatest comes first.
    """

    column: str = ""
    down: bool = False


@dataclass(frozen=True)
class Wanted:
    """Which part of a list is read.

    Attributes:
        first: How many rows stand before it.
        most: How many rows it has at most; None for all that follow.
        order: What the list is sorted by.
    """

    first: int = 0
    most: int | None = None
    order: Order = field(default_factory=Order)


EVERYTHING: Final = Wanted()


@dataclass(frozen=True)
class Part(Generic[T]):
    """Some rows of a list.

    Attributes:
        rows: The rows.
        first: How many stand before them.
        total: How many there are in the whole list.
    """

    rows: Sequence[T]
    first: int
    total: int

    def of(self, make: Callable[[T], R]) -> "Part[R]":
        """Return the same part with each row made into something else."""
        return Part([make(row) for row in self.rows], self.first, self.total)


def read(  # noqa: PLR0913 - what is asked, and how it is put in order
    work: Work,
    query: sa.Select[Any],
    wanted: Wanted,
    *,
    key: sa.ColumnElement[Any],
    own: Columns,
    by: Mapping[str, Columns],
    total: int | None = None,
) -> Part[sa.Row[Any]]:
    """Read a part of what a query finds.

    A list that is wanted whole or fits one part keeps its own order: who has all of it
    sorts it where it is shown. A part beyond the end is the last one instead.

    Args:
        work: The unit of work.
        query: The query, without order and bounds.
        wanted: The part.
        key: The column that tells any two rows apart.
        own: What the list is sorted by where nothing else is asked for; its last
            column tells any two rows apart.
        by: What it may be sorted by, by the name of the column.
        total: How many it finds, where that was counted in the same transaction.

    Returns:
        The rows.
    """
    if wanted.most is None:
        rows = work.connection.execute(query.order_by(*own)).all()
        return Part(rows, 0, len(rows))
    if total is None:
        counted = query.with_only_columns(sa.func.count(), maintain_column_froms=True)
        total = int(work.connection.scalar(counted) or 0)
    first = min(wanted.first, max(total - 1, 0) // wanted.most * wanted.most)
    order = own if total <= wanted.most else _sorted(wanted.order, own, by)
    # All are put in order by little; what is told is read of the part alone.
    narrow = query.with_only_columns(key, maintain_column_froms=True)
    part = narrow.order_by(*order).offset(first).limit(wanted.most)
    told_of = (
        sa
        .select(*query.selected_columns)
        .select_from(*query.get_final_froms())
        .where(key.in_(work.connection.scalars(part).all()))
        .order_by(*order)
    )
    return Part(work.connection.execute(told_of).all(), first, total)


def _sorted(order: Order, own: Columns, by: Mapping[str, Columns]) -> Columns:
    """Sort by a column, what is empty last; then by the list's own order."""
    columns = by.get(order.column, ())
    turned = [one.desc() if order.down else one.asc() for one in columns]
    empty = [one.is_(None) for one in columns]
    return [*(each for pair in zip(empty, turned, strict=True) for each in pair), *own]
