"""How an uploaded file is to be read, and what its damage looks like."""

from dataclasses import dataclass, field
from typing import Final

from pyogrio.errors import (
    CRSError,
    DataLayerError,
    DataSourceError,
    FeatureError,
    FieldError,
    GeometryError,
)
from shapely.errors import ShapelyError

from gis.errors import LayerError
from layers.sandbox_limits import Limits

# What the libraries raise over bytes that are not what they should be.
DAMAGE: Final = (
    CRSError,
    DataLayerError,
    DataSourceError,
    FeatureError,
    FieldError,
    GeometryError,
    ShapelyError,
    OSError,
    ValueError,
    TypeError,
    RuntimeError,
    UnboundLocalError,  # pyogrio, over a CRS that is no UTF-8
)


@dataclass(frozen=True)
class Reading:
    """How a file is to be read.

    Attributes:
        limits: Bounds of the file.
        table: Layer of a GeoPackage that holds several.
        encoding: Encoding of its text, as a person chose it; "" to find out.
        swap_axes: Whether a person says that x and y are exchanged.
    """

    limits: Limits = field(default_factory=Limits)
    table: str = ""
    encoding: str = ""
    swap_axes: bool = False


def damaged(kind: str) -> LayerError:
    """Say that a file is damaged.

    Args:
        kind: Short name of its format.

    Returns:
        The error to raise.
    """
    return LayerError(
        "The file is damaged or is no {format}: it cannot be read. Export it again.",
        format=kind.upper(),
    )
