"""Names on the maps of a land check: parcels, and conflicts by number as in tables."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import shapely

from gis.crs import Box
from layers.check import Check
from reports.check_conflicts import conflict_rows
from reports.sheet_content import SheetName

MOST_NAMED: Final = 40
ABOVE: Final = 0.04  # of the map's height, from a parcel to its name
NUMBER_ROOM: Final = 0.05  # of the map's height, that a number needs


def names_on(check: Check, box: Box) -> list[SheetName]:
    """Name what a map shows: parcels above their land, conflicts on their ground.

    Args:
        check: The check.
        box: West, south, east, north of the map.

    Returns:
        Names, those first that must stand where room is short.
    """
    window = shapely.box(*box)
    numbers = list(_numbers(check, window))
    named = [name for name, on_ground in numbers if on_ground]
    shapes = check.parcels.geometry.to_numpy()
    keys = check.parcels.index
    seen = np.flatnonzero(shapely.intersects(shapes, window))[:MOST_NAMED]
    above = ABOVE * (box[3] - box[1])
    for at in seen.tolist():
        here = shapely.intersection(shapes[at], window)
        # Above the parcel: a name in the middle hides a dot, or a conflict's number.
        place = (here.centroid.x, min(here.bounds[3] + above, box[3] - above))
        named.append(SheetName(str(keys[at]), place, 7.0))
    # Where room is short, whose land it is says more than a number beside it.
    return named + [name for name, on_ground in numbers if not on_ground]


def _numbers(check: Check, window: shapely.Polygon) -> Iterator[tuple[SheetName, bool]]:
    """Give the numbers of conflicts, as tables tell them, and whether they fit."""
    for number, (_, one) in enumerate(conflict_rows(check).iterrows(), start=1):
        shape = one["geometry"]
        if number > MOST_NAMED:
            return
        if shape is not None and shape.intersects(window):
            here = shapely.intersection(shape, window)
            at, fits = _number_at(here, window)
            yield SheetName(str(number), at, 9.0), fits


def _number_at(
    here: Any,  # noqa: ANN401 - any shape
    window: shapely.Polygon,
) -> tuple[tuple[float, float], bool]:
    """Find where a conflict's number stands: on its ground, or below it if small."""
    _, south, _, north = window.bounds
    west, low, east, high = here.bounds
    if min(east - west, high - low) > NUMBER_ROOM * (north - south):
        at = here.representative_point()
        return (at.x, at.y), True
    return (here.centroid.x, max(low - ABOVE * (north - south), south)), False
