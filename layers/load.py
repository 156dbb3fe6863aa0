"""Load one layer: read, rename, mend, validate, project, swap into the store."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import geopandas
from geopandas import GeoDataFrame, GeoSeries
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from gis.crs import CGCS2000
from gis.errors import LayerError
from gis.measure import ellipsoidal_area
from gis.words import Title
from layers.big_load import load_big
from layers.coverage import SELF, coverage_digest, coverage_origin, read_coverage
from layers.geoparquet import source_name_of
from layers.layer import Layer
from layers.manifest import Manifest
from layers.readers.big_parquet import STREAM_FROM, BigParquet, open_big
from layers.readers.vector import SILENT_CRS, read_vector
from layers.region import Region
from layers.rows import accept_rows
from layers.store import DATA, LayerStore, sha256

Say = Callable[[str, Mapping[str, object]], None]

# Raised whenever the same file would be read into other rows.
READER: Final = "2"


def silent(_msgid: str, _values: Mapping[str, object]) -> None:
    """Report progress to nobody."""


def load_layer(
    layer: Layer,
    *,
    store: LayerStore,
    region: Region,
    path: Path | None = None,
    say: Say | None = None,
) -> Manifest:
    """Load a layer's file into the store.

    The version is a hash of file, declaration, coverage and region: the same input
    is the same version, and an intact version is not read again.

    Args:
        layer: The declaration.
        store: Where it goes.
        region: The region it has to lie in.
        path: The file, instead of the declared one.
        say: Takes progress.

    Returns:
        What the version tells about itself.

    Raises:
        LayerError: The file or its rows are not as declared; `faults` lists them, and
            the version loaded before stays.
        CrsError: The rows do not lie in the region.
    """
    say = say or silent
    source = _source(layer, path)
    origin = coverage_origin(layer, source)
    hashed = _source_hash(source)
    parts = [READER, layer.name, hashed, layer.digest(), region.digest()]
    parts.append(coverage_digest(origin, store))
    version = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    if store.is_intact(layer.name, version):
        store.use(layer.name, version)
        say(Title("{layer}: unchanged"), {"layer": Title(layer.title)})
        return store.manifest(layer.name)
    told = Manifest(
        name=layer.name,
        version=version,
        source_name=source_name_of(source),
        source_sha256=hashed,
        loaded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        read_count=0,
        count=0,
        coverage_from=Path(origin).name if Path(origin).is_absolute() else origin,
        layer=layer.model_copy(update={"path": None}),
    )
    if big := open_big(source, _sources(layer), fewest=STREAM_FROM):
        return _load_big(big, layer, told, origin, store=store, region=region, say=say)
    raw = read_vector(source, table=layer.table, encoding=layer.encoding)
    accepted = accept_rows(_with_crs(raw, layer, source), layer, region=region)
    coverage = read_coverage(origin, accepted.rows, store=store, region=region)
    manifest = told.model_copy(
        update={
            "read_count": len(raw),
            "count": len(accepted.rows),
            "mended": accepted.mended,
            "refused": accepted.refused,
            "coverage_area_m2": _area(coverage),
            "columns": tuple(
                name for name in accepted.rows.columns if name != "geometry"
            ),
        }
    )
    _say_kept(manifest, say)
    return store.swap(layer.name, accepted.rows, coverage, manifest)


def _load_big(  # noqa: PLR0913 - what is loaded, whereto, and how
    big: BigParquet,
    layer: Layer,
    told: Manifest,
    origin: str,
    *,
    store: LayerStore,
    region: Region,
    say: Say,
) -> Manifest:
    """Load a file of many rows some at a time."""
    crs = CRS.from_user_input(_with_crs(big.empty, layer, big.path).crs)
    with store.aside(layer.name, told.version) as folder:
        file = folder / DATA
        settled = load_big(big, crs, layer, region=region, file=file, say=say)
        # Only a layer that is its own coverage is asked for its shapes.
        columns = ["geometry"] if origin == SELF else []
        rows = geopandas.read_parquet(file, columns=columns) if columns else big.empty
        coverage = read_coverage(origin, rows, store=store, region=region)
        manifest = told.model_copy(
            update={
                "read_count": big.count,
                "count": len(settled.order),
                "mended": settled.mended,
                "refused": settled.refused,
                "coverage_area_m2": _area(coverage),
                "columns": settled.columns,
            }
        )
        _say_kept(manifest, say)
        return store.bring_in(layer.name, folder, coverage, manifest)


def _sources(layer: Layer) -> list[str]:
    """Name the columns of the file that a layer reads."""
    read = [
        column.source or name
        for name, column in layer.columns.items()
        if column.value is None
    ]
    return [*read, layer.key] if layer.key and layer.key not in layer.columns else read


def _say_kept(manifest: Manifest, say: Say) -> None:
    """Say how many rows were kept, mended and refused."""
    say(
        Title("{layer}: {count} rows kept, {mended} mended, {refused} refused"),
        {
            "layer": Title(manifest.layer.title),
            "count": manifest.count,
            "mended": len(manifest.mended),
            "refused": len(manifest.refused),
        },
    )


def _area(coverage: BaseGeometry) -> float:
    """Measure a coverage on the ellipsoid, in square metres."""
    return float(ellipsoidal_area(GeoSeries([coverage], crs=CGCS2000)).iloc[0])


def _source(layer: Layer, path: Path | None) -> Path:
    """Choose the file to read."""
    source = path or layer.path
    if source is None:
        raise LayerError(
            "No file is declared for {layer}: give one, or `path` in {layer}.toml.",
            layer=layer.name,
        )
    if not source.is_file():
        raise LayerError(
            "The file {file} of {layer} does not exist.", file=source, layer=layer.name
        )
    return source


def _source_hash(source: Path) -> str:
    """Hash a file, a shapefile with its companions."""
    if source.suffix.lower() != ".shp":
        return sha256(source)
    parts = sorted(source.parent.glob(f"{source.stem}.*"))
    told = [f"{part.suffix.lower()}:{sha256(part)}" for part in parts]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _with_crs(raw: GeoDataFrame, layer: Layer, source: Path) -> GeoDataFrame:
    """Give the rows the CRS that file and declaration agree on; never guess one."""
    declared = _declared_crs(layer)
    silent_file = source.suffix.lower() in SILENT_CRS
    if raw.crs is None and declared is None:
        raise LayerError(
            "The file {file} has no CRS: declare `crs` in {layer}.toml.",
            file=source.name,
            layer=layer.name,
        )
    if declared is None or raw.crs == declared:
        return raw
    if raw.crs is not None and not silent_file:
        raise LayerError(
            "The file {file} says its CRS is {got}, {layer}.toml says {declared}: "
            "correct the one that is wrong.",
            file=source.name,
            got=raw.crs.to_string(),
            layer=layer.name,
            declared=layer.crs,
        )
    return raw.set_crs(declared, allow_override=True)


def _declared_crs(layer: Layer) -> CRS | None:
    """Read the declared CRS."""
    if not layer.crs:
        return None
    try:
        return CRS(layer.crs)
    except CRSError as error:
        raise LayerError(
            "The `crs` of {layer} is {got}, which is not known; write it as EPSG:4545.",
            layer=layer.name,
            got=layer.crs,
        ) from error
