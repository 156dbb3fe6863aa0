"""Free parcels like one that is held: the same county first, the nearest in area."""

from pandas import DataFrame

from siting.similar import similar_free

TABLE = DataFrame(
    {
        "county_code": ["520101", "520101", "520101", "520102", "520101", "520102"],
        "area_m2": [1_000.0, 2_000.0, 900.0, 1_001.0, float("nan"), 5_000.0],
    },
    index=["held", "double", "near", "next county", "unknown", "large"],
)


def found(parcel_id: str, taken: list[str], top: int = 5) -> list[str]:
    return list(similar_free(TABLE, parcel_id, taken=taken, top=top))


def test_the_same_county_goes_first_then_the_nearest_ratio_of_areas() -> None:
    assert found("held", []) == ["near", "double", "next county", "large"]
    assert found("held", [], top=2) == ["near", "double"]


def test_land_that_is_taken_is_left_out() -> None:
    assert found("held", ["near", "large"]) == ["double", "next county"]


def test_half_and_double_are_as_near_as_each_other() -> None:
    table = TABLE.assign(area_m2=[1_000.0, 2_000.0, 500.0, 1.0, 1.0, 1.0])
    assert list(similar_free(table, "held", taken=[], top=2)) == ["double", "near"]


def test_a_parcel_that_is_not_known_is_like_no_other() -> None:
    assert found("gone", []) == []
