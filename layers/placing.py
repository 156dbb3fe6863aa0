"""Agree where on earth a boundary lies: from the file, by its numbers, or by a person.

Nothing is guessed in silence. What the file tells is taken and checked against the
region; what its numbers allow is offered; where both fail, somebody must say.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray
from pandas import Series
from pyproj import CRS
from pyproj.exceptions import CRSError

from gis.crs import CGCS2000, gauss_kruger_crs, require_inside, zone_of_code
from gis.errors import CrsError, LayerError
from gis.repair import SEPARATOR, mend
from gis.words import Title
from layers.boundary import Boundary, Remark
from layers.region import Region
from layers.submission import Submission

FROM_FILE: Final = Title("as the file says")
BY_PERSON: Final = Title("chosen by a person")
MENDED: Final = Title("Parcel {parcel}: {what}.")
UNUSABLE: Final = Title("Parcel {parcel} was left out: {what}.")
FIRST_ZONE, LAST_ZONE = 25, 45
READ_DIGITS: Final = 6  # of a coordinate in a sentence
_Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Choice:
    """A CRS that a boundary may be in.

    Attributes:
        crs: "EPSG:4545".
        zone: The 3-degree zone; 0 for degrees.
        inside: Whether all of it would lie in the region.
        box: West, south, east, north it would have, EPSG:4490.
    """

    crs: str
    zone: int
    inside: bool
    box: tuple[float, float, float, float]


def needs_choice(boundary: Boundary) -> bool:
    """Tell whether some parcel's CRS is not told by the file."""
    return bool((boundary.parcels["crs"] == "").any())


def choices(boundary: Boundary, region: Region) -> list[Choice]:
    """List the CRSs that parcels of unknown CRS may be in.

    Args:
        boundary: What was read.
        region: Where it should lie.

    Returns:
        Degrees where the numbers may be degrees, else the 3-degree zones of CGCS2000
        that give coordinates in China; those inside the region come first.
    """
    unknown = boundary.parcels[boundary.parcels["crs"] == ""].geometry
    if unknown.empty:
        return []
    shapes = unknown.to_numpy()
    found = [one for code in _codes(shapes) if (one := _tried(shapes, code, region))]
    return sorted(found, key=lambda one: (not one.inside, one.crs))


def place(
    boundary: Boundary,
    *,
    name: str,
    data: bytes,
    region: Region,
    crs: str = "",
    precision_m: float | None = None,
) -> Submission:
    """Bring a boundary to EPSG:4490, mended, and say how.

    Args:
        boundary: What was read.
        name: Name of the file as it was sent.
        data: Its bytes.
        region: Where it has to lie.
        crs: What a person chose for parcels whose CRS the file does not tell.
        precision_m: What a person says of the boundary's exactness; the file's own
            word if not told.

    Returns:
        The submission.

    Raises:
        CrsError: A parcel's CRS is not known, cannot be what it is said to be, or the
            parcels lie outside the region.
        LayerError: No parcel is left that could be measured.
    """
    told = boundary.parcels["crs"].astype("str")
    codes = told.where(told != "", crs)
    if (codes == "").any():
        error = _unknown(boundary, region)
        raise error
    shapes = _in_degrees(boundary.parcels, codes.to_numpy(dtype=object), region)
    mended = mend(shapes)
    remarks = [*boundary.remarks, *_mends(mended.geometry, mended.what)]
    columns = boundary.parcels.drop(columns="geometry").assign(crs=codes.to_numpy())
    frame = GeoDataFrame(columns, geometry=shapes.to_numpy(), crs=CGCS2000)
    frame = frame.assign(outline=shapes.to_numpy())
    frame = frame.set_geometry(mended.geometry.to_numpy(), crs=CGCS2000)
    frame = frame.set_index("parcel_id")
    kept = frame[~frame.geometry.isna() & (shapely.area(frame.geometry.to_numpy()) > 0)]
    if kept.empty:
        raise LayerError(
            "The file {file} holds no parcel with an area: {why}.",
            file=name,
            why=" ".join(sorted(set(mended.what) - {""})) or "-",
        )
    chosen = crs and (told == "").any()
    return Submission(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        kind=boundary.kind,
        encoding=boundary.encoding,
        parcels=kept,
        precision_m=boundary.precision_m if precision_m is None else precision_m,
        crs_from=BY_PERSON if chosen else FROM_FILE,
        remarks=tuple(remarks),
        told=boundary.told,
    )


def _mends(geometry: GeoSeries, what: Series) -> Iterator[Remark]:
    """Tell what was mended of each parcel."""
    for key, said, shape in zip(geometry.index, what, geometry, strict=True):
        words = said.split(SEPARATOR) if said else []
        for word in words if shape else words[-1:]:  # the last is why nothing is left
            yield Remark(
                MENDED if shape else UNUSABLE,
                {"parcel": key, "what": Title(word)},
                kind="mended" if shape else "refused",
                parcel=str(key),
            )


def _in_degrees(
    parcels: GeoDataFrame, codes: NDArray[np.object_], region: Region
) -> GeoSeries:
    """Project parcels, each from its own CRS, and see that they lie in the region."""
    keys = parcels["parcel_id"].astype("str").to_numpy()
    shapes = parcels.geometry.to_numpy()
    lonlat = np.full(len(shapes), None, dtype=object)
    for code in dict.fromkeys(codes):
        rows = np.flatnonzero(codes == code)
        given = GeoSeries(shapes[rows], index=keys[rows], crs=_known(str(code)))
        require_inside(given, region.box)
        lonlat[rows] = given.to_crs(CGCS2000).to_numpy()
    return GeoSeries(lonlat, index=keys, crs=CGCS2000)


def _known(code: str) -> CRS:
    """Read a CRS that was chosen or told."""
    try:
        return CRS.from_user_input(code)
    except CRSError:
        raise CrsError(
            "{crs} is no CRS that is known: choose one of those offered.", crs=code[:80]
        ) from None


def _unknown(boundary: Boundary, region: Region) -> CrsError:
    """Say that nobody told the CRS, and what it may be."""
    found = choices(boundary, region)
    inside = [one.crs for one in found if one.inside]
    first = shapely.get_coordinates(boundary.parcels.geometry.to_numpy())[0]
    x, y = (round(value, READ_DIGITS) for value in first.tolist())
    if inside:
        return CrsError(
            "The file does not say which CRS its coordinates are in; read ({x}, {y}). "
            "They would lie in the region as {crs}: choose one.",
            x=x,
            y=y,
            crs=", ".join(inside),
        )
    return CrsError(
        "The file does not say which CRS its coordinates are in; read ({x}, {y}), and "
        "no 3-degree zone puts them into the region. Check the coordinates and the "
        "order of the axes.",
        x=x,
        y=y,
    )


def _codes(shapes: _Shapes) -> Iterator[str]:
    """Name the CRSs whose range of numbers fits."""
    west, south, east, north = shapely.total_bounds(shapes)
    if not np.isfinite([west, south, east, north]).all():
        return
    if abs(east) <= 180 and abs(north) <= 90 and abs(west) <= 180:  # noqa: PLR2004 - degrees
        yield CGCS2000
        return
    for zone in range(FIRST_ZONE, LAST_ZONE + 1):
        prefixed = west >= zone * 1e6 and east < (zone + 1) * 1e6
        plain = west >= 0 and east < 1e6  # noqa: PLR2004 - metres of a zone
        if prefixed or plain:
            yield gauss_kruger_crs(zone, prefixed=prefixed)


def _tried(shapes: _Shapes, code: str, region: Region) -> Choice | None:
    """See where shapes would lie; None where that is no place in their zone."""
    corners = shapely.box(*shapely.total_bounds(shapes))
    lonlat = GeoSeries([corners], crs=code).to_crs(CGCS2000).total_bounds
    if not np.isfinite(lonlat).all():
        return None
    west, south, east, north = (float(edge) for edge in lonlat)
    zone = zone_of_code(code)
    if zone and not (3 * zone - 2.0 <= west and east <= 3 * zone + 2.0):
        return None
    low_x, low_y, high_x, high_y = region.box
    inside = low_x <= west and low_y <= south and east <= high_x and north <= high_y
    return Choice(code, zone, inside, (west, south, east, north))


def exchanged(boundary: Boundary) -> Boundary:
    """Exchange x and y of all parcels, as a person asked for.

    Args:
        boundary: What was read.

    Returns:
        The same parcels with their axes exchanged, and a remark that says so.
    """
    shapes = shapely.transform(
        boundary.parcels.geometry.to_numpy(), lambda xy: xy[:, ::-1]
    )
    parcels = boundary.parcels.set_geometry(GeoSeries(shapes)).assign(crs="")
    remark = Remark(Title("X and Y were exchanged, as asked for."), kind="mended")
    return replace(
        boundary,
        parcels=parcels,
        swapped=False,
        remarks=(*boundary.remarks, remark),
    )
