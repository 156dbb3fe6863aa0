"""Suspect that land was drawn on a shifted map: it fits known land better unshifted."""

from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray
from pandas import Series
from shapely import STRtree

from gis.crs import CGCS2000
from gis.gcj02 import unshifted
from gis.words import Title
from layers.boundary import Remark
from layers.catalog import Catalog
from layers.region import Region
from layers.store import LayerStore
from layers.submission import Submission

# Known land fits when it and what was handed in are mostly the same ground, and what
# does not fit is less than half of what does not where the land was said to lie.
FITS: Final = 0.7
HALF: Final = 0.5
ASKED: Final = ("parcel", "boundary")
MOST: Final = 2_000  # parcels that are compared; more tell no more
_SPARE_DEGREES: Final = 0.01  # some 1 km: farther than the shift
SUSPECTED: Final = Title(
    "The land looks shifted as maps in GCJ-02 are: it has {before} of its ground in"
    " common with known land, and {after} with the offset undone. Nothing was changed."
)
CORRECTED: Final = Title("The offset of GCJ-02 was undone, as asked for.")


class Suspicion(NamedTuple):
    """What was found when land was compared with known land.

    Args:
        before: Share of common ground where the land was said to lie, 0 to 1.
        after: The same with the shift of GCJ-02 undone.
        against: Name of the layer compared with; "" where nothing was near.
    """

    before: float
    after: float
    against: str

    @property
    def suspected(self) -> bool:
        """Whether the land looks shifted."""
        misfit = HALF * (1.0 - self.before)
        return self.after >= FITS and 1.0 - self.after < misfit


def suspect_shift(
    submission: Submission, store: LayerStore, catalog: Catalog, region: Region
) -> Suspicion:
    """Compare land with known parcels and outlines, as it lies and unshifted.

    Args:
        submission: The land.
        store: The layers.
        catalog: Their declarations.
        region: Tells the plane.

    Returns:
        The comparison with the layer that fits best.

    Raises:
        StoreError: A layer is damaged.
    """
    shapes = submission.parcels.geometry.to_numpy()[:MOST]
    there = GeoSeries(shapes, crs=CGCS2000)
    back = unshifted(there)
    west, south, east, north = there.total_bounds
    spare = _SPARE_DEGREES
    box = (west - spare, south - spare, east + spare, north + spare)
    best = Suspicion(0.0, 0.0, "")
    loaded = store.versions()
    for layer in catalog.values():
        if layer.role not in ASKED or layer.name not in loaded:
            continue
        known = store.read(layer.name, columns=[], box=box).geometry
        if known.empty:
            continue
        plane = region.equal_area_crs
        ground = known.to_crs(plane).to_numpy()
        now, then = (
            _likeness(one.to_crs(plane).to_numpy(), ground) for one in (there, back)
        )
        if max(now, then) > max(best.before, best.after):
            best = Suspicion(now, then, layer.name)
    return best


def with_suspicion(submission: Submission, found: Suspicion) -> Submission:
    """Say in the remarks that land looks shifted.

    Args:
        submission: The land.
        found: The comparison.

    Returns:
        The same land, with a remark that offers the cure.
    """
    told = {"before": f"{found.before:.0%}", "after": f"{found.after:.0%}"}
    remark = Remark(SUSPECTED, told, kind="offered")
    return replace(submission, remarks=(*submission.remarks, remark))


def corrected(submission: Submission) -> Submission:
    """Undo the shift of GCJ-02, as a person asked for.

    Args:
        submission: The land.

    Returns:
        The same land where it lies on the ground, and a remark that says so.
    """
    parcels = submission.parcels
    moved = unshifted(parcels.geometry)
    drawn = GeoSeries(parcels["outline"].to_numpy(dtype=object), crs=CGCS2000)
    frame = parcels.set_geometry(moved.to_numpy(), crs=CGCS2000)
    return replace(
        submission,
        parcels=frame.assign(outline=unshifted(drawn).to_numpy()),
        remarks=(*submission.remarks, Remark(CORRECTED, kind="mended")),
    )


def _likeness(ours: NDArray[np.object_], known: NDArray[np.object_]) -> float:
    """Tell how much ground shapes have in common with the best of those known."""
    row, other = STRtree(known).query(ours, predicate="intersects")
    if not len(row):
        return 0.0
    shared = shapely.area(shapely.intersection(ours[row], known[other]))
    either = shapely.area(ours[row]) + shapely.area(known[other]) - shared
    best = Series(shared / either).groupby(row).max()
    return float(best.sum() / len(ours))
