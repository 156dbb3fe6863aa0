"""Where a reader stands in a long table: which order, which part is sent."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ledger.list_part import Order, Part, Wanted
from ui.i18n import t
from ui.state import Slot

SIZE: Final = 200
"""So many rows are sent at once: the others are a click or a search away."""


@dataclass(frozen=True)
class _Kept:
    """What is remembered of a table: what was asked, the order, the first row."""

    asked: object = None
    order: Order = field(default_factory=Order)
    first: int = 0


@dataclass(frozen=True)
class Place:
    """Where a reader stands in a table that is sent in parts.

    Attributes:
        key: Key of the table.
        asked: What the list is filtered by; another question begins at the first row.
    """

    key: str
    asked: object

    @property
    def wanted(self) -> Wanted:
        """The part to read."""
        kept = self._slot.get()
        first = kept.first if kept.asked == self.asked else 0
        return Wanted(first=first, most=SIZE, order=kept.order)

    def shown(self, part: Part[Any]) -> "Shown":
        """Return what the table is told of the part that was read."""
        return Shown(self, part.first, part.total)

    def sort(self, order: Order) -> None:
        """Sort by another column, and begin at the first row."""
        self._slot.set(_Kept(self.asked, order))

    def turn(self, first: int) -> None:
        """Go to another part."""
        self._slot.set(replace(self._slot.get(), asked=self.asked, first=first))

    @property
    def _slot(self) -> Slot[_Kept]:
        return Slot(f"table.{self.key}", _Kept)


@dataclass(frozen=True)
class Shown:
    """The part of a list that a table shows.

    Attributes:
        place: Where the reader stands.
        first: How many rows stand before.
        total: How many there are.
    """

    place: Place
    first: int
    total: int

    @property
    def data(self) -> dict[str, str | int | bool] | None:
        """What the script needs to turn and sort; None where all rows are sent."""
        if self.total <= SIZE:
            return None
        order = self.place.wanted.order
        return {
            "first": self.first,
            "total": self.total,
            "size": SIZE,
            "column": order.column,
            "down": order.down,
            "text": t(
                "{first} to {last} of {total}",
                first=f"{self.first + 1:,}",
                last=f"{min(self.first + SIZE, self.total):,}",
                total=f"{self.total:,}",
            ),
            "back": t("The {count} before", count=SIZE),
            "on": t("The {count} after", count=SIZE),
        }

    def takers(self, said: Callable[[str], str | None]) -> dict[str, Any]:
        """Return what takes a click on a head or on a turner.

        Args:
            said: Reads what the element says, by the name of the click.

        Returns:
            Callbacks as the element names them.
        """

        def sort() -> None:
            column, _, way = (said("sorted") or "").partition("/")
            self.place.sort(Order(column, down=way == "down"))

        def turn() -> None:
            first = said("turned")
            if first is not None and first.isdigit():
                self.place.turn(int(first))

        return {"on_sorted_change": sort, "on_turned_change": turn}
