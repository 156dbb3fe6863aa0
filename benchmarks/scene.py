"""The same data for everybody: parcels and layers on one equal-area plane."""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries, read_parquet
from numpy.typing import NDArray
from pyproj import CRS

from gis.plane import project
from gis.rings import Rings, rings_of
from layers.region import read_region
from sample_data.generator.province import generate

SHIPPED = Path(__file__).resolve().parents[1] / "sample_data"
CONTROL_LINES = ("farmland", "redline", "urban_boundary", "geohazard")
NEAREST = ("interchange", "freight_yard", "substation", "water_plant", "expressway")
SMALL = 30  # coordinates of a small simple polygon
Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Scene:
    """Parcels and layers in memory.

    Attributes:
        parcels: Valid polygons, metres on `crs`, shape (n,).
        layers: Valid polygons by layer, dissolved: ground counts once.
        targets: Points and lines by layer.
        crs: The equal-area plane.
    """

    parcels: Shapes
    layers: dict[str, Shapes]
    targets: dict[str, Shapes]
    crs: CRS

    @cached_property
    def rings(self) -> Rings:
        """The parcels as bare coordinates."""
        return rings_of(self.parcels)

    def __len__(self) -> int:
        """Count the parcels."""
        return len(self.parcels)

    def small(self) -> "Scene":
        """Keep the small simple polygons of the layers."""
        kept = {
            name: shapes[shapely.get_num_coordinates(shapes) <= SMALL]
            for name, shapes in self.layers.items()
        }
        return Scene(self.parcels, kept, self.targets, self.crs)

    def finer(self, every_m: float) -> "Scene":
        """Put vertices on the layers' edges, so that none is longer."""
        finer = {
            name: shapely.segmentize(one, every_m) for name, one in self.layers.items()
        }
        return Scene(self.parcels, finer, self.targets, self.crs)

    def frame(self, shapes: Shapes) -> GeoDataFrame:
        """Put shapes into a frame with their places as `id`."""
        ids = np.arange(len(shapes))
        return GeoDataFrame({"id": ids}, geometry=shapes, crs=self.crs)


def cache() -> Path:
    """Return the folder where samples are kept between runs."""
    given = os.environ.get("LANDMAP_BENCHMARKS")
    folder = Path(given or Path(tempfile.gettempdir()) / "landmap-benchmarks")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def sample(count: int, data: Path | None = None) -> Path:
    """Find or make a sample of at least `count` parcels: its folder of layers.

    Args:
        count: How many parcels; up to 20,000 the shipped sample serves.
        data: A sample somebody made; it is taken as it is.

    Returns:
        A folder with `parcels.parquet` and the other layers.
    """
    if data is not None:
        return data / "layers"
    if count <= 20_000:  # noqa: PLR2004 - as many as are shipped
        return SHIPPED / "layers"
    home = cache() / f"sample-{count}"
    if not (home / "ledger.json").is_file():
        generate(home, parcels=count, seed=1)
    return home / "layers"


def read_scene(
    folder: Path, count: int, *, layers: Sequence[str] = CONTROL_LINES
) -> Scene:
    """Read the first `count` sound parcels and the layers of a sample.

    Args:
        folder: What `sample` gave.
        count: How many parcels at most.
        layers: Layers of polygons to read.

    Returns:
        All of it on the sample province's equal-area plane.
    """
    crs = read_region().equal_area_crs
    table = read_parquet(folder / "parcels.parquet", columns=["geometry"]).iloc[:count]
    parcels = _flat(table.geometry.to_numpy(), crs)
    return Scene(
        parcels[shapely.is_valid(parcels)],
        {name: _dissolved(folder / f"{name}.parquet", crs) for name in layers},
        {name: _targets(folder / f"{name}.parquet", crs) for name in NEAREST},
        crs,
    )


def _targets(path: Path, crs: CRS) -> Shapes:
    """Read points or lines."""
    return _flat(read_parquet(path, columns=["geometry"]).geometry.to_numpy(), crs)


def _flat(shapes: Shapes, crs: CRS) -> Shapes:
    """Project shapes given in degrees."""
    flat: Shapes = shapely.transform(
        shapes, lambda xy: np.column_stack(project(xy[:, 0], xy[:, 1], crs))
    )
    return flat


def _dissolved(path: Path, crs: CRS) -> Shapes:
    """Read a layer of polygons, united where they overlap; kept between runs."""
    told = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    kept = cache() / f"{path.stem}-{told}.parquet"
    if not kept.is_file():
        shapes = shapely.make_valid(_targets(path, crs))
        parts = shapely.get_parts(shapely.union_all(shapes))
        parts = parts[shapely.get_dimensions(parts) == 2]  # noqa: PLR2004 - areas
        GeoSeries(parts, crs=crs).to_frame("geometry").to_parquet(kept)
    return read_parquet(kept).geometry.to_numpy()
