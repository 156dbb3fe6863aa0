"""Edges of a coverage that layers share: looked for once, told to each as if alone."""

from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pandas import RangeIndex, Series

from layers.facts_kernel import Edges

METRES = st.one_of(st.none(), st.floats(0.0, 100.0))
PARCELS = 4
ROWS = st.lists(METRES, min_size=PARCELS, max_size=PARCELS)
LAND = SimpleNamespace(index=RangeIndex(PARCELS))


class Outline:
    """A coverage whose edge is so far from each parcel, None where it is outside."""

    def __init__(self, origin: str, away: list[float | None]) -> None:
        self.origin, self.away = origin, np.array(away, dtype=float)
        self.asked = 0

    def edge(self, _land: object, _covered: object, found: Series) -> Series:
        """Answer as `GridCover.edge` does."""
        reach = found.to_numpy()
        self.asked += int((~np.isnan(reach)).sum())
        near = np.where(self.away <= reach, self.away, np.inf)
        return Series(np.where(np.isnan(self.away) | np.isnan(reach), np.nan, near))


def series(metres: list[float | None]) -> Series:
    return Series(np.array(metres, dtype=float))


@given(near=ROWS, far=ROWS, layers=st.lists(ROWS, min_size=1, max_size=5))
def test_each_layer_learns_the_same_as_if_it_asked_alone(near, far, layers) -> None:
    edges = Edges()

    for number, found in enumerate(map(series, layers)):
        cover = Outline(f"{number % 2}", (near, far)[number % 2])
        together = edges.metres(LAND, cover, None, found)
        alone = cover.edge(LAND, None, found)

        asked = found.notna()
        assert (found <= together).tolist() == (found <= alone).tolist()
        assert together.isna()[asked].tolist() == alone.isna()[asked].tolist()


def test_what_one_layer_found_out_is_not_looked_for_again() -> None:
    edges, cover = Edges(), Outline("province", [5.0, 50.0, None, 50.0])

    edges.metres(LAND, cover, None, series([10.0, 10.0, 10.0, 90.0]))
    assert cover.asked == PARCELS
    second = edges.metres(LAND, cover, None, series([7.0, 9.0, 1.0, 20.0]))

    assert cover.asked == PARCELS + 1  # the one outside is nowhere kept
    assert second.tolist()[:2] == [5.0, np.inf]
    assert second.tolist()[3] == 50.0
