"""Three parcels, one need: enough to say everything an export says."""

import pytest
from geopandas import GeoSeries
from pandas import DataFrame
from shapely import box

from layers.facts import Facts
from reports.candidates import About
from siting.need import read_need
from siting.screen import Screening, screen

HOSTILE = "地块{{7*7}}${alert(1)}<img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("http://example.invalid","x")'

NEED = """
title = "试验项目"
[[constraints]]
use = "area_between"
minimum = "10 mu"
[[constraints]]
use = "clear_of"
layer = "redline"
[[constraints]]
use = "width_at_least"
width_m = 50
[[constraints]]
use = "services_at_least"
services = { power = "present" }
[[factors]]
use = "compact"
weight = 1
"""


@pytest.fixture
def facts() -> Facts:
    table = DataFrame(
        {
            "name": [HOSTILE, FORMULA, "小地块"],
            "county_code": ["520115", "520115", "520303"],
            "area_m2": [10_000.0, 20_000.0, 600.0],
            "price_cny_m2": [150.0, float("nan"), 75.0],
            "width_min_m": [80.0, 120.0, 20.0],
            "service_power": ["present"] * 3,
            "compactness": [0.9, 0.5, 0.4],
            "redline_share": [0.0, float("nan"), 0.0],
            "redline_overlap_m2": [0.0, float("nan"), 0.0],
            "redline_covered_share": [1.0, 0.0, 1.0],
            "redline_evidence": ["clear", "not_checked", "clear"],
        },
        index=["GZ-1", "GZ-2", "GZ-3"],
    )
    return Facts(
        table=table,
        version="v",
        layers={"parcels": "aa11", "redline": "bb22"},
        built_at="2026-11-22T00:00:00+00:00",
    )


@pytest.fixture
def screening(facts: Facts) -> Screening:
    return screen(read_need(NEED), facts)


@pytest.fixture
def shapes() -> GeoSeries:
    corners = [box(106.6 + i / 100, 26.5, 106.601 + i / 100, 26.501) for i in range(3)]
    return GeoSeries(corners, index=["GZ-1", "GZ-2", "GZ-3"], crs="EPSG:4490")


@pytest.fixture
def about() -> About:
    return About(
        title="试验项目",
        made_on="2026-11-22",
        synthetic=("地块",),
        data=(("生态保护红线", "2026-06-30", "bb22"),),
        names={"area_between": "面积", "clear_of:redline": "避让 生态保护红线"},
        word=lambda column, code: f"{column} {code}" if code == "520115" else code,
        value=lambda told: "、".join(told.value.values()),
    )
