"""Land available beside land wanted, by county and prefecture: pure figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pandas import DataFrame, Index

from gis.words import Title
from ledger.demand_figures import DemandFigure
from reports.tables_xlsx import Table
from ui.i18n import t

M2_PER_MU = 10_000 / 15


@dataclass(frozen=True)
class Beside:
    """Supply and demand of a place, in mu.

    Attributes:
        region: Code of the place.
        available_mu: Land of known parcels that nobody holds.
        demand: What its projects want.
    """

    region: str
    available_mu: float
    demand: DemandFigure

    @property
    def short_mu(self) -> float:
        """How much the demand unmet is above the land available; 0 where it is not."""
        return max(self.demand.unmet_mu - self.available_mu, 0.0)


def available_mu(table: DataFrame, held_m2: Mapping[str, float]) -> dict[str, float]:
    """Add up the parcels' land that nobody holds, by county.

    Args:
        table: Facts of the parcels, by parcel; needs `county_code` and `area_m2`.
        held_m2: Land that claims hold, by the parcel they name; a parcel of which a
            part is held counts with the rest.

    Returns:
        Mu by code of the county. Claims that name parcels not in the table, as after a
        split, take nothing off.
    """
    area = np.array(table["area_m2"], dtype=np.float64)
    places = table.index.get_indexer(Index(list(held_m2), dtype=str))
    known = places >= 0
    held = np.array(list(held_m2.values()), dtype=np.float64)
    np.subtract.at(area, places[known], held[known])
    free = DataFrame({
        "county": table["county_code"].to_numpy(),
        "mu": np.maximum(np.nan_to_num(area), 0.0) / M2_PER_MU,
    })
    return {str(k): float(v) for k, v in free.groupby("county")["mu"].sum().items()}


def beside(
    supply: Mapping[str, float], demand: Iterable[DemandFigure], *, whole: bool
) -> list[Beside]:
    """Lay supply beside demand.

    Args:
        supply: Land available by county, in mu.
        demand: Figures by county, or by prefecture where `whole`.
        whole: Whether places are prefectures.

    Returns:
        A line for each place that has any, the largest demand unmet first.
    """
    found: dict[str, float] = {}
    for county, area in supply.items():
        place = f"{county[:4]}00" if whole else county
        found[place] = found.get(place, 0.0) + area
    figures = {one.region: one for one in demand}
    lines = [
        Beside(place, found.get(place, 0.0), figures.get(place, DemandFigure(place)))
        for place in {*found, *figures}
    ]
    return sorted(lines, key=lambda one: (-one.demand.unmet_mu, one.region))


def beside_table(lines: Sequence[Beside], names: Mapping[str, str]) -> Table:
    """Write supply beside demand as a table.

    Args:
        lines: The places.
        names: Names of places by code.

    Returns:
        The table, in the reader's language.
    """
    columns = (
        Title("Place"),
        Title("Place code"),
        Title("Land available (mu)"),
        Title("Demand unmet (mu)"),
        Title("waiting for land (mu)"),
        Title("matched (mu)"),
        Title("in approval (mu)"),
        Title("Demand met (mu)"),
        Title("Short of land (mu)"),
    )
    return Table(
        t("Supply and demand"),
        [t(one) for one in columns],
        [
            [
                names.get(one.region, one.region),
                one.region,
                round(one.available_mu, 2),
                round(one.demand.unmet_mu, 2),
                round(one.demand.open_mu, 2),
                round(one.demand.matched_mu, 2),
                round(one.demand.approval_mu, 2),
                round(one.demand.met_mu, 2),
                round(one.short_mu, 2),
            ]
            for one in lines
        ],
    )
