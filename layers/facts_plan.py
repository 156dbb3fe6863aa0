"""Measure one chunk of parcels: what a thread or a worker elsewhere is told to do."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pandas import Series

from layers.facts_chunks import Chunk
from layers.facts_grids import open_cover
from layers.facts_kernel import (
    Edges,
    GridCover,
    RingLand,
    land_of,
    own_facts,
    pair_facts,
)
from layers.facts_layer import layer_facts
from layers.facts_parts import Parts
from layers.facts_table import CODE
from layers.region import Region
from layers.shapes_at import ShapesAt, shapes_in
from layers.wkb import rings_of_wkb


@dataclass(frozen=True)
class Plan:
    """All that measuring a chunk takes; small, and it can be sent to another process.

    Attributes:
        parcels: Folder of the parcels' version in the store.
        key: Their key column.
        covers: Folders of the layers' versions, their grids made.
        region: Tells the planes.
        parts: Where parts are kept.
        chunks: The chunks of all parcels.
    """

    parcels: Path
    key: str
    covers: tuple[Path, ...]
    region: Region
    parts: Path = Path()
    chunks: tuple[Chunk, ...] = ()

    def on(self, parts: Path, chunks: tuple[Chunk, ...]) -> "Plan":
        """Return the plan for these chunks, their parts kept there."""
        return replace(self, parts=parts, chunks=chunks)

    def own(self) -> str:
        """Name what a parcel alone tells."""
        return self._what("own")

    def looked(self, origin: str) -> str:
        """Name what a coverage tells; layers that share it share the part."""
        return self._what("looked", origin)

    def layer(self, folder: Path) -> str:
        """Name what a version of a layer tells."""
        return self._what("layer", folder.parent.name, folder.name)

    def pairs(self) -> str:
        """Name the pairs of parcels of one chunk that overlap each other."""
        return self._what("pairs")

    def crossing(self) -> tuple[str, str]:
        """Name the pairs across the borders of chunks, and all the parcels."""
        every = "\n".join(chunk.digest for chunk in self.chunks)
        return self._what("crossing"), hashlib.sha256(every.encode()).hexdigest()

    def whats(self) -> list[str]:
        """List all that parcels are measured against."""
        origins = {cover.origin for cover in opened(self)}
        return [
            self.own(),
            self.pairs(),
            self.crossing()[0],
            *map(self.layer, self.covers),
            *map(self.looked, sorted(origins)),
        ]

    def digests(self) -> list[str]:
        """List all that is measured: each chunk, and all parcels together."""
        return [*(chunk.digest for chunk in self.chunks), self.crossing()[1]]

    def _what(self, *told: str) -> str:
        text = "\n".join([CODE, "kernel", self.region.digest(), *told])
        return hashlib.sha256(text.encode()).hexdigest()


def measure_chunk(plan: Plan, number: int) -> int:
    """Measure one chunk of parcels, whatever of it was not measured before.

    Args:
        plan: What to measure against what.
        number: Which chunk.

    Returns:
        How many parcels it holds; the parts are written.

    Raises:
        StoreError: The parcels' file is damaged.
    """
    chunk, parts = plan.chunks[number], Parts(plan.parts)
    covers = dict(zip(plan.covers, opened(plan), strict=True))
    absent = [
        folder
        for folder in plan.covers
        if not parts.has(plan.layer(folder), chunk.digest)
    ]
    alone: dict[str, Callable[[RingLand], dict[str, Series]]] = {
        plan.own(): partial(own_facts, region=plan.region),
        plan.pairs(): pair_facts,
    }
    unmeasured = [what for what in alone if not parts.has(what, chunk.digest)]
    if absent or unmeasured:
        land, edges = land_at(plan, number), Edges()
        for what in unmeasured:
            parts.write(what, chunk.digest, alone[what](land))
        for folder in absent:
            cover = covers[folder]
            covered = _covered(plan, land, cover, chunk)
            edge_m = partial(edges.metres, land, cover, covered)
            columns = dict(layer_facts(land, cover, covered, edge_m))
            parts.write(plan.layer(folder), chunk.digest, columns)
    return chunk.stop - chunk.start


def land_at(
    plan: Plan, number: int, places: NDArray[np.int64] | None = None
) -> RingLand:
    """Read the parcels of a chunk.

    Args:
        plan: Where they are.
        number: Which chunk.
        places: Places in the chunk of those wanted, ascending; None means all.

    Returns:
        The parcels.

    Raises:
        StoreError: The parcels' file is damaged.
    """
    chunk = plan.chunks[number]
    rows = _shapes(plan.parcels, plan.key).rows(chunk.start, chunk.stop)
    wkb = rows["geometry"] if places is None else rows["geometry"].take(places)
    return land_of(rings_of_wkb(wkb), plan.region)


@lru_cache(maxsize=2)
def _shapes(folder: Path, key: str) -> ShapesAt:
    """Open the parcels' shapes, once in each process."""
    return shapes_in(folder, key)


@lru_cache(maxsize=2)
def opened(plan: Plan) -> tuple[GridCover, ...]:
    """Open the layers of a plan, once in each process."""
    return tuple(open_cover(folder, plan.region) for folder in plan.covers)


def let_go() -> None:
    """Close what is open: a version that is deleted frees its disk only then."""
    _shapes.cache_clear()
    opened.cache_clear()


def _covered(plan: Plan, land: RingLand, cover: GridCover, chunk: Chunk) -> Series:
    """Measure where a layer has been looked for, or take what was measured before."""
    parts, what = Parts(plan.parts), plan.looked(cover.origin)
    if parts.has(what, chunk.digest):
        return parts.read(what, chunk.digest)["covered"]
    covered = cover.covered(land)
    parts.write(what, chunk.digest, {"covered": covered})
    return covered
