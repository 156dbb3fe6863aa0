"""How exactly published figures are told: in steps, and the page says which."""

from gis.units import M2_PER_MU
from ui import resources
from ui.i18n import t


def area_step_m2() -> float | None:
    """Return the step that published areas are told in; None where they are exact."""
    rule = resources.published().rules.rule_of("parcels")
    column = None if rule is None else rule.columns.get("area_m2")
    return None if column is None else column.step


def rounding_note() -> str:
    """Say how exactly areas, distances and outlines are published."""
    published = resources.published().rules
    parts = []
    step = area_step_m2()
    if step is not None:
        parts.append(t("areas to the nearest {mu} mu", mu=f"{step / M2_PER_MU:g}"))
    metres = published.measured.distance_step_m
    parts.append(t("distances to the nearest {m} m", m=f"{metres:g}"))
    rule = published.rule_of("parcels")
    if rule is not None and rule.outline != "exact":
        parts.append(t("outlines to about {m} m", m=f"{rule.grid_m:g}"))
    return t("Published figures are rounded: {parts}.", parts=t(", ").join(parts))
