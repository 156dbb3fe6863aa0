"""What a factor is worth to each parcel: told first, reckoned when asked."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from gis.units import Numbers
from siting.measures import Places
from siting.trials import States, Trial


class Worth(ABC):
    """A share of a factor's weight for each parcel."""

    @abstractmethod
    def at(self, places: Places) -> Numbers:
        """Return the shares of some parcels.

        Args:
            places: Which; m of them.

        Returns:
            0 to 1, NaN unknown, shape (m,).
        """


@dataclass(frozen=True)
class Figured(Worth):
    """A share of a figure x: 1 - x/scale, 1 - |x - ideal|/scale, or x itself.

    Attributes:
        raw: The figure, NaN unknown, shape (n,).
        scale: What takes all points away; None where the figure is the share.
        ideal: The best figure; None where less is always better.
        greatest: No share is more; infinite where nobody looked.
    """

    raw: Numbers
    scale: float | None = None
    ideal: float | None = None
    greatest: float = np.inf

    def at(self, places: Places) -> Numbers:
        """Reckon the shares; those of a scale are cut to 0 to 1."""
        raw = self.raw[places]
        if self.scale is None:
            return raw
        away = raw if self.ideal is None else np.abs(raw - self.ideal)
        share = 1 - away / self.scale
        cut: Numbers = np.clip(share, 0.0, 1.0, out=share)
        return cut

    @property
    def form(self) -> Numbers:
        """The same as the loop takes it: kind, ideal, scale."""
        kind = 2.0 if self.scale is None else float(self.ideal is not None)
        return np.array([kind, self.ideal or 0.0, self.scale or 1.0])


@dataclass(frozen=True)
class Stated(Worth):
    """All points for a pass, none for a failure.

    Attributes:
        trial: The factor's own.
    """

    trial: Trial

    def at(self, places: Places) -> Numbers:
        """Take the states as shares."""
        states: States = self.trial.at(places)
        return np.where(states < 0, np.nan, states * 1.0)
