"""What the plain pages tell of published land and zones, in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pandas import DataFrame
from shapely.geometry.base import BaseGeometry

from gis.crs import equal_area
from gis.errors import LayerMissingError
from gis.units import M2_IN
from gis.words import Title
from siting.words import STOCK_STATUSES
from ui import resources, site_ledger
from ui.figures import (
    absent,
    industries_text,
    land_use_text,
    metres,
    price_text,
    text_or,
    unit_after,
)
from ui.i18n import language, t
from ui.parcel_card import layer_dates
from ui.parcel_facts import Group, Line, groups, public_area

SIDE: Final = 300.0  # of the drawing, in its own units
RIM: Final = 20.0
BARS_M: Final = (20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
BAR_PART: Final = 0.4  # of the drawing's width, at the most
ZONES: Final = "development_zone"
SIZES_MU: Final = ((0.0, 30.0), (30.0, 100.0), (100.0, 300.0), (300.0, float("inf")))
SIZE_TITLES: Final = (
    Title("below 30 mu"),
    Title("30 to 100 mu"),
    Title("100 to 300 mu"),
    Title("300 mu and more"),
)


@dataclass(frozen=True)
class Outline:
    """A drawing of an outline, north up.

    Attributes:
        frame: Its view box.
        path: The outline, as SVG draws it.
        bar: A bar of a known length.
        bar_text: That length.
    """

    frame: str
    path: str
    bar: str
    bar_text: str


@dataclass(frozen=True)
class Land:
    """A parcel as its page tells it.

    Attributes:
        parcel_id: Its id.
        name: Its name, "" for none.
        place: County and prefecture.
        summary: Area, use and state in a sentence.
        held: Whether it is held; False where nothing is told of that.
        zone: Code of the development zone it lies in, "" for none.
        groups: Its facts.
        outline: Its drawing.
    """

    parcel_id: str
    name: str
    place: str
    summary: str
    held: bool
    zone: str
    groups: tuple[Group, ...]
    outline: Outline


@dataclass(frozen=True)
class LandRow:
    """A parcel in a list."""

    parcel_id: str
    name: str
    place: str
    area: str
    use: str
    stock: str
    held: bool


@dataclass(frozen=True)
class Size:
    """How much land there is of a size."""

    title: str
    count: int
    area: str


@dataclass(frozen=True)
class Zone:
    """A development zone as its page tells it.

    Attributes:
        code: Its code.
        name: Its name.
        place: County and prefecture.
        kind: Kind of zone.
        lines: Its facts.
        sizes: Its published land by size.
        count: Its published parcels.
        area: Their area, mu, as told.
    """

    code: str
    name: str
    place: str
    kind: str
    lines: tuple[Line, ...]
    sizes: tuple[Size, ...]
    count: int
    area: str


def land_of(parcel_id: str) -> Land:
    """Tell a published parcel.

    Args:
        parcel_id: Its id.

    Returns:
        What its page tells.

    Raises:
        LayerMissingError: No parcel of this id is published.
    """
    table = resources.facts().table
    if parcel_id not in table.index:
        raise LayerMissingError("There is no parcel {parcel_id}.", parcel_id=parcel_id)
    row = {str(name): value for name, value in table.loc[parcel_id].items()}
    told = groups(
        row,
        layers=resources.catalog(),
        dates=layer_dates(),
        zones=resources.zone_names(language()),
    )
    shape = resources.parcel_shapes().of([parcel_id]).iloc[0]
    zone = "" if absent(row.get("zone_code")) else str(row["zone_code"])
    return Land(
        parcel_id=parcel_id,
        name=str(text_or(row.get("name"), "")),
        place=place_of(row.get("county_code")),
        summary=_summary(row),
        held=parcel_id in (site_ledger.held_publicly() or {}),
        zone=zone if zone in resources.zone_names(language()) else "",
        groups=told,
        outline=drawn(shape),
    )


def place_of(county: object) -> str:
    """Name a county and its prefecture; "" for none."""
    if absent(county):
        return ""
    names, code = resources.place_names(language()), str(county)
    above = names.get(f"{code[:4]}00", "")
    return " · ".join(filter(None, (names.get(code, code), above)))


def rows_of(table: DataFrame) -> list[LandRow]:
    """Tell some parcels, a line each.

    Args:
        table: Their facts.

    Returns:
        In the order of the table.
    """
    held = site_ledger.held_publicly() or {}
    named = {name: list(table[name]) for name in table.columns if name in _LISTED}
    return [
        LandRow(
            parcel_id=str(parcel_id),
            name=str(text_or(one.get("name"), "")),
            place=place_of(one.get("county_code")),
            area=mu(one.get("area_m2")),
            use=land_use_text(one.get("land_use_code")),
            stock=_stock(one.get("stock_status")),
            held=str(parcel_id) in held,
        )
        for at, parcel_id in enumerate(table.index)
        for one in ({name: values[at] for name, values in named.items()},)
    ]


def zone_codes() -> list[str]:
    """List the codes of the development zones that are published."""
    if ZONES not in resources.store().versions():
        return []
    return sorted(map(str, resources.layer_frame(ZONES).index))


def zones() -> list[Zone]:
    """Tell all development zones that are published, by code."""
    return [_zone(code) for code in zone_codes()]


def zone_of(code: str) -> Zone:
    """Tell a development zone.

    Args:
        code: Its code.

    Returns:
        What its page tells.

    Raises:
        LayerMissingError: No zone of this code is published.
    """
    if code not in zone_codes():
        raise LayerMissingError("There is no development zone {zone}.", zone=code)
    return _zone(code)


def land_in_zone(code: str) -> DataFrame:
    """Return the facts of the parcels of a zone."""
    table = resources.facts().table
    if "zone_code" not in table:
        return table.iloc[:0]
    return table[(table["zone_code"].astype(str) == code).to_numpy()]


def mu(area_m2: object) -> str:
    """Write a published area in mu, without feigned digits."""
    if absent(area_m2):
        return t("unknown")
    return f"{float(str(area_m2)) / M2_IN['mu']:,.1f}".removesuffix(".0")


def drawn(shape: BaseGeometry) -> Outline:
    """Draw an outline, north up, with a bar that tells its size.

    Args:
        shape: The public outline, EPSG:4490.

    Returns:
        Paths of SVG.
    """
    flat = _flat(shape)
    west, south, east, north = shapely.bounds(flat)
    scale = (SIDE - 2 * RIM) / max(east - west, north - south)
    width = (east - west) * scale + 2 * RIM
    height = (north - south) * scale + 3 * RIM
    rings = shapely.get_rings(shapely.get_parts(flat))
    path = " ".join(
        _path((shapely.get_coordinates(ring) - (west, north)) * (scale, -scale) + RIM)
        for ring in rings
    )
    length = max(
        (one for one in BARS_M if one * scale <= width * BAR_PART), default=BARS_M[0]
    )
    low = height - RIM / 2
    return Outline(
        frame=f"0 0 {width:.0f} {height:.0f}",
        path=path,
        bar=f"M{RIM:.1f} {low:.1f}h{length * scale:.1f}",
        bar_text=metres(length),
    )


_OF_ZONES: Final = (
    *("county_code", "category", "leading_industries", "industry_words"),
)
_LISTED: Final = ("name", "county_code", "area_m2", "land_use_code", "stock_status")


def _flat(shape: BaseGeometry) -> BaseGeometry:
    from geopandas import GeoSeries  # noqa: PLC0415 - drawn, not read, here

    west, south, east, north = shapely.bounds(shape)
    plane = equal_area((west, south, east, north))
    return GeoSeries([shape], crs="EPSG:4490").to_crs(plane).iloc[0]


def _path(points: NDArray[np.float64]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points[:-1]) + "Z"


def _summary(row: Mapping[str, Any]) -> str:
    area = row.get("area_m2")
    told = (
        "" if absent(area) else public_area(float(str(area))),
        land_use_text(row.get("land_use_code")),
        _stock(row.get("stock_status")),
        place_of(row.get("county_code")),
    )
    return " · ".join(filter(None, told))


def _stock(state: object) -> str:
    known = str(state)
    return t(STOCK_STATUSES[known]) if known in STOCK_STATUSES else t("unknown")


def _zone(code: str) -> Zone:
    frame = resources.layer_frame(ZONES)
    row = {name: frame[name].loc[code] for name in _OF_ZONES if name in frame}
    land = land_in_zone(code)
    kind = str(text_or(row.get("category"), ""))
    return Zone(
        code=code,
        name=resources.zone_names(language()).get(code, code),
        place=place_of(row.get("county_code")),
        kind=kind,
        lines=tuple(_zone_lines(code, row, land)),
        sizes=_sizes(land),
        count=len(land),
        area=mu(_sum(land)),
    )


def _zone_lines(code: str, row: Mapping[str, Any], land: DataFrame) -> Iterable[Line]:
    yield Line(t("Zone code"), code)
    yield Line(t("Kind"), text_or(row.get("category")))
    industries = row.get("leading_industries")
    told = t("unknown") if absent(industries) else industries_text(str(industries))
    words = row.get("industry_words")
    note = "" if absent(words) else str(words)
    yield Line(t("Leading industries"), told, note)
    yield Line(t("Published parcels"), f"{len(land):,}")
    yield Line(t("Their area together"), public_area(_sum(land)))
    yield Line(t("Price"), _price_span(land))


def _price_span(land: DataFrame) -> str:
    if "price_cny_m2" not in land or land["price_cny_m2"].notna().sum() == 0:
        return t("unknown")
    low, high = float(land["price_cny_m2"].min()), float(land["price_cny_m2"].max())
    span = price_text(low) if low == high else f"{price_text(low)} - {price_text(high)}"
    return f"{span} {unit_after('wan_cny/mu')}"


def _sizes(land: DataFrame) -> tuple[Size, ...]:
    area_mu = _areas(land) / M2_IN["mu"]
    return tuple(
        Size(t(title), int(there.sum()), f"{area_mu[there].sum():,.0f}")
        for title, (low, high) in zip(SIZE_TITLES, SIZES_MU, strict=True)
        for there in ((area_mu >= low) & (area_mu < high),)
    )


def _areas(land: DataFrame) -> NDArray[np.float64]:
    if "area_m2" not in land:
        return np.zeros(len(land))
    return np.nan_to_num(np.asarray(land["area_m2"], dtype=np.float64))


def _sum(land: DataFrame) -> float:
    return float(_areas(land).sum())


def counties(table: DataFrame) -> Sequence[tuple[str, str, int]]:
    """List the counties that have published land: code, name, parcels."""
    if "county_code" not in table:
        return ()
    counted = table["county_code"].astype(str).value_counts()
    return sorted(
        (str(code), place_of(code), int(number))
        for code, number in counted.items()
        if number and not absent(code)
    )
