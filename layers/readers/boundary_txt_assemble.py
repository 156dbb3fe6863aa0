"""From raw parcels to a boundary: the steps that text and tables have in common."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from gis.errors import LayerError
from gis.words import Title
from layers.boundary import Boundary, parcels_frame, unique_ids
from layers.readers.boundary_txt_area import declared_areas
from layers.readers.boundary_txt_axes import Order, Seen, look
from layers.readers.boundary_txt_head import Said
from layers.readers.boundary_txt_notes import Notes
from layers.readers.boundary_txt_raw import RawParcel
from layers.readers.boundary_txt_rings import Layout, close, lay_out
from layers.readers.boundary_txt_shapes import polygons
from layers.readers.boundary_txt_zones import name_crs

_EXCHANGED: Final = Title("X and Y were exchanged, as asked for.")
_NO_POLYGON: Final = Title(
    "The parcel {parcel} from line {line} is of the kind {value}, no polygon (面): it "
    "was left out."
)
_NO_KEY: Final = Title(
    "The parcel from line {line} has no number: it is called {parcel}."
)
_SAME_KEY: Final = Title(
    "The parcel from line {line} has the number {value} of another: it is called "
    "{parcel}."
)
_NO_POLYGONS: Final = {"点", "线"}


@dataclass(frozen=True)
class Manner:
    """How a kind of file is to be read.

    Attributes:
        kind: Its short name, as `Boundary.kind`.
        encoding: Encoding of its text.
        closing: Whether the format wants closing points and parcel lines; tables
            have neither, so that nothing is said where they are missing.
        order: What is done where X and Y stand in another order than expected.
        swap_axes: Whether a person asks to exchange them.
    """

    kind: str
    encoding: str = ""
    closing: bool = True
    order: Order = Order.OFFER
    swap_axes: bool = False


def assemble(
    parcels: list[RawParcel],
    said: list[Said],
    told: Mapping[str, str],
    manner: Manner,
    notes: Notes,
) -> Boundary:
    """Make a boundary of what was read.

    Args:
        parcels: The parcels; changed.
        said: What each head says that a parcel points to.
        told: What the file says of itself.
        manner: How it is read.
        notes: What was remarked so far.

    Returns:
        The boundary, with all remarks.
    """
    kept = _only_polygons(parcels, notes)
    _name(kept, notes, expected=manner.closing)
    close(kept, notes, expected=manner.closing)
    layout, seen = _axes(kept, manner, notes)
    crs = name_crs(layout, seen, kept, said, notes)
    shapes = polygons(layout, seen, kept, notes)
    areas = declared_areas(kept, shapes, crs, notes, expected=manner.closing)
    rows = [
        _row(parcel, code, area)
        for parcel, code, area in zip(kept, crs, areas, strict=True)
    ]
    precisions = [one.precision_m for one in said if one.precision_m is not None]
    return Boundary(
        parcels_frame(rows, shapes),
        kind=manner.kind,
        encoding=manner.encoding,
        crs=crs[0] if len(set(crs)) == 1 else "",
        precision_m=max(precisions, default=None),
        remarks=notes.remarks(),
        told=told,
        swapped=seen.swapped,
    )


def _row(parcel: RawParcel, crs: str, declared_m2: float) -> dict[str, object]:
    return {
        "parcel_id": parcel.key,
        "name": parcel.name,
        "declared_m2": declared_m2,
        "use": parcel.use,
        "code": parcel.code,
        "sheet": parcel.sheet,
        "crs": crs,
        "line": parcel.line,
    }


def _only_polygons(parcels: list[RawParcel], notes: Notes) -> list[RawParcel]:
    """Leave out points and lines.

    Args:
        parcels: As read.
        notes: Where it is remarked.

    Returns:
        The polygons.

    Raises:
        LayerError: There are none.
    """
    kept = [one for one in parcels if one.kind not in _NO_POLYGONS]
    for parcel in parcels:
        if parcel.kind in _NO_POLYGONS:
            key, line = parcel.key, parcel.line
            notes.add(_NO_POLYGON, "refused", line, key, value=parcel.kind)
    if not kept:
        raise LayerError(
            "The file holds no polygon (面): all of its {count} parcels, the first "
            "from line {line}, are points or lines.",
            count=len(parcels),
            line=parcels[0].line if parcels else 0,
        )
    return kept


def _name(parcels: list[RawParcel], notes: Notes, *, expected: bool) -> None:
    """Give every parcel a number of its own."""
    named, changed = unique_ids([one.key for one in parcels])
    for at in np.flatnonzero(changed).tolist():
        parcel, key = parcels[at], named[at]
        if parcel.key:
            notes.add(_SAME_KEY, "mended", parcel.line, key, value=parcel.key)
        elif expected:
            notes.add(_NO_KEY, "mended", parcel.line, key)
        parcel.key = key


def _axes(
    parcels: list[RawParcel], manner: Manner, notes: Notes
) -> tuple[Layout, Seen]:
    """Lay the points out, X to the north as far as can be told or was asked for."""
    layout = lay_out(parcels)
    if manner.swap_axes:
        layout = replace(layout, first=layout.second, second=layout.first)
        notes.add(_EXCHANGED, "mended")
    return look(layout, parcels, notes, manner.order)
