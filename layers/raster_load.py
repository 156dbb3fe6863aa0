"""Take pictures of the ground into the store: check, copy or turn into a COG."""

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import rasterio
import rasterio.shutil
from rasterio.enums import MaskFlags
from rasterio.io import MemoryFile
from rasterio.warp import transform_bounds
from rio_tiler.io import Reader

from gis.crs import CGCS2000, ELLIPSOID, Box
from gis.errors import CrsError, LandMapError, LayerError
from gis.words import Title
from layers.disk import telling_when_full
from layers.load import Say, silent
from layers.raster import Raster, read_rasters
from layers.raster_store import RasterManifest, RasterStore
from layers.readers.picture import (
    STARTS,
    crs_of,
    open_picture,
    require_known,
    telling,
)
from layers.readers.tile_archive import readable
from layers.region import Region
from layers.store import sha256

# Raised whenever the same file would be kept as another picture.
READER: Final = "2"
BLOCK_PX: Final = 512
COMPANIONS: Final = (".tfw", ".tifw", ".wld", ".prj", ".aux.xml", ".ovr", ".msk")


def ingest_rasters(
    declared: Mapping[str, Raster],
    store: RasterStore,
    region: Region,
    files: Mapping[str, Path | None],
    say: Say | None = None,
) -> dict[str, RasterManifest]:
    """Take some pictures in.

    Args:
        declared: The declared pictures.
        store: Where they are kept.
        region: The region they have to touch.
        files: Name of each picture wanted, and a file instead of the declared one.
        say: Takes progress.

    Returns:
        What each version tells about itself, by name.

    Raises:
        LayerError: Some could not be taken in; `faults` lists them all, and what was
            kept before stays.
    """
    taken: dict[str, RasterManifest] = {}
    faults: list[LandMapError] = []
    for name, path in files.items():
        try:
            with telling_when_full(store.home):
                taken[name] = load_raster(
                    declared[name], store=store, region=region, path=path, say=say
                )
        except LandMapError as error:
            fault = LayerError(
                "The layer {layer} was not loaded; what was loaded before stays:",
                layer=name,
                faults=[error],
            )
            faults.append(fault)
    if faults:
        raise LayerError("Not everything was loaded and measured:", faults=faults)
    return taken


def split_pictures(
    given: Iterable[str], declared: Mapping[str, Raster]
) -> tuple[dict[str, Raster], dict[str, Path | None], list[str]]:
    """Part what the command line names into pictures and the rest.

    Args:
        given: Names, files and folders; a folder may hold a catalogue of its own.
        declared: The declared pictures.

    Returns:
        The declarations, those of folders among them; the pictures to take in, as
        `ingest_rasters` reads them; and what is left for the layers.

    Raises:
        LayerError: A picture is named that nobody declared.
    """
    known, files, left = dict(declared), dict[str, Path | None](), list[str]()
    for one in given:
        path = Path(one)
        if one in known:
            files[one] = None
        elif path.suffix.lower() in STARTS and path.is_file():
            if path.stem not in known:
                raise LayerError(
                    "{file} is a picture that nobody declared: write {name}.toml into"
                    " the folder `rasters` of a catalogue, with title, kind, source,"
                    " licence, data_date and path; declared: {declared}.",
                    file=path.name,
                    name=path.stem,
                    declared=", ".join(known),
                )
            files[path.stem] = path
        elif path.is_dir() and (own := read_rasters(path)):
            known |= own
            files |= dict.fromkeys(own)
            if any(path.glob("*.toml")):
                left.append(one)
        else:
            left.append(one)
    return known, files, left


def load_raster(
    declared: Raster,
    *,
    store: RasterStore,
    region: Region,
    path: Path | None = None,
    say: Say | None = None,
) -> RasterManifest:
    """Take one picture in.

    The version is a hash of file and declaration: the same input is the same version.
    A GeoTIFF that has no tiles or no overviews is turned into one that has.

    Args:
        declared: Its declaration.
        store: Where it is kept.
        region: The region it has to touch.
        path: The file, instead of the declared one.
        say: Takes progress.

    Returns:
        What the version tells about itself.

    Raises:
        LayerError: The file is no picture that can be laid under parcels.
        CrsError: It lies outside the region.
    """
    say = say or silent
    source = path or declared.path
    require_known(source, declared)
    with readable(source) as file:
        with open_picture(file, declared) as opened:
            _require_in_region(_box(opened, source, declared), source, region)
            as_it_is = _is_ready(opened)
        hashed = _source_hash(source)
        told = f"{READER}\n{declared.name}\n{hashed}\n{declared.digest()}"
        version = hashlib.sha256(told.encode()).hexdigest()[:16]
        if store.is_whole(declared.name, version):
            store.use(declared.name, version)
            say(Title("{layer}: unchanged"), {"layer": Title(declared.title)})
            return store.manifest(declared.name, version)
        with store.aside(declared.name, version) as folder, telling(source):
            goal = folder / f"picture{_suffix(file) if as_it_is else '.tif'}"
            if as_it_is:
                shutil.copyfile(file, goal)
            else:
                say(
                    Title("{layer}: turned into tiles and overviews"),
                    {"layer": Title(declared.title)},
                )
                _turn(file, goal, declared)
            manifest = _manifest(goal, source, declared, turned=not as_it_is)
            manifest = manifest.model_copy(
                update={"version": version, "source_sha256": hashed}
            )
            kept = store.bring_in(folder, manifest)
    say(
        Title("{layer}: {width} x {height} pixels of {pixel_m} m kept"),
        {
            "layer": Title(declared.title),
            "width": kept.width,
            "height": kept.height,
            "pixel_m": kept.pixel_m,
        },
    )
    return kept


def _suffix(file: Path) -> str:
    suffix = file.suffix.lower()
    return ".tif" if suffix == ".tiff" else suffix


def _source_hash(source: Path) -> str:
    """Hash a file, with what lies beside it under its name."""
    beside = [source.with_suffix(end) for end in COMPANIONS]
    beside += [source.with_name(source.name + end) for end in COMPANIONS]
    parts = [part for part in beside if part.is_file()]
    if not parts:
        return sha256(source)
    told = [f"{part.name}:{sha256(part)}" for part in (source, *sorted(parts))]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _is_ready(opened: Any) -> bool:  # noqa: ANN401 - rasterio has no types
    """Tell whether a file can be read tile by tile, near and far, as it is."""
    small = max(opened.width, opened.height) <= 2 * BLOCK_PX
    far = small or bool(opened.overviews(1))
    if opened.driver != "GTiff":
        return far
    alone = len(opened.files) == 1 and opened.crs is not None
    tall, wide = opened.block_shapes[0]
    tiled = small or (tall < opened.height and 128 <= wide <= 4 * BLOCK_PX)  # noqa: PLR2004 - the least tile of a COG
    return alone and tiled and far


def _turn(source: Path, goal: Path, declared: Raster) -> None:
    """Write a picture anew, with tiles and overviews."""
    with open_picture(source, declared) as opened, MemoryFile(ext=".vrt") as memory:
        crs = crs_of(opened, source, declared)
        whole = all(flags == [MaskFlags.all_valid] for flags in opened.mask_flag_enums)
        rasterio.shutil.copy(opened, memory.name, driver="VRT")
        with rasterio.open(memory.name, "r+") as view:
            view.crs = crs.to_wkt()
        photo = whole and opened.count == 3  # noqa: PLR2004 - red, green, blue
        packing = (
            {"COMPRESS": "JPEG", "QUALITY": "90"}
            if photo
            else {"COMPRESS": "DEFLATE", "PREDICTOR": "YES"}
        )
        rasterio.shutil.copy(
            memory.name,
            goal,
            driver="COG",
            BLOCKSIZE=str(BLOCK_PX),
            RESAMPLING="AVERAGE",
            BIGTIFF="IF_SAFER",
            **packing,
        )


def _manifest(
    goal: Path, source: Path, declared: Raster, *, turned: bool
) -> RasterManifest:
    """Tell of the file that is kept."""
    declared = declared if not turned else declared.model_copy(update={"crs": ""})
    with open_picture(goal, declared) as opened:
        box = _box(opened, goal, declared)
        crs = crs_of(opened, goal, declared).name
        width, height, bands = opened.width, opened.height, opened.count
        with Reader(str(goal), dataset=opened) as reader:
            # rio-tiler counts zooms for tiles of 256 pixels.
            least, most = (max(int(z) - 1, 0) for z in (reader.minzoom, reader.maxzoom))
    west, south, east, north = box
    middle = (south + north) / 2
    across_m = ELLIPSOID.inv(west, middle, east, middle)[2]
    return RasterManifest(
        name=declared.name,
        version="",
        source_name=source.name,
        source_sha256="",
        loaded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        file=goal.name,
        sha256=sha256(goal),
        turned=turned,
        crs=crs,
        width=width,
        height=height,
        bands=bands,
        pixel_m=round(across_m / width, 3),
        box=box,
        least_zoom=least,
        most_zoom=most,
        raster=declared,
    )


def _box(opened: Any, source: Path, declared: Raster) -> Box:  # noqa: ANN401 - rasterio has no types
    """Return the bounds of a picture in degrees of EPSG:4490."""
    crs = crs_of(opened, source, declared)
    try:
        box = transform_bounds(crs.to_wkt(), CGCS2000, *opened.bounds)
    except rasterio.errors.CRSError as error:
        raise LayerError(
            "The picture {file} cannot be read: {why}.",
            file=source.name,
            why=str(error),
        ) from error
    west, south, east, north = (float(edge) for edge in box)
    return west, south, east, north


def _require_in_region(box: Box, source: Path, region: Region) -> None:
    """Refuse a picture that does not touch the region."""
    west, south, east, north = region.box
    apart = box[0] >= east or box[2] <= west or box[1] >= north or box[3] <= south
    if apart or not all(abs(edge) <= 180 for edge in box):  # noqa: PLR2004 - degrees
        raise CrsError(
            "The picture {file} lies at {read} (west, south, east, north), outside the"
            " region {box}: check its CRS and the order of its axes.",
            file=source.name,
            read=", ".join(f"{edge:.4f}" for edge in box),
            box=", ".join(f"{edge:g}" for edge in region.box),
        )


def all_files(declared: Mapping[str, Raster]) -> dict[str, Path | None]:
    """Name the declared pictures whose file is there, as `ingest_rasters` reads them.

    Args:
        declared: The declared pictures.

    Returns:
        None by name: each is read from its declared file.
    """
    return {name: None for name, raster in declared.items() if raster.path.is_file()}
