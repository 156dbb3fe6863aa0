"""What a criterion of a need answered, for all parcels and for one."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gis.units import Numbers
from siting.asked import Asked
from siting.columns import Coded, Readable
from siting.compare import (
    FAIL,
    NOT_CHECKED,
    PASS,
    STATES,
    Mask,
    Places,
    States,
    Verdict,
)
from siting.criterion import Criterion
from siting.note import Note


@dataclass(frozen=True)
class Answer:
    """A criterion of a need, answered for all parcels.

    Attributes:
        name: Unlike any other's in the need: "clear_of:farmland".
        asked: The criterion as the need asks it.
        verdict: What it answered.
        keeps_unknown: Whether parcels that were not checked stay.
        weight: Of a factor, 0 for constraints.
    """

    name: str
    asked: Asked
    verdict: Verdict
    keeps_unknown: bool = True
    weight: float = 0.0

    @property
    def criterion(self) -> Criterion:
        """The criterion."""
        return self.asked.criterion

    @property
    def use(self) -> str:
        """Name of the criterion."""
        return self.asked.use

    @property
    def kind(self) -> str:
        """What it is: "constraint" or "factor"."""
        return self.criterion.kind

    @property
    def title(self) -> str:
        """What people read, an English msgid."""
        return self.criterion.title

    @property
    def layer(self) -> str:
        """The layer asked about, "" where it is none."""
        return self.asked.layer

    @property
    def unit(self) -> str:
        """Unit of value, threshold and gap."""
        return self.verdict.unit

    @property
    def state(self) -> States:
        """1 pass, 0 fail, -1 not checked; int8, shape (n,)."""
        return self.verdict.state

    @property
    def value(self) -> Readable:
        """Values as shown and compared, shape (n,)."""
        return self.verdict.value

    @property
    def threshold(self) -> Any:  # noqa: ANN401 - number, range, words
        """What the need asks, JSON-able."""
        return self.verdict.threshold

    @property
    def gap(self) -> Numbers:
        """Signed, in `unit`, 0 or more passes; NaN where there is none; shape (n,)."""
        return self.verdict.gap

    @property
    def share(self) -> Numbers | None:
        """Of a factor: 0 to 1, NaN unknown, shape (n,)."""
        return self.verdict.share

    @property
    def evidence(self) -> Coded | None:
        """What the layer proves about each parcel, in words."""
        return self.verdict.evidence

    @property
    def remarks(self) -> tuple[Note, ...]:
        """What to know about the whole answer."""
        return self.verdict.remarks

    @cached_property
    def blocks(self) -> Mask:
        """Which parcels it excludes, shape (n,)."""
        return np.asarray(
            self.state == FAIL if self.keeps_unknown else self.state < PASS
        )

    @cached_property
    def unknown(self) -> Mask:
        """Which parcels were not checked, shape (n,)."""
        return np.asarray(self.state == NOT_CHECKED)

    def blocks_at(self, places: Places) -> Mask:
        """Tell which of some parcels it excludes, shape (m,)."""
        states = self.verdict.states(places)
        return np.asarray(states == FAIL if self.keeps_unknown else states < PASS)

    def unknown_at(self, places: Places) -> Mask:
        """Tell which of some parcels were not checked, shape (m,)."""
        return np.asarray(self.verdict.states(places) == NOT_CHECKED)

    def state_at(self, place: int) -> str:
        """Return "pass", "fail" or "not_checked" of a parcel."""
        return STATES[int(self.verdict.states(slice(place, place + 1))[0])]

    def share_at(self, place: int) -> float | None:
        """Return the share of a parcel, None where there is none."""
        shares = self.verdict.shares(slice(place, place + 1))
        return None if shares is None or np.isnan(shares[0]) else float(shares[0])

    def value_at(self, place: int) -> Any:  # noqa: ANN401 - number, word, object
        """Return the value of a parcel, JSON-able; None where it is unknown."""
        return plain(self.verdict.reads[place])

    def gap_at(self, place: int) -> float | None:
        """Return the gap of a parcel, None where there is none."""
        (gap,) = self.verdict.gaps(slice(place, place + 1))
        return None if np.isnan(gap) else float(gap)

    def is_below(self, place: int) -> bool:
        """Tell whether what a parcel misses is the lower limit."""
        return bool(self.verdict.below(slice(place, place + 1)).all())

    def beside_at(self, place: int) -> dict[str, Any]:
        """Return further figures about a parcel, by fact name."""
        beside = self.verdict.beside
        return {name: plain(values[place]) for name, values in beside.items()}

    def notes_at(self, place: int) -> tuple[Note, ...]:
        """Return what to know about the answer to one parcel."""
        flags = tuple(note for note, told in self.verdict.flags if told(place))
        return (*self.remarks, *flags)


def plain(value: Any) -> Any:  # noqa: ANN401 - number, word, object
    """Turn a value into what JSON holds; NaN becomes None."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, float | np.floating):
        return None if not np.isfinite(value) else float(value)
    return value
