"""What there is to publish from, and what of it leaves."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from layers.facts_store import FactStore
from layers.publishing_rules import PublishingRules
from layers.raster_store import FOLDER as RASTERS
from layers.raster_store import RasterStore
from layers.region import Region
from layers.store import LayerStore

PARCELS: Final = "parcels"
PUBLIC: Final = "public"
# Raised whenever the same rules and layers would give another dataset.
CODE: Final = "1"


@dataclass(frozen=True)
class Private:
    """What there is to publish from.

    Attributes:
        layers: The layers.
        facts: The facts.
        rasters: The pictures.
        region: Tells the plane.
    """

    layers: LayerStore
    facts: FactStore
    rasters: RasterStore
    region: Region


def private_of(home: Path, layers: LayerStore, region: Region) -> Private:
    """Name what there is in a home, and the layers wherever they are kept."""
    return Private(
        layers,
        FactStore(home / "facts"),
        RasterStore(home / RASTERS),
        region,
    )


def leaving(private: Private, rules: PublishingRules) -> list[tuple[str, str]]:
    """List the layers that leave: declared public, and by rule.

    Args:
        private: What there is.
        rules: How it leaves.

    Returns:
        Names and versions.
    """
    return [
        (name, version)
        for name, version in private.layers.versions().items()
        if rules.rule_of(name) is not None
        and private.layers.manifest(name).layer.publish == PUBLIC
    ]


def pictures_leaving(private: Private, rules: PublishingRules) -> list[tuple[str, str]]:
    """List the pictures that leave: declared public, and by rule.

    Args:
        private: What there is.
        rules: How it leaves.

    Returns:
        Names and versions.
    """
    return [
        (name, version)
        for name, version in private.rasters.versions().items()
        if name in rules.pictures
        and private.rasters.manifest(name).raster.publish == PUBLIC
    ]


def hash_of(*parts: str) -> str:
    """Hash some words into 16 digits."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
