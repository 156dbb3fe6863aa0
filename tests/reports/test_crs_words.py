"""CRSs in words: as surveyors name them, and never as the text of a definition."""

import pytest
from pyproj import CRS

from reports.crs_words import LONGEST, crs_words

LOCAL = CRS.from_proj4("+proj=tmerc +lon_0=106.5 +x_0=500000 +ellps=GRS80 +units=m")


def say(msgid: str) -> str:
    return msgid


def named(name: str) -> str:
    told = LOCAL.to_json_dict()
    told["name"] = name
    return str(CRS.from_json_dict(told).to_wkt())


@pytest.mark.parametrize(
    ("crs", "words"),
    [
        ("EPSG:4490", "CGCS2000 degrees (EPSG:4490)"),
        ("EPSG:4524", "CGCS2000, 3-degree zone 36 (EPSG:4524)"),
        ("EPSG:4545", "CGCS2000, 3-degree zone 36 (EPSG:4545)"),
        ("EPSG:32648", "WGS 84 / UTM zone 48N (EPSG:32648)"),
        (named("贵阳独立坐标系"), "贵阳独立坐标系"),
        (named("x" * 500), "x" * LONGEST),
        (named("unknown"), "a CRS without a name"),
        ("EPSG:999999", "a CRS without a name (EPSG:999999)"),
    ],
)
def test_a_crs_is_told_by_its_name_and_its_code(crs: str, words: str) -> None:
    assert crs_words([crs], say) == words


def test_several_crss_are_told_one_after_the_other() -> None:
    assert crs_words(["EPSG:4523", "EPSG:4524"], say) == (
        "CGCS2000, 3-degree zone 35 (EPSG:4523), CGCS2000, 3-degree zone 36 (EPSG:4524)"
    )
