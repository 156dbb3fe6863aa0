"""The largest rectangle in each parcel: found on demand, kept beside the facts.

`<home>/rectangles/<version of the parcels>/` holds a column of lengths and one of
widths in the order of the store, `<home>/rectangles/parts/` what was found chunk by
chunk: a run that was killed goes on where it was, and only parcels that changed are
searched again. Facts take the columns in when they are of the same parcels.
"""

import hashlib
import shutil
import uuid
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame, Series, concat
from pyproj import Proj

from gis.errors import StoreError
from gis.plane import flat_rings
from gis.rings import Rings
from gis.words import Title
from layers.catalog import Catalog
from layers.disk import telling_when_full
from layers.facts_chunks import Chunk, chunks_of, rows_of
from layers.facts_parts import Parts
from layers.facts_survey import survey_of
from layers.load import Say, silent
from layers.region import Region
from layers.store import DATA, LayerStore

HOME: Final = "rectangles"
PARTS: Final = "parts"
COLUMNS: Final = ("rectangle_length_m", "rectangle_width_m")
# Raised whenever the same parcels would be given other rectangles.
CODE: Final = "1"
THREADS: Final = 2
TENTHS: Final = 10.0
LATTICE: Final = 17  # places a side at which a plane is held against the ground


def make_rectangles(
    store: LayerStore,
    facts_home: Path,
    catalog: Catalog,
    region: Region,
    *,
    say: Say | None = None,
) -> int:
    """Find the largest rectangle in every parcel, and keep lengths and widths.

    Args:
        store: The layers.
        facts_home: Folder of the facts.
        catalog: The declared layers.
        region: Tells the plane.
        say: Takes progress.

    Returns:
        How many parcels there are.

    Raises:
        LayerMissingError: No parcels are loaded.
        StoreError: The parcels' file is damaged, or the disk is full.
    """
    say = say or silent
    survey = survey_of(store, catalog)
    name, home = survey.parcels.name, facts_home / HOME
    search = _Search(store.folder(name) / DATA, Parts(home / PARTS), region)
    with telling_when_full(home):
        chunks = chunks_of(store, name)
        search.all(chunks, say)
        found = [search.parts.read(search.what, chunk.digest) for chunk in chunks]
        _adopt(home, survey.seen[name], found)
    search.parts.sweep([([search.what], [chunk.digest for chunk in chunks])])
    return survey.count


def with_rectangles(
    facts_home: Path, table: DataFrame, versions: Iterable[str]
) -> DataFrame:
    """Join rectangles to facts of the same parcels.

    Args:
        facts_home: Folder of the facts.
        table: A row for each parcel, in the order of the store.
        versions: Versions of the layers that the facts were measured from.

    Returns:
        The table with two more columns, mapped from their files; the same table where
        nobody has found rectangles in parcels of this version.

    Raises:
        StoreError: A file of the columns is damaged.
    """
    told = (facts_home / HOME / _folder(version) for version in versions)
    folder = next((one for one in told if one.is_dir()), None)
    if folder is None:
        return table
    columns = {name: _column(folder / f"{name}.npy", len(table)) for name in COLUMNS}
    return concat([table, DataFrame(columns, index=table.index, copy=False)], axis=1)


def rectangles_kept(facts_home: Path) -> str:
    """Name the rectangles that are kept: who caches facts reads them anew after these.

    Args:
        facts_home: Folder of the facts.

    Returns:
        The version of the parcels they were found in, "" for none.
    """
    kept = (one.name for one in (facts_home / HOME).glob("[!.]*") if one.name != PARTS)
    return ", ".join(sorted(kept))


class _Search:
    """The search for rectangles, chunk by chunk, each kept as soon as it is done."""

    def __init__(self, file: Path, parts: Parts, region: Region) -> None:
        self.file, self.parts, self.crs = file, parts, region.equal_area_crs
        told = f"rectangles\n{CODE}\n{region.digest()}"
        self.what = hashlib.sha256(told.encode()).hexdigest()
        self.shrink = 1.0 / _stretch(region)

    def all(self, chunks: Sequence[Chunk], say: Say) -> None:
        """Search every chunk that was not searched before, in threads."""
        done, count = 0, sum(chunk.stop - chunk.start for chunk in chunks)
        if not all(self.parts.has(self.what, chunk.digest) for chunk in chunks):
            say(Title("Preparing the engine; the first time this takes a while"), {})
            _warm()
        with ThreadPoolExecutor(THREADS) as pool:
            work = [pool.submit(self.one, chunk) for chunk in chunks]
            try:
                for finished in as_completed(work):
                    done += finished.result()
                    values = {"done": done, "count": count}
                    say(Title("Rectangles: {done} of {count} parcels"), values)
            finally:
                pool.shutdown(cancel_futures=True)

    def one(self, chunk: Chunk) -> int:
        """Search a chunk: metres on the ground, rounded down to 0.1 m."""
        if not self.parts.has(self.what, chunk.digest):
            from gis.rectangle import inscribed_rectangles  # noqa: PLC0415 - slow
            from layers.wkb import rings_of_wkb  # noqa: PLC0415 - the compiler

            rows = rows_of(self.file, ["geometry"], chunk.start, chunk.stop)
            plane = flat_rings(rings_of_wkb(rows["geometry"]), self.crs)
            found = inscribed_rectangles(plane)[:, 2:4] * self.shrink
            sure = np.floor(found * TENTHS) / TENTHS
            columns = {name: Series(sure[:, at]) for at, name in enumerate(COLUMNS)}
            self.parts.write(self.what, chunk.digest, columns)
        return chunk.stop - chunk.start


def _stretch(region: Region) -> float:
    """Tell how much longer a metre may be in the plane than on the ground, at most.

    Returns:
        The greatest semi-axis of Tissot's indicatrix on a lattice over the region, 1 at
        least: lengths of the plane divided by it are not longer than on the ground.
    """
    west, south, east, north = region.box
    lon, lat = np.meshgrid(
        np.linspace(west, east, LATTICE), np.linspace(south, north, LATTICE)
    )
    factors = Proj(region.equal_area_crs).get_factors(lon.ravel(), lat.ravel())
    return float(max(1.0, np.max(factors.tissot_semimajor)))


def _warm() -> None:
    """Compile the search on a square, before threads ask for it."""
    from gis.rectangle import inscribed_rectangles  # noqa: PLC0415 - the compiler

    x, y = np.array([0.0, 9, 9, 0, 0]), np.array([0.0, 0, 9, 9, 0])
    inscribed_rectangles(Rings(x, y, np.array([0, 5]), np.array([0, 1])))


def _folder(version: str) -> str:
    return f"{version}-{CODE}"


def _adopt(home: Path, version: str, found: list[dict[str, Series]]) -> None:
    """Write the columns aside, put them in place, and forget other versions."""
    aside, goal = home / f".{uuid.uuid4().hex}", home / _folder(version)
    try:
        aside.mkdir(parents=True)
        for name in COLUMNS:
            whole = np.concatenate([np.zeros(0), *(one[name] for one in found)])
            np.save(aside / f"{name}.npy", whole)
        for old in home.iterdir():
            if old.name != PARTS and old != aside:
                shutil.rmtree(old, ignore_errors=True)
        aside.rename(goal)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _column(file: Path, count: int) -> NDArray[np.float64]:
    """Map a column into memory."""
    try:
        values = np.load(file, mmap_mode="r" if count else None, allow_pickle=False)
        whole = values.shape == (count,) and values.dtype == np.float64
    except (OSError, ValueError):
        whole = False
    if not whole:
        raise StoreError(
            "The file {file} is damaged: run `landmap rectangles` again.", file=file
        )
    plain: NDArray[np.float64] = values.view(np.ndarray)
    return plain
