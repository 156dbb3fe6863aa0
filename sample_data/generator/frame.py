"""The real frame: boundaries, roads, railways, settlements."""

from dataclasses import dataclass
from functools import cached_property

import shapely
from geopandas import GeoDataFrame
from pandas import DataFrame
from shapely.geometry.base import BaseGeometry

from sample_data.generator.boundaries import read_boundaries
from sample_data.generator.draw import Floats
from sample_data.generator.network import read_network
from sample_data.generator.plane import to_plane
from sample_data.generator.settlements import read_settlements

LEVELS = ("province", "prefecture", "county")
LINES = ("expressway", "railway")


@dataclass(frozen=True)
class Frame:
    """What is real in the sample province.

    Attributes:
        layers: Frames in EPSG:4490 by layer name.
    """

    layers: dict[str, GeoDataFrame]

    @cached_property
    def outline(self) -> BaseGeometry:
        """The province on the plane."""
        return to_plane(self.layers["province"].geometry).iloc[0]

    @cached_property
    def bounds(self) -> Floats:
        """Left, bottom, right, top of the province on the plane, metres."""
        return shapely.bounds(self.outline)

    @cached_property
    def counties(self) -> dict[str, BaseGeometry]:
        """Counties on the plane by code."""
        table = self.layers["county"]
        return dict(zip(table["code"], to_plane(table.geometry), strict=True))

    @cached_property
    def settlements(self) -> DataFrame:
        """Names of real settlements and their places on the plane."""
        return read_settlements()

    def lines(self, kind: str) -> list[BaseGeometry]:
        """Expressways or railways on the plane."""
        return list(to_plane(self.layers[kind].geometry))


def read_frame() -> Frame:
    """Read the real frame out of the packages and the drawn networks."""
    layers = {level: read_boundaries(level) for level in LEVELS}
    layers |= {kind: read_network(kind) for kind in LINES}
    return Frame(layers)
