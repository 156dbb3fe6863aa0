"""How long a land check takes: reading, checking, its report.

    LANDMAP_HOME=... python -m benchmarks check

Takes parcels of the home, moved by some metres so that nothing fits by chance, and
checks them against all of its layers; overlaps are compared with shapely's own overlay
of the whole features, areas by geodesics.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyogrio
import shapely
from geopandas import GeoDataFrame, GeoSeries

from gis.measure import densify, ellipsoidal_area
from layers.check import Check
from layers.checking import Checker
from layers.placing import place
from layers.sandbox import Sandbox
from layers.store import LayerStore
from layers.upload import read_upload
from ui.check_reports import Report, outlines, written
from ui.settings import settings
from ui.start import catalog_of, region_of

COUNTS: Final = (500, 20_000)
ROUNDS: Final = 3
PAIRS: Final = 10_000
EAST_M, NORTH_M = 0.0004, 0.0003  # degrees: some 40 m
BENT_M: Final = 50.0  # edges are geodesics to both
LEAST_M2: Final = 0.01
LEAST_SHARE: Final = 1e-6


def race() -> dict[str, Any]:
    """Check parcels of the home, and compare what overlaps with shapely.

    Returns:
        `ours`, `peers`, `ratios` as every benchmark tells them.
    """
    store = LayerStore(settings().home / "layers")
    told: dict[str, Any] = {}
    for count in COUNTS:
        file = _file(store, count)
        with Sandbox() as sandbox:
            read = _median(lambda: read_upload("a.gpkg", file, sandbox=sandbox))  # noqa: B023 - at once
            boundary = read_upload("a.gpkg", file, sandbox=sandbox)
        region = region_of(settings())
        submission = place(
            boundary, name="a.gpkg", data=file, region=region, precision_m=0.05
        )
        catalog = catalog_of(settings())
        checker = Checker(store, catalog, region)

        def checked() -> Check:
            return checker.check(submission, now=datetime.now(UTC))  # noqa: B023 - at once

        spent = _median(checked)
        check = checked()
        told[f"{count}"] = {"read_s": read, "check_s": spent}
        print(f"{count:>6,} parcels: read {read:.2f} s, checked {spent:.2f} s")
        if count == COUNTS[0]:
            report = Report(check, "HC-20261127-BENCH000", store, outlines(catalog))
            told["pdf_s"] = _median(lambda: written(report, "pdf"))  # noqa: B023 - at once
            print(f"PDF with its maps: {told['pdf_s']:.2f} s")
        else:
            told["pairs"], told["worst"] = _against_shapely(check, store)
            print(
                f"{told['pairs']:,} overlaps against shapely and geodesics: at most"
                f" {told['worst']:.3f} of what is allowed"
            )
    told["p50_ms"] = 1000 * told[f"{COUNTS[0]}"]["check_s"]
    return {"ours": told, "peers": {}, "ratios": {}}


def _file(store: LayerStore, count: int) -> bytes:
    """Write parcels of the home, moved, as a GeoPackage."""
    parcels = store.read("parcels", columns=["name"])
    some = parcels.sample(count, random_state=1, replace=len(parcels) < count)
    frame = GeoDataFrame(
        {"DKBH": [f"U{n}" for n in range(count)], "DKMC": some["name"].to_numpy()},
        geometry=some.geometry.translate(EAST_M, NORTH_M).to_numpy(),
        crs=some.crs,
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.gpkg"
        pyogrio.write_dataframe(frame, file, driver="GPKG")
        return file.read_bytes()


def _against_shapely(check: Check, store: LayerStore) -> tuple[int, float]:
    """Compare overlaps with shapely's, by geodesics; tell the worst of the allowed."""
    worst, pairs = 0.0, 0
    parcels = check.parcels.geometry
    for one in check.layers:
        if one.layer.asked != "avoid" or not one.loaded:
            continue
        found = check.findings[check.findings["layer"] == one.layer.name]
        hit = found[found["overlap_m2"] > 0].iloc[:PAIRS]
        if hit.empty:
            continue
        read = store.read(one.layer.name, columns=[]).geometry
        features = densify(read, max_segment_m=BENT_M)
        tree = shapely.STRtree(features.to_numpy())
        here = GeoSeries(parcels.loc[hit["parcel_id"]].to_numpy(), crs=parcels.crs)
        shapes = densify(here, max_segment_m=BENT_M).to_numpy()
        row, feature = tree.query(shapes, predicate="intersects")
        pieces = shapely.intersection(shapes[row], features.to_numpy()[feature])
        heaps = shapely.geometrycollections(pieces, indices=row)
        whole = shapely.union_all(np.asarray(heaps)[:, None], axis=1)
        frame = GeoDataFrame(geometry=list(whole), crs=parcels.crs)
        area = ellipsoidal_area(frame.geometry).to_numpy()
        ours = hit["overlap_m2"].to_numpy()[np.unique(row)]
        allowed = np.maximum(LEAST_SHARE * area, LEAST_M2)
        worst = max(worst, float((np.abs(ours - area) / allowed).max()))
        pairs += len(area)
    assert worst <= 1.0, f"an overlap differs by {worst:.2f} of what is allowed"
    return pairs, worst


def _median(work: Callable[[], object]) -> float:
    """Time work, the median of a few runs."""
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begun)
    return round(statistics.median(spent), 3)
