"""A land check made by hand: a certain conflict, ground covered in part, clear land."""

from typing import Any

import numpy as np
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame
from shapely import box

from layers.boundary import Remark
from layers.check import Check, CheckedLayer, Overrule
from layers.layer import Layer
from layers.submission import Submission

HOSTILE = (
    '=HYPERLINK("http://x","y") {{7*191}} <script>alert(1)</script> *粗* #import "x"'
)
SQUARES = [box(106.40 + n * 0.2, 26.5, 106.401 + n * 0.2, 26.501) for n in range(3)]
IDS = ["甲-1", "乙-2", "丙-3"]
NAN = float("nan")


def layer(name: str, title: str, **told: Any) -> Layer:
    given: dict[str, Any] = {
        "name": name,
        "title": title,
        "role": "constraint",
        "source": "drawn by hand",
        "licence": "CC0-1.0",
        "data_date": "2026-01-31",
        "edition": "1",
        "accuracy_m": 1.0,
        "clause": f"Clause of {name}",
        "clause_confidence": "unconfirmed",
    }
    return Layer(**(given | told))


LAYERS = (
    CheckedLayer(
        layer(
            "farmland", "Permanent basic farmland", effect="approval", synthetic=True
        ),
        "0123456789abcdef",
        10,
    ),
    CheckedLayer(layer("geohazard", "Geological hazard zones"), "fedcba9876543210", 5),
    CheckedLayer(layer("redline", "Ecological protection redline")),
)


def finding(parcel: str, name: str, state: str, **told: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "parcel_id": parcel,
        "layer": name,
        "rule": "avoid",
        "state": state,
        "class": "",
        "overlap_m2": 0.0,
        "plane_m2": 0.0,
        "share": 0.0,
        "low_m2": NAN,
        "high_m2": NAN,
        "covered_share": 1.0,
        "distance_m": NAN,
        "features": "",
        "effect": "",
        "conflict": False,
        "geometry": None,
    }
    if state == "not_checked":
        nothing = {"overlap_m2": NAN, "plane_m2": NAN, "share": NAN, "covered_share": 0}
        given |= nothing
    return given | told


def findings() -> GeoDataFrame:
    rows = [
        finding(
            IDS[0],
            "farmland",
            "hit",
            **{"class": "certain"},
            overlap_m2=5_512.34,
            plane_m2=5_513.02,
            share=0.5,
            low_m2=5_400.11,
            high_m2=5_620.22,
            features="YJ-1 永久基本农田",
            conflict=True,
            geometry=box(106.40, 26.5, 106.4005, 26.501),
        ),
        finding(IDS[0], "geohazard", "clear"),
        finding(IDS[0], "redline", "not_checked"),
        finding(IDS[1], "farmland", "clear"),
        finding(IDS[1], "geohazard", "partly_covered", covered_share=0.4),
        finding(IDS[1], "redline", "not_checked"),
        finding(IDS[2], "farmland", "clear"),
        finding(IDS[2], "geohazard", "clear"),
        finding(IDS[2], "redline", "not_checked"),
    ]
    return GeoDataFrame(rows, geometry="geometry", crs="EPSG:4490")


def parcels() -> GeoDataFrame:
    return GeoDataFrame(
        {
            "name": ["一号地块", HOSTILE, "三号地块"],
            "area_m2": [11_024.68, 11_024.68, 11_024.68],
            "plane_m2": [11_026.04, 11_025.5, 11_027.9],
            "gk_zone": [35, 36, 36],
            "declared_m2": [11_000.0, np.nan, 11_030.0],
            "declared_gap_m2": [26.04, np.nan, -2.1],
            "perimeter_m": [420.0, 420.0, 420.0],
            "verdict": ["conflict", "not_fully_checked", "not_fully_checked"],
            "county": ["平坝区", "观山湖区", "云岩区"],
        },
        geometry=SQUARES,
        index=IDS,
        crs="EPSG:4490",
    ).rename_axis("parcel_id")


def submission() -> Submission:
    given = parcels()[["name", "declared_m2", "geometry"]].assign(
        use="工业用地", code="1001", sheet="", crs="EPSG:4524", line=1, outline=SQUARES
    )
    return Submission(
        name=f"界址点{HOSTILE}.txt",
        sha256="ab" * 32,
        size=1_234,
        kind="txt",
        encoding="gb18030",
        parcels=GeoDataFrame(given, geometry="geometry", crs="EPSG:4490"),
        precision_m=0.05,
        crs_from="as the file says",
        remarks=(
            Remark("The file is empty.", {}, kind="mended", line=7, parcel=IDS[0]),
        ),
    )


def made_check() -> Check:
    composition = DataFrame({
        "parcel_id": [IDS[0], IDS[0], IDS[1], IDS[2]],
        "code": ["1001", "", "1001", "0701"],
        "title": ["工业用地", "", "工业用地", "城镇住宅用地"],
        "area_m2": [8_000.0, 3_024.68, 11_024.68, 11_024.68],
        "share": [0.7256, 0.2744, 1.0, 1.0],
    })
    neighbours = GeoDataFrame(
        {
            "parcel_id": [IDS[0]],
            "against": ["claims"],
            "other": ["7"],
            "title": [HOSTILE],
            "kind": ["overlap"],
            "area_m2": [120.5],
            "share": [0.01],
            "class": ["to_verify"],
        },
        geometry=GeoSeries([SQUARES[0]], crs="EPSG:4490"),
    )
    return Check(
        submission=submission(),
        made_at="2026-11-27T08:30:00+08:00",
        software="0.1.0",
        region="guizhou",
        precision_m=0.05,
        layers=LAYERS,
        parcels=parcels(),
        findings=findings(),
        compositions={"zoning": composition},
        neighbours=neighbours,
        outline_faults=DataFrame({
            "parcel_id": [IDS[2]],
            "kind": ["spike"],
            "value": [1.2],
            "unit": ["degrees"],
            "lng": [106.8],
            "lat": [26.5],
        }),
        changes=DataFrame({
            "parcel_id": [IDS[2]],
            "moved_m": [3.0],
            "gained_m2": [300.0],
            "lost_m2": [299.0],
            "same": [False],
        }),
        titles={"zoning": "Zoning"},
        result_hash="4ce558cc" + "0" * 56,
        overrules=(
            Overrule(
                parcel_id=IDS[0],
                layer="farmland",
                says="no_conflict",
                reason=f"现场核实 {HOSTILE}",
                who="规划 赵",
                at="2026-11-27T09:00:00+08:00",
            ),
        ),
    )
