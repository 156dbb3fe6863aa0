"""What parcels consist of: every square metre once."""

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from gis.composition import NOT_COVERED, SEVERAL, composition
from gis.crs import equal_area

PLANE = equal_area((103.0, 24.0, 110.2, 29.8))
PARCELS = GeoSeries([box(0, 0, 100, 100), box(200, 0, 300, 100)], crs=PLANE)


def zones(*rows: tuple[str | None, shapely.Geometry]) -> GeoDataFrame:
    codes, shapes = zip(*rows, strict=True)
    return GeoDataFrame({"code": list(codes)}, geometry=list(shapes), crs=PLANE)


def told(layer: GeoDataFrame) -> dict[tuple[int, str], float]:
    rows = composition(PARCELS, layer, "code")
    return {
        (int(parcel), str(code)): float(area)
        for parcel, code, area in zip(
            rows["parcel"], rows["code"], rows["area_m2"], strict=True
        )
    }


def test_ground_is_parted_by_class_and_the_rest_is_not_covered() -> None:
    layer = zones(("1001", box(0, 0, 40, 100)), ("0701", box(40, 0, 90, 100)))
    assert told(layer) == {
        (0, "0701"): 5_000.0,
        (0, "1001"): 4_000.0,
        (0, NOT_COVERED): 1_000.0,
        (1, NOT_COVERED): 10_000.0,
    }


def test_ground_in_several_classes_counts_in_none_of_them() -> None:
    layer = zones(("a", box(0, 0, 60, 100)), ("b", box(40, 0, 100, 100)))
    found = told(layer)
    assert found[0, SEVERAL] == pytest.approx(2_000.0)
    assert found[0, "a"] == pytest.approx(4_000.0)
    assert found[0, "b"] == pytest.approx(4_000.0)
    assert (0, NOT_COVERED) not in found


def test_a_row_without_a_class_covers_nothing() -> None:
    assert told(zones((None, box(0, 0, 100, 100)), ("", box(0, 0, 100, 100)))) == {
        (0, NOT_COVERED): 10_000.0,
        (1, NOT_COVERED): 10_000.0,
    }


@pytest.mark.parametrize(
    ("last", "found"),
    [
        ("a", {(0, "a"): 3.0, (0, NOT_COVERED): 9_997.0}),
        ("b", {(0, SEVERAL): 1.0, (0, "b"): 1.0, (0, NOT_COVERED): 9_998.0}),
    ],
)
def test_outlines_apart_by_next_to_nothing_part_the_ground_as_one_would(
    last: str, found: dict[tuple[int, str], float]
) -> None:
    shift = box(0, 1, 1, 2) if last == "a" else box(0, 0, 1, 1)
    layer = zones(
        ("a", box(0, 0, 1, 1)),
        ("a", shift),
        ("a", box(0, 3.1354941277224627e-252, 1, 1)),
        (last, box(0, 1.1761494535565156e-279, 2, 1)),
    )
    assert told(layer) == found | {(1, NOT_COVERED): 10_000.0}


piece = st.tuples(
    st.sampled_from(["a", "b", "c"]),
    st.floats(-50, 120),
    st.floats(-50, 120),
    st.floats(1, 150),
    st.floats(1, 150),
).map(
    lambda told: (told[0], box(told[1], told[2], told[1] + told[3], told[2] + told[4]))
)


@settings(max_examples=60, deadline=None)
@given(st.lists(piece, min_size=1, max_size=8))
def test_the_parts_of_a_parcel_sum_to_it(
    rows: list[tuple[str, shapely.Geometry]],
) -> None:
    parts = composition(PARCELS, zones(*rows), "code")
    sums = parts.groupby("parcel")["area_m2"].sum()
    assert sums.to_numpy() == pytest.approx(10_000.0, rel=1e-9)
    assert (parts["area_m2"] > 0).all()
    assert np.allclose(parts["share"], parts["area_m2"] / 10_000.0)
