"""The sample's zones: infrastructure with its money, yearly figures, recognitions.

Zones, their codes and counties are public (`facts/zones.csv`), and so are the five of
Qiannan that are recognised; infrastructure, money and figures are invented.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from numpy.random import Generator

from sample_data.generator.casework import Row
from sample_data.generator.draw import stream
from sample_data.generator.facts import read_facts
from sample_data.generator.projects import AS_OF, SIGNED

KEY_ZONES: Final = {
    "52201006": "522701",
    "52201009": "522730",
    "52201033": "522725",
    "52201034": "522731",
    # Not in the national list of zones, so that it has no code and no outline here.
    "黔南高新区": "522700",
}
NAMED_ON: Final = "2024-06-24"
BASIS: Final = "黔投提复字〔2024〕63号所列；认定日期未载明，暂以复函日期登记"

KINDS: Final = {
    "road": ("主干道{0}期", "开发区平台公司（示例）", 5_200),
    "power": ("110千伏输变电工程{0}期", "供电局（示例）", 7_800),
    "water": ("供水管网延伸{0}期", "水务公司（示例）", 2_300),
    "drainage": ("污水处理厂及管网{0}期", "开发区平台公司（示例）", 4_600),
    "gas": ("燃气中压管网{0}期", "燃气公司（示例）", 1_500),
    "telecom": ("通信管道及5G基站{0}期", "通信公司（示例）", 700),
    "levelling": ("场平工程{0}期", "开发区平台公司（示例）", 3_900),
    "building": ("标准厂房{0}期", "开发区平台公司（示例）", 9_500),
}
# How large the part of each source usually is.
SOURCES: Final = {
    "fiscal": 2.0,
    "bond": 4.0,
    "subsidy": 0.3,
    "loan": 2.5,
    "company": 1.5,
}
NUMERALS: Final = "一二三"
FIGURES: Final = {
    "industrial_output": (40.0, 900.0),
    "output_per_mu": (90.0, 420.0),
    "tax_per_mu": (2.0, 16.0),
    "leading_share": (38.0, 86.0),
    "firms_above_size": (12.0, 160.0),
    "funds_in_place": (8.0, 160.0),
    "idle_land": (0.0, 900.0),
}
YEARS: Final = (2024, 2025)
DONE, BUILDING, PLANNED = 0.34, 0.68, 0.86
IN_PROJECTS: Final = 0.14


def draw_facilities(projects: Sequence[Row], *, seed: int) -> list[Row]:
    """Draw what is built for zones and for some projects.

    Args:
        projects: The sample's projects.
        seed: Seed of the province.

    Returns:
        One entry a facility, with its funds.
    """
    entries = []
    for zone in read_facts("zones").itertuples(index=False):
        rng = stream(seed, "facilities", str(zone.zone_code))
        for kind in rng.choice(list(KINDS), int(rng.integers(1, 5)), replace=False):
            place = {"zone": zone.zone_code, "region": zone.county_code}
            entries.append(place | _facility(rng, str(kind), str(zone.name)))
    for project in projects:
        rng = stream(seed, "facilities", project["code"])
        if project["stage"] in SIGNED and rng.uniform() < IN_PROJECTS:
            kind = str(rng.choice(["road", "power", "water", "drainage"]))
            own = _facility(rng, kind, "红线外")
            entries.append({"project": project["code"]} | own)
    return entries


def draw_zones(*, seed: int) -> list[Row]:
    """Draw the yearly figures of the zones, and tell their recognitions.

    Args:
        seed: Seed of the province.

    Returns:
        One entry a figure or a recognition.
    """
    entries: list[Row] = [
        {
            "zone": zone,
            "region": region,
            "recognition": "key",
            "basis": BASIS,
            "since": NAMED_ON,
        }
        for zone, region in KEY_ZONES.items()
    ]
    for zone in read_facts("zones").itertuples(index=False):
        rng = stream(seed, "zone figures", str(zone.zone_code))
        size = float(rng.uniform())
        for year in YEARS:
            for code, (low, high) in FIGURES.items():
                if rng.uniform() < 0.06:  # noqa: PLR2004 - some figures are not handed in
                    continue
                value = low + (high - low) * (0.7 * size + 0.3 * rng.uniform())
                entries.append({
                    "zone": zone.zone_code,
                    "region": zone.county_code,
                    "year": year,
                    "code": code,
                    "value": round(value, 0 if code == "firms_above_size" else 1),
                    "source": f"{year}年度开发区年报（示例）",
                })
    return entries


def _facility(rng: Generator, kind: str, place: str) -> Row:
    title, builder, money = KINDS[kind]
    luck = float(rng.uniform())
    planned = AS_OF + timedelta(days=int(rng.integers(-200, 500)))
    entry: Row = {
        "kind": kind,
        "title": place + title.format(NUMERALS[int(rng.integers(3))]),
        "builder": builder,
        "state": "missing",
        "share": 0.0,
    }
    if luck < DONE:
        done = AS_OF - timedelta(days=int(rng.integers(20, 400)))
        entry |= {"state": "done", "share": 1.0, "done_on": _day(done)}
        planned = done + timedelta(days=int(rng.integers(-90, 60)))
    elif luck < BUILDING:
        entry |= {"state": "building", "share": round(float(rng.uniform(0.1, 0.95)), 2)}
    elif luck < PLANNED:
        entry["state"] = "planned"
    if entry["state"] != "missing":
        entry["planned_on"] = _day(planned)
        entry["funds"] = _funds(rng, money * float(rng.uniform(0.6, 1.6)), entry)
    return entry


def _funds(rng: Generator, money: float, entry: Row) -> list[Row]:
    sources = rng.choice(list(SOURCES), int(rng.integers(2, 5)), replace=False)
    shares = rng.dirichlet([SOURCES[str(source)] for source in sources])
    funds = []
    for source, share in zip(sources, shares, strict=True):
        planned = max(round(money * float(share), -1), 10.0)
        here = entry["share"] + float(rng.uniform(-0.2, 0.1))
        part = 1.0 if entry["state"] == "done" else min(max(here, 0.0), 1.0)
        funds.append({
            "source": str(source),
            "planned_wan_cny": planned,
            "arrived_wan_cny": round(planned * part, 0),
        })
    return funds


def _day(day: date) -> str:
    return day.isoformat()
