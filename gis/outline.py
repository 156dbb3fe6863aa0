"""Find what a surveyor would send back: spikes, short edges, crossings, repeats."""

from typing import Final

import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray
from pandas import DataFrame
from shapely.geometry.base import BaseGeometry

from gis.crs import CGCS2000, gauss_kruger_crs, require_crs
from gis.measure import plane_zone
from gis.words import Title

FAULTS: Final = {
    "self_crossing": Title("The outline crosses or touches itself"),
    "repeated_point": Title("A point stands twice in a row"),
    "short_edge": Title("An edge is very short"),
    "spike": Title("A spike: the outline turns back on itself"),
    "counterclockwise": Title("The outer ring is numbered counter-clockwise"),
    "hole_outside": Title("A hole reaches beyond its ring"),
}
"""Kinds of faults and what they are called."""

SHORT_M: Final = 0.1
SPIKE_DEGREES: Final = 5.0
_SAME_M: Final = 1e-4  # nearer points are one
_MOST: Final = 200  # faults of one kind told of one parcel
_Float = NDArray[np.float64]
_Row = dict[str, object]


def outline_faults(
    outlines: GeoSeries,
    *,
    short_m: float = SHORT_M,
    spike_degrees: float = SPIKE_DEGREES,
) -> DataFrame:
    """List the faults of outlines as they were handed in.

    Args:
        outlines: Polygons in any CRS, valid or not, shape (n,), by `parcel_id`.
        short_m: Edges shorter than this are told.
        spike_degrees: Corners sharper than this are told.

    Returns:
        A row for each fault: `parcel_id`, `kind` (see `FAULTS`), `value` (metres of
        an edge or between two points, degrees of a corner, NaN for others), `unit`,
        `lng`, `lat` (EPSG:4490), in the order of `outlines`.

    Raises:
        CrsError: `outlines` has no CRS, or lies outside the zones of China.
    """
    lonlat = require_crs(outlines).to_crs(CGCS2000)
    # The middle of the box: an outline that crosses itself has no centre of its own.
    boxes = GeoSeries(shapely.box(*lonlat.bounds.to_numpy().T), crs=CGCS2000)
    zones = plane_zone(boxes).to_numpy()
    names, rows = outlines.index.astype("str").tolist(), list[_Row]()
    for zone in np.unique(zones[zones > 0]):
        at = np.flatnonzero(zones == zone)
        there = GeoSeries(lonlat.to_numpy()[at], crs=CGCS2000)
        plane = there.to_crs(gauss_kruger_crs(int(zone))).to_numpy()
        for place, shape, degrees in zip(
            at.tolist(), plane, there.to_numpy(), strict=True
        ):
            limits = (short_m, spike_degrees)
            rows += [
                {"place": place, "parcel_id": names[place], **fault}
                for fault in _faults_of(shape, degrees, *limits)
            ]
    columns = ["place", "parcel_id", "kind", "value", "unit", "lng", "lat"]
    told = DataFrame(rows, columns=columns).sort_values("place", kind="stable")
    return told.drop(columns="place").reset_index(drop=True)


def _faults_of(
    shape: BaseGeometry, degrees: BaseGeometry, short_m: float, spike_degrees: float
) -> list[_Row]:
    """List the faults of one outline."""
    found: list[_Row] = []
    if not shapely.is_valid(shape):
        found.append(_invalid(degrees))
    for part, where in zip(
        shapely.get_parts(shape), shapely.get_parts(degrees), strict=True
    ):
        rings = shapely.get_rings(part)
        lonlats = shapely.get_rings(where)
        if shapely.is_ccw(rings[0]):
            lng, lat = shapely.get_coordinates(lonlats[0])[0]
            found.append(_fault("counterclockwise", np.nan, "", lng, lat))
        for ring, lonlat in zip(rings, lonlats, strict=True):
            found += _ring_faults(
                shapely.get_coordinates(ring),
                shapely.get_coordinates(lonlat),
                short_m,
                spike_degrees,
            )
    return found


def _invalid(degrees: BaseGeometry) -> _Row:
    """Tell where an outline crosses itself; the reason of GEOS names the point."""
    reason = shapely.is_valid_reason(degrees)
    if reason == "Valid Geometry":  # only so in the plane
        reason = ""
    kind = "hole_outside" if "Hole" in reason else "self_crossing"
    told = reason.partition("[")[2].rstrip("]").split()
    if len(told) >= 2:  # noqa: PLR2004 - x and y
        return _fault(kind, np.nan, "", float(told[0]), float(told[1]))
    lng, lat = shapely.get_coordinates(degrees)[0]
    return _fault(kind, np.nan, "", lng, lat)


def _ring_faults(
    xy: _Float, lonlat: _Float, short_m: float, spike_degrees: float
) -> list[_Row]:
    """List repeated points, short edges and spikes of one ring."""
    xy, lonlat = xy[:-1], lonlat[:-1]  # the first point closes the ring
    step = np.roll(xy, -1, axis=0) - xy
    length = np.hypot(step[:, 0], step[:, 1])
    same = np.flatnonzero(length <= _SAME_M)
    short = np.flatnonzero((length > _SAME_M) & (length < short_m))
    told = [
        *(_fault("repeated_point", length[at], "m", *lonlat[at]) for at in same),
        *(_fault("short_edge", length[at], "m", *lonlat[at]) for at in short),
    ][:_MOST]
    kept = length > _SAME_M
    corner, place = _corners(xy[kept]), np.flatnonzero(kept)
    sharp = np.flatnonzero(corner < spike_degrees)
    return [
        *told,
        *(
            _fault("spike", corner[at], "degrees", *lonlat[place[at]])
            for at in sharp[:_MOST]
        ),
    ]


def _corners(xy: _Float) -> _Float:
    """Measure the corner at each point of a ring, degrees, 0 to 180."""
    if len(xy) < 3:  # noqa: PLR2004 - a ring
        return np.zeros(0)
    back, forth = np.roll(xy, 1, axis=0) - xy, np.roll(xy, -1, axis=0) - xy
    cross = back[:, 0] * forth[:, 1] - back[:, 1] * forth[:, 0]
    dot = (back * forth).sum(axis=1)
    return np.asarray(np.degrees(np.abs(np.arctan2(cross, dot))))


def _fault(kind: str, value: float, unit: str, lng: float, lat: float) -> _Row:
    return {
        "kind": kind,
        "value": float(value),
        "unit": unit,
        "lng": float(lng),
        "lat": float(lat),
    }
