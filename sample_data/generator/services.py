"""What a parcel may carry and what reaches it: planning rules, the seven services."""

import numpy as np
from pandas import DataFrame, Series

from sample_data.generator.draw import stream
from sample_data.generator.setting import AS_OF, Setting, days_of

# Values to draw from: of works and warehouses, and of all others.
RULES = {
    "far_min": ([0.6, 0.7, 0.8, 1.0], [0.0]),
    "far_max": ([1.5, 2.0, 2.5, 3.0], [1.8, 2.2, 2.5, 3.0, 3.5]),
    "building_density_max": ([0.5, 0.55, 0.6, 0.65], [0.25, 0.3, 0.4]),
    "height_max_m": ([24.0, 30.0, 36.0], [36.0, 54.0, 80.0, 100.0]),
    "greening_min": ([0.0, 0.1, 0.15], [0.25, 0.3, 0.35]),
}
# How much readiness may lack for present, at the boundary, planned.
SHORT_OF = (0.0, 0.16, 0.42)
HEAT_AHEAD = 0.25
# Share of parcels served in the middle and at the rim of a site.
REACH = {
    "road": (0.97, 0.62), "water": (0.93, 0.48), "drainage": (0.88, 0.35),
    "power": (0.95, 0.55), "heat": (0.05, 0.0), "gas": (0.62, 0.12),
    "telecom": (0.96, 0.6),
}  # fmt: skip


def rules(codes: Series, seed: int) -> DataFrame:
    """Draw planning rules: floor-area ratio, density, height, greening.

    Args:
        codes: Land-use classes of the parcels.
        seed: Seed of the province.

    Returns:
        `far_min`, `far_max`, `building_density_max`, `height_max_m`, `greening_min`.
    """
    rng = stream(seed, "rules")
    group = codes.str[:2]
    works = group.isin(["10", "11"]).to_numpy()
    table = {
        name: np.where(
            works, rng.choice(own, len(codes)), rng.choice(other, len(codes))
        )
        for name, (own, other) in RULES.items()
    }
    homes = (group == "07").to_numpy()
    table["far_min"] = np.where(homes, 1.0, table["far_min"])
    return DataFrame(table)


def services(setting: Setting, status: np.ndarray, seed: int) -> DataFrame:
    """Draw the seven services: worse far from the middle and for planned land.

    Args:
        setting: What is known of each parcel.
        status: Stock status of each.
        seed: Seed of the province.

    Returns:
        `service_<s>` and `service_<s>_on` for each service.
    """
    count = len(status)
    ready = stream(seed, "ready").normal(0, 0.16, count)
    ready += np.where(np.isin(status, ["net_land", "standard_land"]), 0.14, 0.0)
    ready -= np.where(status == "planned", 0.25, 0.0)
    ready -= 0.05 * (setting.of_site("rank") - 2)
    present, at_boundary, planned = SHORT_OF
    table: dict[str, np.ndarray] = {}
    for name, (middle, rim) in REACH.items():
        rng = stream(seed, "service", name)
        reach = middle + (rim - middle) * setting.remote**1.4 + ready
        short = rng.uniform(size=count) - reach
        words = np.select(
            [short < present, short < at_boundary, short < planned],
            ["present", "at_boundary", "planned"],
            "none",
        )
        if name == "heat":
            # Hardly any town here has a heat network, nor plans one.
            words = np.where(
                (words == "at_boundary") | (short > HEAT_AHEAD), "none", words
            )
        words = np.where(rng.uniform(size=count) < 0.02, "unknown", words)  # noqa: PLR2004 - share of gaps
        past = days_of(AS_OF - rng.integers(60, 2_600, count))
        coming = days_of(AS_OF + rng.integers(60, 900, count))
        table[f"service_{name}"] = words
        table[f"service_{name}_on"] = np.select(
            [np.isin(words, ["present", "at_boundary"]), words == "planned"],
            [past, coming],
            "",
        )
    return DataFrame(table)
