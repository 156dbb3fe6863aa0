"""Where on earth a boundary lies: told, offered, or asked; never guessed in silence."""

import numpy as np
import pytest
import shapely
from pyproj import Transformer
from shapely import Polygon, box
from shapely.geometry.base import BaseGeometry

from gis.errors import CrsError, LayerError
from layers.boundary import Boundary, parcels_frame
from layers.placing import choices, exchanged, needs_choice, place
from layers.region import Region

# The study's test vector: 106.71 E, 26.58 N.
PREFIXED = (36_371_482.393, 2_941_741.624)
PLAIN = (371_482.393, 2_941_741.624)


def square(x: float, y: float, size: float = 100.0) -> Polygon:
    return box(x, y, x + size, y + size)


def broken(number: float) -> BaseGeometry:
    """Draw a polygon of which one coordinate is no number."""
    with np.errstate(invalid="ignore"):
        return Polygon([(106.7, 26.5), (number, 26.5), (106.8, 26.6), (106.7, 26.5)])


def boundary(*shapes: BaseGeometry, crs: str = "", **told: object) -> Boundary:
    rows: list[dict[str, object]] = [
        {"parcel_id": str(n + 1), "name": f"地块{n + 1}", "crs": crs}
        for n in range(len(shapes))
    ]
    return Boundary(parcels_frame(rows, list(shapes)), kind="txt", **told)  # type: ignore[arg-type]


def put(given: Boundary, region: Region, **told: object) -> object:
    return place(given, name="a.txt", data=b"bytes", region=region, **told)  # type: ignore[arg-type]


def test_what_the_file_says_is_taken(region: Region) -> None:
    placed = place(
        boundary(square(*PREFIXED), crs="EPSG:4524", precision_m=0.05),
        name="界址点.txt",
        data=b"bytes",
        region=region,
    )
    corners = shapely.get_coordinates(placed.parcels.geometry.to_numpy())
    nearest = np.abs(corners - (106.71, 26.58)).sum(axis=1).min()
    assert nearest < 1e-8
    assert placed.crs_from == "as the file says"
    assert placed.precision_m == 0.05
    assert placed.sha256 == (
        "277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9"
    )


def test_parcels_of_two_zones_lie_beside_each_other(region: Region) -> None:
    to_35 = Transformer.from_crs(4490, 4523, always_xy=True)
    to_36 = Transformer.from_crs(4490, 4524, always_xy=True)
    rows: list[dict[str, object]] = [
        {"parcel_id": "a", "crs": "EPSG:4523"},
        {"parcel_id": "b", "crs": "EPSG:4524"},
    ]
    shapes = [
        square(*to_35.transform(106.49, 26.5)),
        square(*to_36.transform(106.51, 26.5)),
    ]
    placed = place(
        Boundary(parcels_frame(rows, shapes), kind="txt"),
        name="a.txt",
        data=b"",
        region=region,
    )
    assert placed.parcels.geometry.loc["a"].bounds[0] == pytest.approx(106.49)
    assert placed.parcels.geometry.loc["b"].bounds[0] == pytest.approx(106.51)
    assert placed.crs_names == ["EPSG:4523", "EPSG:4524"]


def test_coordinates_without_a_zone_are_offered_those_that_lie_inside(
    region: Region,
) -> None:
    given = boundary(square(*PLAIN))
    assert needs_choice(given)
    offered = choices(given, region)
    inside = [(one.crs, one.zone) for one in offered if one.inside]
    assert inside == [("EPSG:4544", 35), ("EPSG:4545", 36), ("EPSG:4546", 37)]
    with pytest.raises(CrsError, match="EPSG:4544, EPSG:4545, EPSG:4546: choose one"):
        put(given, region)


def test_a_persons_choice_is_taken_and_said(region: Region) -> None:
    placed = place(
        boundary(square(*PLAIN)),
        name="a.txt",
        data=b"",
        region=region,
        crs="EPSG:4545",
    )
    assert placed.parcels.total_bounds[0] == pytest.approx(106.71, abs=1e-4)
    assert placed.crs_from == "chosen by a person"


def test_a_prefix_leaves_one_choice(region: Region) -> None:
    offered = choices(boundary(square(*PREFIXED)), region)
    assert [(one.crs, one.inside) for one in offered] == [("EPSG:4524", True)]


def test_degrees_are_offered_as_degrees(region: Region) -> None:
    offered = choices(boundary(square(106.7, 26.5, 0.01)), region)
    assert [(one.crs, one.inside) for one in offered] == [("EPSG:4490", True)]


def test_axes_exchanged_fit_nowhere_until_they_are_exchanged_back(
    region: Region,
) -> None:
    wrong = boundary(square(PREFIXED[1], PREFIXED[0]))
    assert [one for one in choices(wrong, region) if one.inside] == []
    with pytest.raises(CrsError, match="order of the axes"):
        put(wrong, region)
    right = exchanged(wrong)
    assert [one.crs for one in choices(right, region)] == ["EPSG:4524"]
    assert right.remarks[-1].kind == "mended"


@pytest.mark.parametrize(
    ("shape", "crs", "why"),
    [
        (square(*PLAIN), "EPSG:4490", "they look like metres"),
        (square(116.4, 39.9, 0.01), "EPSG:4490", "outside the region"),
        (square(PREFIXED[0] + 5e6, PREFIXED[1]), "EPSG:4524", "region|no place"),
        (
            broken(np.nan),
            "EPSG:4490",
            "no numbers",
        ),
        (
            broken(np.inf),
            "EPSG:4490",
            "no numbers",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_read(
    region: Region, shape: BaseGeometry, crs: str, why: str
) -> None:
    with pytest.raises(CrsError, match=why):
        put(boundary(shape, crs=crs), region)


def test_an_outline_that_crosses_itself_is_mended_and_kept_as_it_was(
    region: Region,
) -> None:
    bow = Polygon([(106.7, 26.5), (106.701, 26.501), (106.701, 26.5), (106.7, 26.501)])
    placed = place(boundary(bow, crs="EPSG:4490"), name="a", data=b"", region=region)
    assert placed.parcels.geometry.iloc[0].is_valid
    assert placed.parcels["outline"].iloc[0].equals_exact(bow, 1e-12)
    assert [(one.kind, one.parcel) for one in placed.remarks] == [("mended", "1")]


def test_a_parcel_without_an_area_is_left_out_and_told(region: Region) -> None:
    line = Polygon([(106.7, 26.5), (106.701, 26.5), (106.7, 26.5)])
    placed = place(
        boundary(square(106.7, 26.5, 0.001), line, crs="EPSG:4490"),
        name="a",
        data=b"",
        region=region,
    )
    assert list(placed.parcels.index) == ["1"]
    assert [one.kind for one in placed.remarks] == ["refused"]
    with pytest.raises(LayerError, match="no parcel with an area"):
        put(boundary(line, crs="EPSG:4490"), region)


def test_a_crs_that_is_none_is_refused(region: Region) -> None:
    with pytest.raises(CrsError, match="no CRS that is known"):
        put(boundary(square(*PLAIN)), region, crs="EPSG:999999")
