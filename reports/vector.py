"""Candidates as a map layer: GeoPackage and GeoJSON, with plain column names."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyogrio
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame

from gis.crs import CGCS2000
from gis.units import shown
from reports.candidates import SYNTHETIC, About, Say, about_rows, ranked
from siting.screen import Screening


def candidates_gpkg(
    screening: Screening, shapes: GeoSeries, about: About, say: Say
) -> bytes:
    """Write the candidates as a GeoPackage: layer `candidates`, table `about`.

    Args:
        screening: A screening.
        shapes: Geometry of the candidates to write, EPSG:4490, by parcel_id.
        about: What the export says of itself.
        say: Translates an English msgid.

    Returns:
        The file's bytes (.gpkg).
    """
    told = about_rows(screening, about, say)
    notes = DataFrame({
        "item": [what for what, _ in told],
        "content": [str(value) for _, value in told],
    })
    with TemporaryDirectory() as folder:
        file = Path(folder) / "candidates.gpkg"
        frame = candidate_frame(screening, shapes, about)
        pyogrio.write_dataframe(frame, file, layer="candidates", driver="GPKG")
        pyogrio.write_dataframe(notes, file, layer="about", driver="GPKG", append=True)
        return file.read_bytes()


def candidates_geojson(
    screening: Screening, shapes: GeoSeries, about: About, say: Say
) -> str:
    """Write the candidates as GeoJSON, longitude and latitude in CGCS2000.

    Args:
        screening: A screening.
        shapes: Geometry of the candidates to write, EPSG:4490, by parcel_id.
        about: What the export says of itself.
        say: Translates an English msgid.

    Returns:
        A feature collection; what the export says of itself is its member `about`.
    """
    frame = candidate_frame(screening, shapes, about)
    plain = frame.drop(columns="geometry").astype(object)
    rows = plain.where(plain.notna(), None).to_dict("records")
    drawn = shapely.to_geojson(frame.geometry.to_numpy())
    features = [
        {"type": "Feature", "geometry": json.loads(shape), "properties": row}
        for shape, row in zip(drawn, rows, strict=True)
    ]
    told: dict[str, Any] = {
        "type": "FeatureCollection",
        "about": dict(about_rows(screening, about, say)),
        "features": features,
    }
    return json.dumps(told, ensure_ascii=False, default=str)


def candidate_frame(
    screening: Screening, shapes: GeoSeries, about: About
) -> GeoDataFrame:
    """Lay out the candidates for a GIS.

    Args:
        screening: A screening.
        shapes: Geometry of the candidates to write, EPSG:4490, by parcel_id.
        about: Tells whether the data are synthetic.

    Returns:
        A row for each candidate among `shapes`, best first: `parcel_id`, `rank`,
        `score`, `area_mu`, the facts people ask for, `state_*`, `value_*` and `gap_*`
        of each criterion, `synthetic`.
    """
    ids = screening.parcel_ids
    ranks, places = ranked(screening, shapes.index)
    order = places.tolist()
    facts = screening.board.table.iloc[order]
    columns: dict[str, Any] = {
        "parcel_id": [str(ids[place]) for place in order],
        "rank": ranks.tolist(),
        "score": [float(screening.score[place]) for place in order],
        "area_mu": shown(facts["area_m2"].to_numpy(dtype=float), "mu"),
    }
    for name in ("name", "county_code", "zone_code", "land_use_code", "stock_status"):
        if name in facts:
            columns[name] = facts[name].astype(str).to_numpy()
    for name in ("area_m2", "area_plane_m2", "area_declared_m2", "price_cny_m2"):
        if name in facts:
            columns[name] = facts[name].to_numpy()
    for answer in screening.answers:
        stem = answer.name.replace(":", "_").replace("#", "_")
        columns[f"state_{stem}"] = [answer.state_at(place) for place in order]
        values = [answer.value_at(place) for place in order]
        columns[f"value_{stem}"] = [
            json.dumps(one, ensure_ascii=False) if isinstance(one, dict) else one
            for one in values
        ]
        columns[f"gap_{stem}"] = [answer.gap_at(place) for place in order]
    columns["synthetic"] = SYNTHETIC if about.synthetic else ""
    geometry = shapes.loc[columns["parcel_id"]].to_numpy()
    return GeoDataFrame(columns, geometry=geometry, crs=CGCS2000)
