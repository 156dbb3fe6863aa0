"""Check a submission against every layer that has a rule, and against other land."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import numpy as np
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame, Series, concat

from gis.crs import CGCS2000
from gis.measure import ellipsoidal_area, perimeter, plane_area, plane_zone
from gis.outline import outline_faults
from gis.words import Title
from layers.catalog import Catalog
from layers.check import AGAINST_TITLES, CLAIMS, Check, CheckedLayer
from layers.check_findings import Questioned, findings_of
from layers.check_hash import result_hash
from layers.check_land import changes_of, compositions_of, neighbours_of
from layers.ground import FINE_EDGE_M, ground_of
from layers.layer import Layer
from layers.load import Say, silent
from layers.region import Region
from layers.store import LayerStore
from layers.submission import Submission
from layers.trial import OWN_POINT, Trial, own_points, with_trials

THREADS: Final = 2
HELD_LAND: Final = Layer(
    name=CLAIMS,
    title=AGAINST_TITLES[CLAIMS],
    role="constraint",
    source=Title("The project ledger"),
    licence=Title("For offices"),
    data_date="unknown",
    rule="avoid",
    effect="forbidden",
    effect_by=Title("the project that holds the land"),
    publish="internal",
    accuracy_m=0.01,  # a claim is a boundary as it was written, to the digit
)
TRIED: Final = "trial"
Name = Callable[[str, str], str]


@dataclass(frozen=True)
class Checker:
    """What land is checked against, and how.

    Attributes:
        store: The layers.
        catalog: Their declarations: rules, effects and clauses are read from here.
        region: Tells the planes.
        held: Land that projects hold, EPSG:4490, by number of the claim, with a column
            `title`; None where nobody may know or asks.
        held_at: When that was read, ISO.
        certain_m2: More than this at the least is certainly occupied.
        trials: Rules that are tried beside those of the catalogue, or instead.
        name: Names a class of a layer, from layer and code.
        software: Version of LandMap.
    """

    store: LayerStore
    catalog: Catalog
    region: Region
    held: GeoDataFrame | None = None
    held_at: str = ""
    certain_m2: float = 1.0
    trials: Sequence[Trial] = ()
    name: Name = field(default=lambda _layer, code: code)
    software: str = ""

    def check(
        self, submission: Submission, *, now: datetime, say: Say | None = None
    ) -> Check:
        """Check what was handed in.

        Args:
            submission: Parcels, their place agreed upon.
            now: The moment of the check, with its time zone.
            say: Takes progress; what it raises ends the check.

        Returns:
            Everything that was found, and what could not be checked.

        Raises:
            StoreError: A layer in the store is damaged.
        """
        say = say or silent
        ground = ground_of(
            submission.parcels.geometry,
            self.region,
            longest_m=FINE_EDGE_M,
        )
        parcels = _measured(submission)
        layers = list(self._layers())
        asked = Questioned(
            ground=ground,
            zones=parcels["gk_zone"].to_numpy(dtype=np.int64),
            scale=parcels["area_m2"].to_numpy() / ground.area_m2,
            region=self.region,
            precision_m=submission.precision_m,
            certain_m2=self.certain_m2,
        )
        given = {OWN_POINT: own_points(self.trials)}
        if self.held is not None:
            given[CLAIMS] = self.held.assign(name=self.held["title"])
        where = asked, self.store, self.catalog, self.region
        with ThreadPoolExecutor(THREADS) as pool:
            try:
                # GEOS holds no lock: what takes longest goes beside all else.
                parts = pool.submit(compositions_of, *where, self.name)
                work = [
                    pool.submit(findings_of, asked, one, self.store, given)
                    for one in layers
                ]
                beside = pool.submit(neighbours_of, *where, self.held)
                outlines = pool.submit(outline_faults, _outlines(submission))
                changes = pool.submit(changes_of, ground, *where[1:])
                findings = _together(asked, _told(layers, work, say))
                say(Title("Checking: what the land consists of"), {})
                compositions = parts.result()
                say(Title("Checking: neighbours and outlines"), {})
                check = Check(
                    submission=submission,
                    made_at=now.isoformat(timespec="seconds"),
                    software=self.software,
                    region=self.region.name,
                    precision_m=submission.precision_m,
                    layers=tuple(layers),
                    parcels=with_verdicts(parcels, findings, compositions),
                    findings=findings,
                    compositions=compositions,
                    neighbours=beside.result(),
                    outline_faults=outlines.result(),
                    changes=changes.result(),
                    titles={
                        name: layer.title
                        for name, layer in self.catalog.items()
                        if not layer.asked
                    },
                )
            finally:
                pool.shutdown(cancel_futures=True)  # whoever ends it waits for little
        return replace(check, result_hash=result_hash(check))

    def _layers(self) -> Iterator[CheckedLayer]:
        """List what has a rule, loaded or not, and land that projects hold."""
        versions = self.store.versions()
        for layer in with_trials(self.catalog, self.trials).values():
            if layer.name == OWN_POINT:
                yield CheckedLayer(layer, TRIED, len(own_points(self.trials)))
            elif layer.asked:
                version = versions.get(layer.name, "")
                count = self.store.manifest(layer.name).count if version else 0
                yield CheckedLayer(layer, version, count)
        if self.held is not None:
            held = HELD_LAND.model_copy(update={"data_date": self.held_at[:10]})
            yield CheckedLayer(held, self.held_at, len(self.held))


def _told(
    layers: Sequence[CheckedLayer], work: Sequence[Future[GeoDataFrame]], say: Say
) -> Iterator[GeoDataFrame]:
    """Wait for the layers in their order, and say which is done."""
    for one, done in zip(layers, work, strict=True):
        found = done.result()
        say(Title("Checking: {layer}"), {"layer": Title(one.layer.title)})
        yield found


def _together(asked: Questioned, found: Iterator[GeoDataFrame]) -> GeoDataFrame:
    """Put the findings of all layers in the order of the parcels."""
    together = concat(list(found), ignore_index=True)
    order = {key: place for place, key in enumerate(asked.ground.index)}
    together["place"] = together["parcel_id"].map(order)
    sorted_rows = together.sort_values("place", kind="stable")
    rows = sorted_rows.drop(columns="place").reset_index(drop=True)
    return GeoDataFrame(rows, geometry="geometry", crs=CGCS2000)


def _measured(submission: Submission) -> GeoDataFrame:
    """Measure the parcels themselves."""
    shapes = submission.parcels.geometry
    area, plane = ellipsoidal_area(shapes), plane_area(shapes)
    declared = submission.parcels["declared_m2"].astype(float)
    return GeoDataFrame(
        {
            "name": submission.parcels["name"],
            "area_m2": area,
            "plane_m2": plane,
            "gk_zone": plane_zone(shapes),
            "declared_m2": declared,
            "declared_gap_m2": plane - declared,
            "perimeter_m": perimeter(shapes),
        },
        geometry=shapes.to_numpy(),
        crs=CGCS2000,
        index=submission.parcels.index,
    )


def _outlines(submission: Submission) -> GeoSeries:
    """Take the outlines as they were handed in."""
    shapes = submission.parcels["outline"].to_numpy(dtype=object)
    return GeoSeries(shapes, index=submission.parcels.index, crs=CGCS2000)


def with_verdicts(
    parcels: GeoDataFrame,
    findings: GeoDataFrame,
    compositions: Mapping[str, DataFrame],
) -> GeoDataFrame:
    """Say of each parcel what its findings come to.

    Args:
        parcels: The parcels, by `parcel_id`.
        findings: A row for each parcel and layer.
        compositions: What the parcels consist of; "county" names their place.

    Returns:
        The parcels with `verdict` and `county`.
    """
    by = findings["parcel_id"]
    conflict = findings["conflict"].astype(bool).groupby(by).any()
    counts = (findings["class"] == "to_verify") & (findings["effect"] != "allowed")
    verify = counts.groupby(by).any()
    unknown = (
        (
            findings["state"].isin(["not_checked", "partly_covered"])
            | (findings["covered_share"] < 1.0)
        )
        .groupby(by)
        .any()
    )
    index = parcels.index
    told = np.select(
        [
            conflict.reindex(index, fill_value=False).to_numpy(dtype=bool),
            verify.reindex(index, fill_value=False).to_numpy(dtype=bool),
            unknown.reindex(index, fill_value=True).to_numpy(dtype=bool),
        ],
        ["conflict", "to_verify", "not_fully_checked"],
        default="clear",
    )
    county = Series("", index=index, dtype="str")
    if "county" in compositions and len(compositions["county"]):
        most = compositions["county"].sort_values("area_m2", ascending=False)
        first = most[most["code"] != ""].drop_duplicates("parcel_id")
        named = first.set_index("parcel_id")["title"]
        county = named.reindex(index, fill_value="").astype("str")
    return parcels.assign(verdict=told.astype(object), county=county)
