"""Find where a layer has been looked for: its coverage, from what it declares."""

import hashlib
from pathlib import Path

import shapely
from geopandas import GeoDataFrame
from shapely.geometry.base import BaseGeometry

from gis.crs import CGCS2000
from gis.errors import LayerError
from gis.words import Title
from layers.layer import Layer
from layers.readers.vector import read_vector
from layers.region import Region
from layers.store import LayerStore, sha256

SELF = "self"
BOX = "box"
LAYER = "layer:"
NO_AREA = Title(
    'The coverage {origin} is no polygon: declare one, or "box", "self" or '
    '"layer:<name>".'
)
# Only of these does LandMap ask how far the maker looked.
ASKED = {"zoning", "constraint", "infrastructure"}


def coverage_origin(layer: Layer, source: Path) -> str:
    """Tell where a layer's coverage comes from.

    Args:
        layer: The declaration.
        source: The layer's file.

    Returns:
        "box", "self", "layer:<name>", WKT, or the path of a file.

    Raises:
        LayerError: A measured layer declares none and has no file beside it.
    """
    if layer.coverage:
        return layer.coverage
    beside = source.with_name(f"{source.stem}.coverage.parquet")
    if beside.is_file():
        return str(beside)
    if layer.role in ASKED:
        raise LayerError(
            "Where has {layer} been looked for? Declare `coverage` in {layer}.toml "
            '("box", "self", "layer:<name>", WKT or a file) or put {file} beside it.',
            layer=layer.name,
            file=beside.name,
        )
    return SELF


def coverage_digest(origin: str, store: LayerStore) -> str:
    """Hash a coverage before it is read, so that a version is known beforehand.

    Args:
        origin: Where it comes from.
        store: The layers, for "layer:<name>".

    Returns:
        A hash that changes when the coverage does (for "self" and "box" the layer's
        own hash and the region's say it already).

    Raises:
        LayerError: The coverage names a layer or a file that is not there.
    """
    if origin.startswith(LAYER):
        told = origin + store.version(origin.removeprefix(LAYER))
    elif _is_file(origin):
        told = sha256(_existing(origin))
    else:
        told = origin
    return hashlib.sha256(told.encode()).hexdigest()


def read_coverage(
    origin: str, frame: GeoDataFrame, *, store: LayerStore, region: Region
) -> BaseGeometry:
    """Read a layer's coverage.

    Args:
        origin: Where it comes from.
        frame: The layer's rows, EPSG:4490.
        store: The layers, for "layer:<name>".
        region: The region, for "box".

    Returns:
        A valid polygon or multipolygon, EPSG:4490.

    Raises:
        LayerError: The coverage is no polygon, or its file has no CRS.
    """
    if origin == BOX:
        return region.outline
    if origin == SELF:
        return _area(shapely.union_all(frame.geometry.to_numpy()), origin)
    if origin.startswith(LAYER):
        other = store.read(origin.removeprefix(LAYER), columns=())
        return _area(shapely.union_all(other.geometry.to_numpy()), origin)
    if not _is_file(origin):
        try:
            return _area(shapely.from_wkt(origin), origin)
        except shapely.GEOSException as error:
            raise LayerError(NO_AREA, origin=origin[:80]) from error
    outline = read_vector(_existing(origin))
    if outline.crs is None:
        raise LayerError("The coverage file {file} has no CRS.", file=origin)
    lonlat = outline.geometry.to_crs(CGCS2000).to_numpy()
    return _area(shapely.union_all(shapely.make_valid(lonlat)), origin)


def _is_file(origin: str) -> bool:
    """Tell a path from words and WKT."""
    return origin not in {BOX, SELF} and "(" not in Path(origin).name


def _existing(origin: str) -> Path:
    file = Path(origin)
    if not file.is_file():
        raise LayerError("The coverage file {file} does not exist.", file=file)
    return file


def _area(shape: BaseGeometry, origin: str) -> BaseGeometry:
    """Keep the polygons of a shape."""
    valid = shapely.make_valid(shape)
    parts = shapely.get_parts(shapely.get_parts(valid))
    polygons = parts[shapely.get_dimensions(parts) == 2]  # noqa: PLR2004 - polygons
    if not len(polygons):
        raise LayerError(NO_AREA, origin=origin[:80])
    return shapely.union_all(polygons)
