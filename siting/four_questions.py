"""Four questions that anybody can answer, and the need that the answers become.

What is made, how much land, what must be near, how soon. The answers ask no more of a
parcel than they say, but for control lines: land that may not be built on is no offer,
whoever asks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

from gis.words import Title
from siting.need import Need, read_need

OPEN: Final = "open"
WHEN: Final[Mapping[str, Title]] = MappingProxyType({
    "now": Title("At once"),
    "year": Title("Within a year"),
    "two_years": Title("Within two years"),
    OPEN: Title("No hurry"),
})
"""How soon land may be asked for; the last asks nothing."""

DAYS: Final = MappingProxyType({"now": 0, "year": 365, "two_years": 730})
READY_STATUSES: Final = ("standard_land", "net_land")
"""Stock that can be had at once: cleared land, and land sold with its conditions."""

READY_SERVICES: Final = ("road", "water", "power")
BASIC_SERVICES: Final = ("road", "water", "drainage", "power", "telecom")
DISTANCES_KM: Final = (2, 5, 10, 20, 50)
USUAL_KM: Final = 10
MOST_NEAR: Final = 6
MOST_MU: Final = 100_000.0


@dataclass(frozen=True)
class Answers:
    """What somebody answered; nothing answered asks for any land.

    Attributes:
        industry: GB/T 4754-2017 code of any length, "" for any.
        least_mu: Least area in mu, None for any.
        most_mu: Greatest area in mu, None for any.
        near: Names of the infrastructure layers that must be near.
        within_km: How near, in kilometres, from the parcel's boundary.
        when: How soon, one of `WHEN`.
        place: GB/T 2260 code of the county or prefecture, "" for anywhere.
        zone: Code of the development zone, "" for any or none.
    """

    industry: str = ""
    least_mu: float | None = None
    most_mu: float | None = None
    near: tuple[str, ...] = ()
    within_km: float = USUAL_KM
    when: str = OPEN
    place: str = ""
    zone: str = ""


def need_of(
    answers: Answers,
    *,
    today: date,
    control_lines: Sequence[str] = (),
    free: bool = False,
    title: str = "",
) -> Need:
    """Make a need of the answers.

    Args:
        answers: What was answered; an area that ends before it begins is turned round.
        today: The day that "how soon" is counted from.
        control_lines: Names of the layers that land must keep clear of.
        free: Whether it is known which land is held, and held land is no offer.
        title: What the need is called.

    Returns:
        The need: what was asked decides, and what suits better comes first. What is
        not known of a parcel leaves it in, flagged.

    Raises:
        NeedError: An answer is no such industry, place or distance.
    """
    return read_need({
        "title": title,
        "industry": answers.industry,
        "constraints": [
            *_use(answers),
            *_area(answers),
            *_nearness(answers),
            *_readiness(answers, today),
            *_somewhere(answers),
            *({"use": "clear_of", "layer": one} for one in control_lines),
            *([{"use": "not_claimed"}] if free else []),
        ],
        "factors": _wishes(answers),
    })


def area_ends(answers: Answers) -> tuple[float | None, float | None]:
    """Return the least and the greatest area in mu, the lesser first."""
    ends = answers.least_mu, answers.most_mu
    if None not in ends and ends[0] > ends[1]:  # type: ignore[operator]
        return ends[1], ends[0]
    return ends


def _use(answers: Answers) -> list[dict[str, Any]]:
    return [{"use": "land_use_permitted"}] if answers.industry else []


def _area(answers: Answers) -> list[dict[str, Any]]:
    least, most = area_ends(answers)
    if least is None and most is None:
        return []
    asked: dict[str, Any] = {"use": "area_between"}
    if least is not None:
        asked["minimum"] = f"{least:g} mu"
    if most is not None:
        asked["maximum"] = f"{most:g} mu"
    return [asked]


def _nearness(answers: Answers) -> list[dict[str, Any]]:
    within_m = answers.within_km * 1_000
    return [
        {"use": "within_distance", "layer": layer, "within_m": within_m}
        for layer in dict.fromkeys(answers.near)
    ]


def _readiness(answers: Answers, today: date) -> list[dict[str, Any]]:
    if answers.when not in DAYS:
        return []
    last = today + timedelta(days=DAYS[answers.when])
    asked: list[dict[str, Any]] = [{"use": "available_by", "by": last.isoformat()}]
    if answers.when == "now":
        asked += [
            {"use": "stock_status_in", "statuses": list(READY_STATUSES)},
            {
                "use": "services_at_least",
                "services": dict.fromkeys(READY_SERVICES, "at_boundary"),
            },
        ]
    return asked


def _somewhere(answers: Answers) -> list[dict[str, Any]]:
    asked: list[dict[str, Any]] = []
    if answers.place:
        asked.append({"use": "region_in", "codes": [answers.place]})
    if answers.zone:
        asked.append({"use": "in_development_zone", "zones": [answers.zone]})
    return asked


def _wishes(answers: Answers) -> list[dict[str, Any]]:
    """Say what is better among what fits: fixed weights, the same for everybody."""
    wishes: list[dict[str, Any]] = [
        {"use": "services_level", "services": list(BASIC_SERVICES), "weight": 2.0}
    ]
    if answers.industry:
        wishes.append({"use": "zone_matches_industry", "weight": 2.0})
    ideal = _ideal_mu(answers)
    if ideal is not None:
        middle, off = ideal
        wishes.append({
            "use": "area_near_ideal",
            "ideal": f"{middle:g} mu",
            "tolerance": f"{off:g} mu",
        })
    wishes += [
        {"use": "near", "layer": layer, "within_m": answers.within_km * 1_000}
        for layer in dict.fromkeys(answers.near)
    ]
    return wishes


def _ideal_mu(answers: Answers) -> tuple[float, float] | None:
    """Return the best area, and how far off it counts nothing."""
    least, most = area_ends(answers)
    if least is not None and most is not None:
        # Both ends fit: the middle is best, and at the ends half remains.
        return (least + most) / 2, max(most - least, 1.0)
    if least:
        return least, max(2 * least, 1.0)
    return None
