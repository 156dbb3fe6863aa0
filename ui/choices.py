"""What may be chosen in the form, where the choices come from the data of the day."""

from collections.abc import Mapping
from typing import Final

from siting.industries import table
from ui import resources, site_ledger
from ui.i18n import language, t

KEY_ZONES: Final = "zone:key"
"""Source of the zones that the ledger knows as recognised today."""


def names_for(source: str) -> Mapping[str, str]:
    """List the choices of a source.

    Args:
        source: "layer:<role>", "region", "zone", "zone:key" or "land_use", as
            `siting.parameter.Choices` tells it; "project" for those that hold land.

    Returns:
        Title by value, in the reader's language; empty where nothing is loaded.
    """
    kind, _, role = source.partition(":")
    if kind == "layer":
        layers = resources.catalog().with_role(role)
        return {layer.name: t(layer.title) for layer in layers}
    if kind == "region":
        return dict(sorted(resources.place_names(language()).items()))
    if kind == "project":
        return site_ledger.holder_names()
    if kind == "zone":
        named = resources.zone_names(language())
        # Where none is recognised, or for who may not look, any zone may be named.
        return site_ledger.key_zones(named) or named if source == KEY_ZONES else named
    if kind == "land_use":
        names = table("land_use_classes")["names"]
        return {code: f"{code} {name}" for code, name in names.items()}
    return {}
