"""The land of the sample's projects: claims on real parcels, queues, land demands.

Last days are told in days from when the demo is loaded, so that some always run out
soon. Land that production stands on is granted, land in approval locked.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from geopandas import GeoSeries, read_parquet
from numpy.random import Generator
from pandas import DataFrame
from shapely.geometry.base import BaseGeometry

from gis.crs import CGCS2000
from gis.measure import ellipsoidal_area
from sample_data.generator.casework import Row, write_entries
from sample_data.generator.draw import stream
from sample_data.generator.projects import AS_OF, STARTED, draw_projects

M2_PER_MU = 10_000 / 15
DIGITS = 7  # of a degree: as the parcels' file has them
NEAR = (0.7, 1.4)  # of the area that is wanted
HELD_DAYS = (3, 6, 0, 12, 20, 40, 75, 160)
EVERY_GRANT = 3  # of those that have started, one in three is written down as a claim
KINDS = {"siting": "reserved", "approval": "locked"}
CONTRACT = "国有建设用地使用权出让合同（示例）"
BASIS = {"reserved": "项目专题会议纪要（示例）", "locked": "用地预审意见（示例）"}


def write_land(out: Path, *, seed: int) -> None:
    """Write `casework/claims.json` and `casework/demands.json`.

    Args:
        out: Folder that holds `layers/parcels.parquet`, whose parcels are claimed.
        seed: Seed of the province; the same seed and parcels give the same bytes.
    """
    stock = Stock(out / "layers" / "parcels.parquet")
    projects = draw_projects(seed=seed)
    rng = stream(seed, "casework land")
    claims = list(_claims(rng, projects, stock))
    claims += _halves(projects, stock)
    _queue(projects, claims)
    write_entries(out / "casework" / "claims.json", claims)
    held = {one["project"]: one["parcel_id"] for one in claims}
    demands = [one for project in projects for one in _demands(rng, project, held)]
    write_entries(out / "casework" / "demands.json", demands)


class Stock:
    """The parcels of the sample, each claimed once at most.

    Args:
        file: The layer's file.
    """

    def __init__(self, file: Path) -> None:
        """Read what is sound."""
        frame = read_parquet(file, columns=["parcel_id", "county_code", "geometry"])
        sound = frame.geometry.is_valid & ~frame.geometry.is_empty
        sound &= frame.geometry.geom_type == "Polygon"
        sound &= ~frame["parcel_id"].duplicated(keep=False)
        kept = frame[sound]
        self._shapes = np.asarray(kept.geometry)
        area = ellipsoidal_area(kept.geometry)
        self._table = DataFrame({
            "parcel_id": kept["parcel_id"].astype(str).to_numpy(),
            "county": kept["county_code"].astype(str).to_numpy(),
            "mu": area.to_numpy() / M2_PER_MU,
            "free": True,
        })

    def take(self, county: str, area_mu: float) -> tuple[str, str, BaseGeometry] | None:
        """Take a free parcel of about an area, in a county or its prefecture.

        Args:
            county: Code of the county.
            area_mu: The area wanted.

        Returns:
            Parcel, county and shape; None where there is none like it.
        """
        table = self._table
        least, most = (area_mu * one for one in NEAR)
        fits = table["free"] & table["mu"].between(least, most)
        for prefix in (county, county[:4]):
            among = np.flatnonzero(fits & table["county"].str.startswith(prefix))
            if len(among):
                apart = np.abs(table["mu"].to_numpy()[among] - area_mu)
                at = int(among[np.argmin(apart)])
                table.loc[at, "free"] = False
                row = table.iloc[at]
                return row["parcel_id"], row["county"], self._shapes[at]
        return None


def _claims(rng: Generator, projects: Sequence[Row], stock: Stock) -> Iterator[Row]:
    """Draw a claim for each project that has land."""
    days = iter(int(one) for one in rng.permutation(np.tile(HELD_DAYS, 20)))
    for number, project in enumerate(projects):
        stage = project["stage"]
        granted = stage in STARTED and number % EVERY_GRANT == 0
        if not granted and (stage not in KINDS or (stage, number % 2) == ("siting", 0)):
            continue
        found = stock.take(project["region"], project["land_demand_mu"])
        if found is None:
            continue
        kind = "granted" if granted else KINDS[stage]
        yield _entry(
            project,
            found,
            kind=kind,
            note=CONTRACT if granted else BASIS[kind],
            days=None if granted else next(days),
        )


def _halves(projects: Sequence[Row], stock: Stock) -> list[Row]:
    """Let two projects hold a part each of one parcel."""
    for one, other in _pairs([p for p in projects if p["stage"] == "negotiation"]):
        found = stock.take(one["region"], one["land_demand_mu"] * 2)
        if found is None:
            continue
        parcel, county, shape = found
        west, south, east, north = shape.bounds
        middle = round((west + east) / 2, DIGITS)
        sides = (
            shapely.box(west, south, middle, north),
            shapely.box(middle, south, east, north),
        )
        halves = [shapely.intersection(shape, side) for side in sides]
        if any(half.geom_type != "Polygon" for half in halves):
            continue
        return [
            _entry(project, (parcel, county, half), kind="intent", days=30, part=True)
            for project, half in zip((one, other), halves, strict=True)
        ]
    return []


def _pairs(projects: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    return zip(projects[::2], projects[1::2], strict=False)


def _queue(projects: Sequence[Row], claims: Sequence[Row]) -> None:
    """Let signed projects wait for land that others hold, and one be refused."""
    signed = [one for one in projects if one["stage"] == "signed"]
    leads = [one for one in projects if one["stage"] == "lead"]
    waited = [one for one in claims if one["kind"] in {"reserved", "locked"}]
    for number, claim in enumerate(waited[::3]):
        claim["queue"] = [
            {"project": one["code"], "kind": "reserved", "note": "排队候补（示例）"}
            for one in signed[2 * number : 2 * number + 1 + number % 2]
        ]
    for claim, lead in zip(waited[1:3], leads, strict=False):
        claim["refused"] = [lead["code"]]


def _demands(
    rng: Generator, project: Row, held: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Write down what a project wants, from signing on; leads only state it."""
    if project["signed_on"] is None or not project["land_demand_mu"]:
        return
    area = project["land_demand_mu"]
    state, parcel = _state(project, held)
    parts = [(f"{project['title']}用地", area)]
    if state == "open" and rng.uniform() < 0.4:  # noqa: PLR2004 - some come in two phases
        first = round(area * 0.6, 1)
        parts = [("一期用地", first), ("二期用地", round(area - first, 2))]
    for title, mu in parts:
        soon = int(rng.integers(20, 200))
        yield {
            "project": project["code"],
            "title": title,
            "area_mu": mu,
            "urgency": "urgent" if rng.uniform() < 0.2 else "normal",  # noqa: PLR2004 - one in five
            "raised_on": project["signed_on"],
            "wanted_in_days": soon - 40,
            "follower": project["owner"],
            "state": state,
            "parcel_id": parcel,
            "closed_on": AS_OF.isoformat() if state == "met" else None,
            "evidence": CONTRACT if state == "met" else "",
        }


def _state(project: Row, held: Mapping[str, str]) -> tuple[str, str]:
    """Tell how far a demand has come, and on which parcel."""
    parcel = held.get(project["code"], "")
    if project["demand_met"]:
        return "met", parcel
    if not parcel:
        return "open", ""
    return ("approval" if project["stage"] == "approval" else "matched"), parcel


def _entry(
    project: Row,
    found: tuple[str, str, BaseGeometry],
    *,
    kind: str,
    days: int | None,
    note: str = "",
    part: bool = False,
) -> Row:
    parcel, county, shape = found
    area = float(ellipsoidal_area(GeoSeries([shape], crs=CGCS2000)).iloc[0])
    return {
        "project": project["code"],
        "parcel_id": parcel,
        "region": county,
        "wkt": shapely.to_wkt(shape, rounding_precision=DIGITS),
        "area_m2": round(area, 2),
        "kind": kind,
        "part": part,
        "note": note,
        "expires_in_days": days,
    }
