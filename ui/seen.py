"""What the reader may see: offices all parcels and layers, guests the public ones."""

from typing import Any

from gis.errors import LayerMissingError
from layers.facts import Facts
from layers.layer import Layer
from siting.need import Need
from siting.screen import Screening
from ui import access, resources
from ui.parcel_ground import ParcelGround
from ui.search_area import SearchArea
from ui.searched import Searched


def facts() -> Facts:
    """Return the facts of the parcels that the reader may see."""
    return resources.facts_of(internal=_internal())


def ground() -> ParcelGround:
    """Return the parcels that the reader may see, by number in the tiles and place."""
    return resources.parcel_ground(internal=_internal())


def parcel(parcel_id: str) -> dict[str, Any]:
    """Return all facts of one parcel that the reader may see.

    Args:
        parcel_id: The parcel.

    Returns:
        Values by fact name.

    Raises:
        LayerMissingError: There is no such parcel for this reader.
    """
    table = facts().table
    if parcel_id not in table.index:
        raise LayerMissingError("There is no parcel {parcel_id}.", parcel_id=parcel_id)
    return {str(name): value for name, value in table.loc[parcel_id].items()}


def screening(
    need: Need,
    claims: dict[str, str] | None,
    project: str,
    area: SearchArea | None = None,
) -> Screening:
    """Screen the parcels that the reader may see.

    Args:
        need: What is asked for.
        claims: Code of the project that holds a parcel; None where not known.
        project: Code of the project that asks.
        area: Where the search is held to; None searches everywhere.

    Returns:
        The answer.
    """
    return resources.screening(
        need,
        claims=claims,
        project=project,
        internal=_internal(),
        area=None if area is None else area.wkb,
    )


def searched(area: SearchArea | None) -> Searched:
    """Return the parcels that a screening of the same area answers."""
    return resources.searched(
        internal=_internal(), area=None if area is None else area.wkb
    )


def may_see(layer: Layer) -> bool:
    """Tell whether the reader may see a layer."""
    return layer.publish == "public" or _internal()


def _internal() -> bool:
    return access.sees_internal(access.current_actor())
