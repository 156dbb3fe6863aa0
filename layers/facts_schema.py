"""Which columns the facts have: their titles, units, and the layer behind each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from gis.words import Title, Unit
from layers.schema import SERVICES


@dataclass(frozen=True)
class FactColumn:
    """What a fact column tells.

    Attributes:
        name: Name in the table.
        title: What people read; an English msgid.
        unit: Unit of its figures; "" for none (shares are 0 to 1).
        layer: Layer it was measured against; "" for the parcel alone.
        fact: The name without the layer, "overlap_m2" for "farmland_overlap_m2".
        code: Land-use code of a zoning share; "" for none.
    """

    name: str
    title: str
    unit: str = ""
    layer: str = ""
    fact: str = ""
    code: str = ""


M2: Final = Unit("m2")
METRES: Final = Unit("m")
DEGREES: Final = Unit("degree")

# Measured from the parcel alone, or told by the feature that it lies in.
OWN: Final[Mapping[str, tuple[str, str]]] = {
    "area_m2": (Title("Area on the ellipsoid"), M2),
    "area_plane_m2": (Title("Area in the 3-degree plane"), M2),
    "gk_zone": (Title("Gauss-Kruger zone"), ""),
    "perimeter_m": (Title("Perimeter"), METRES),
    "compactness": (Title("Compactness"), ""),
    "width_min_m": (Title("Least width"), METRES),
    "rectangle_length_m": (Title("Length of the largest rectangle"), METRES),
    "rectangle_width_m": (Title("Width of the largest rectangle"), METRES),
    "lon": (Title("Longitude"), DEGREES),
    "lat": (Title("Latitude"), DEGREES),
    "minx": (Title("West"), DEGREES),
    "miny": (Title("South"), DEGREES),
    "maxx": (Title("East"), DEGREES),
    "maxy": (Title("North"), DEGREES),
    "mended": (Title("Mended"), ""),
    "self_overlap_m2": (Title("Overlap with other parcels"), M2),
    "duplicate_of": (Title("Duplicate of"), ""),
    "prefecture_code": (Title("Prefecture"), ""),
    "county_evidence": (Title("Evidence of the county"), ""),
    "zone_evidence": (Title("Evidence of the development zone"), ""),
}
SERVICE_TITLES: Final = dict(
    zip(
        SERVICES,
        (
            Title("Road"),
            Title("Water supply"),
            Title("Drainage"),
            Title("Power"),
            Title("Heat"),
            Title("Gas"),
            Title("Telecom"),
        ),
        strict=True,
    )
)
# Taken over from the parcels' file.
DECLARED: Final[Mapping[str, tuple[str, str]]] = {
    "parcel_id": (Title("Parcel"), ""),
    "name": (Title("Name"), ""),
    "county_code": (Title("County"), ""),
    "zone_code": (Title("Development zone"), ""),
    "county_code_declared": (Title("County, as declared"), ""),
    "zone_code_declared": (Title("Development zone, as declared"), ""),
    "land_use_code": (Title("Land-use code"), ""),
    "land_use_system": (Title("Land-use code system"), ""),
    "stock_status": (Title("Stock status"), ""),
    "area_declared_m2": (Title("Declared area"), M2),
    "price_cny_m2": (Title("Price"), Unit("CNY/m2")),
    "far_min": (Title("Floor-area ratio from"), ""),
    "far_max": (Title("Floor-area ratio to"), ""),
    "building_density_max": (Title("Building density up to"), ""),
    "height_max_m": (Title("Height up to"), METRES),
    "greening_min": (Title("Greening from"), ""),
    "holder": (Title("Holder"), ""),
    "available_from": (Title("Available from"), ""),
    "surveyed_on": (Title("Surveyed on"), ""),
    "publish": (Title("Who may see it"), ""),
    "note": (Title("Note"), ""),
    **{f"service_{name}": (title, "") for name, title in SERVICE_TITLES.items()},
    **{f"service_{name}_on": (title, "") for name, title in SERVICE_TITLES.items()},
}
# Measured against a layer: `<layer>_<fact>`. The longest ending that fits counts.
BY_LAYER: Final[Mapping[str, tuple[str, str]]] = {
    "overlap_m2": (Title("Overlap"), M2),
    "share": (Title("Share of the parcel"), ""),
    "covered_share": (Title("Share that was checked"), ""),
    "evidence": (Title("Evidence"), ""),
    "distance_m": (Title("Distance"), METRES),
    "found_m": (Title("Nearest found"), METRES),
    "distance_evidence": (Title("Evidence of the distance"), ""),
    "code": (Title("Zoned as, mostly"), ""),
}
SHARE_OF: Final = "_share_"
# Column of a zoning layer that its shares are told by.
CODE_COLUMN: Final = "land_use_code"


def fact_column(name: str, *, layers: Iterable[str]) -> FactColumn | None:
    """Describe a fact column.

    Args:
        name: Its name.
        layers: Names of the layers measured (`Facts.layers`).

    Returns:
        What it tells; None for a column that only the parcels' file knows.
    """
    if told := OWN.get(name) or DECLARED.get(name):
        return FactColumn(name, *told, fact=name)
    for layer in sorted(layers, key=len, reverse=True):
        fact = name.removeprefix(f"{layer}_")
        if fact == name:
            continue
        if fact in BY_LAYER:
            return FactColumn(name, *BY_LAYER[fact], layer=layer, fact=fact)
        if name.startswith(layer + SHARE_OF):
            code = name.removeprefix(layer + SHARE_OF)
            title = Title("Share zoned as {code}")
            return FactColumn(name, title, layer=layer, fact="share_of", code=code)
    return None


def layers_with(
    fact: str, *, columns: Iterable[str], layers: Iterable[str]
) -> list[str]:
    """List the layers that a fact was measured against.

    Args:
        fact: "overlap_m2", "distance_m", "code", ...
        columns: Names of the fact columns.
        layers: Names of the layers measured.

    Returns:
        Layer names, sorted.
    """
    held = set(columns)
    return sorted(layer for layer in layers if f"{layer}_{fact}" in held)
