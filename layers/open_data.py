"""The published parcels as files: GeoParquet, GeoJSON, CSV, with licence and date."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow.parquet as pq
import shapely
from geopandas import GeoDataFrame
from pandas import Series, isna

from gis.units import rounded
from layers.facts_schema import fact_column
from layers.facts_store import FactStore
from layers.published import Published, read_published
from layers.publishing_rules import ColumnRule
from layers.publishing_source import PARCELS
from layers.store import LayerStore

FOLDER: Final = "open"
FORMATS: Final = {
    "parcels.parquet": "GeoParquet",
    "parcels.geojson": "GeoJSON",
    "parcels.csv": "CSV",
}
DEGREES_KEPT: Final = 6  # about 0.1 m: the grid shown is wider by far
LEFT_OUT: Final = frozenset({"publish"})
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
MADE_UP: Final = "Synthetic data: made up for the demonstration, not for decisions."
_DECIMALS: Final = 6


@dataclass(frozen=True)
class OpenColumn:
    """A column of the open data.

    Attributes:
        name: Its name in the files.
        fact: The fact it tells.
        title: What people read; an English msgid.
        unit: Unit of its figures; "" for none.
        layer: Layer it was measured on; "" for the parcel alone.
        step: Its figures are multiples of this; None where they are as they are.
    """

    name: str
    fact: str
    title: str
    unit: str
    layer: str
    step: float | None


def write_open_data(folder: Path) -> None:
    """Write the files of a published version, once.

    Args:
        folder: The version.

    Raises:
        StoreError: What is published is damaged, or the disk is full.
    """
    told, frame = read_published(folder), open_frame(folder)
    goal = folder / FOLDER
    goal.mkdir(exist_ok=True)
    _write_parquet(frame, told, goal / "parcels.parquet")
    with (goal / "parcels.geojson").open("w", encoding="utf-8") as file:
        file.writelines(geojson_parts(frame, told))
    with (goal / "parcels.csv").open("w", encoding="utf-8-sig", newline="") as file:
        _write_csv(frame, told, file)


def open_columns(folder: Path) -> list[OpenColumn]:
    """List the columns of the open data.

    Args:
        folder: A published version.

    Returns:
        In the order of the files.
    """
    rules = read_published(folder).rules
    facts = FactStore(folder / "facts").read()
    parcels = rules.layers[PARCELS].columns if PARCELS in rules.layers else {}
    found = []
    for name in map(str, facts.table.columns):
        column = fact_column(name, layers=facts.layers)
        if name in LEFT_OUT:
            continue
        rule = parcels.get(name, ColumnRule())
        title, unit = (column.title, column.unit) if column else (name, "")
        step = rule.step
        if column and column.layer:
            far = column.fact in {"distance_m", "found_m"}
            step = rules.measured.distance_step_m if far else None
        found.append(
            OpenColumn(
                name=rule.open_as or name,
                fact=name,
                title=title,
                unit=rule.unit or unit,
                layer=column.layer if column else "",
                step=None if step is None else step * rule.times,
            )
        )
    return found


def open_frame(folder: Path) -> GeoDataFrame:
    """Read the open data of a published version.

    Args:
        folder: The version.

    Returns:
        A row for each parcel, `parcel_id` first, EPSG:4490, in the order of the store.
    """
    rules = read_published(folder).rules
    parcels = rules.layers[PARCELS].columns if PARCELS in rules.layers else {}
    table = FactStore(folder / "facts").read().table
    shapes = LayerStore(folder / "layers").read(PARCELS, columns=[]).geometry
    columns = {
        column.name: _as_told(
            table[column.fact], parcels.get(column.fact, ColumnRule())
        )
        for column in open_columns(folder)
    }
    named = {"parcel_id": Series(table.index.astype(str), index=table.index)}
    return GeoDataFrame({**named, **columns}, geometry=shapes, crs=shapes.crs)


def geojson_parts(frame: GeoDataFrame, told: Published) -> Iterator[str]:
    """Write features as GeoJSON, a feature at a time.

    Args:
        frame: Some rows of `open_frame`.
        told: What is told of them.

    Yields:
        Parts of one text.
    """
    head = {"type": "FeatureCollection", "name": PARCELS, **terms(told)}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "features": [\n'
    for number, feature in enumerate(features(frame)):
        yield (",\n" if number else "") + json.dumps(feature, ensure_ascii=False)
    yield "\n]}\n"


def features(frame: GeoDataFrame) -> Iterator[dict[str, Any]]:
    """Tell rows as features of GeoJSON.

    Args:
        frame: Some rows of `open_frame`.

    Yields:
        A feature for each, with its id; a figure that is not known is null.
    """
    names = [str(name) for name in frame.columns if name != "geometry"]
    values: dict[str, Sequence[Any]] = {name: plain_list(frame[name]) for name in names}
    shapes = shapely.to_geojson(rounded_shapes(frame))
    for at, shape in enumerate(shapes):
        yield {
            "type": "Feature",
            "id": values["parcel_id"][at],
            "properties": {name: values[name][at] for name in names},
            "geometry": json.loads(shape),
        }


def terms(told: Published) -> dict[str, Any]:
    """Tell under what terms the data may be used, and of which day it is."""
    said: dict[str, Any] = {
        "licence": told.licence,
        "data_date": told.data_date,
        "published_at": told.made_at,
        "edition_of_rules": told.edition,
        "crs_name": "CGCS2000 (EPSG:4490), degrees",
        "synthetic": told.synthetic,
    }
    return said | ({"notice": MADE_UP} if told.synthetic else {})


def plain_list(values: Series) -> list[Any]:
    """Return values as Python has them; what is not known is None."""
    return [
        None if isna(one) else one.item() if isinstance(one, np.generic) else one
        for one in values.tolist()
    ]


def rounded_shapes(frame: GeoDataFrame) -> "np.ndarray[Any, np.dtype[np.object_]]":
    """Return the shapes with as many digits as the files tell."""
    return np.asarray(
        shapely.transform(
            frame.geometry.to_numpy(), lambda xy: np.round(xy, DEGREES_KEPT)
        )
    )


def _as_told(values: Series, rule: ColumnRule) -> Series:
    if values.dtype.kind != "f":
        return values.astype("str")
    if rule.times == 1:
        return values
    return Series(rounded(values.to_numpy() * rule.times, _DECIMALS), values.index)


def _write_parquet(frame: GeoDataFrame, told: Published, file: Path) -> None:
    """Write GeoParquet, the terms among its metadata."""
    frame.to_parquet(file, compression="zstd", index=False, write_covering_bbox=True)
    table = pq.read_table(file)
    said = {key: str(value) for key, value in terms(told).items()}
    kept = {**(table.schema.metadata or {}), **{k.encode(): v for k, v in said.items()}}
    kept.pop(b"pandas", None)
    pq.write_table(
        table.replace_schema_metadata(kept),
        file,
        compression="zstd",
        write_page_checksum=True,
    )


def _write_csv(frame: GeoDataFrame, told: Published, file: io.TextIOBase) -> None:
    """Write CSV, outlines as WKT, the terms in columns of their own at the end."""
    said = terms(told)
    wkt = shapely.to_wkt(rounded_shapes(frame), rounding_precision=DEGREES_KEPT)
    names = [str(name) for name in frame.columns if name != "geometry"]
    columns = [plain_list(frame[name]) for name in names]
    writer = csv.writer(file)
    writer.writerow([*names, "geometry_wkt", *said])
    for at, shape in enumerate(wkt):
        cells = [*(column[at] for column in columns), shape, *said.values()]
        writer.writerow([_cell(one) for one in cells])


def _cell(value: object) -> object:
    """Keep a spreadsheet from reading text as a formula."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else value
