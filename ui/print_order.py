"""What somebody wants printed, as the map asks for it."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gis.errors import RequestError

MOST_CANDIDATES = 500
MOST_LAYERS = 64
LEAST_DEG = 1e-5
MOST_LAT = 85.0

Box = Annotated[tuple[float, float, float, float], Field()]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class View(_Part):
    """What is seen: west, south, east, north in degrees, EPSG:4490."""

    box: Box

    @model_validator(mode="after")
    def _is_box(self) -> Self:
        """Refuse a box that is inside out, too small to draw, or off the globe."""
        west, south, east, north = self.box
        wide, high = east - west, north - south
        there = west >= -180 and east <= 180 and max(-south, north) <= MOST_LAT  # noqa: PLR2004 - the globe
        if not (there and min(wide, high) >= LEAST_DEG):
            raise ValueError(self.box)
        return self


class LayerOn(_Part):
    """A layer that is switched on."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    opacity: Annotated[float, Field(ge=0, le=1)] = 1.0


class Candidate(_Part):
    """A candidate: its number in the tiles and its rank."""

    place: Annotated[int, Field(ge=0, lt=2**31, strict=True)]
    rank: Annotated[int, Field(ge=1, le=10**7, strict=True)]
    flagged: bool = False


class PrintOrder(_Part):
    """A sheet that somebody asks for.

    Attributes:
        view: What must be seen.
        layers: What is switched on.
        candidates: What is lit.
        chosen: Number of the parcel of the card.
        title: Heading; the app's own name if empty.
        format: File format.
        theme: Look; paper is light.
        size: Paper.
        version: Version of the parcels that the numbers are of.
    """

    view: View
    layers: Annotated[tuple[LayerOn, ...], Field(max_length=MOST_LAYERS)] = ()
    candidates: Annotated[tuple[Candidate, ...], Field(max_length=MOST_CANDIDATES)] = ()
    chosen: Annotated[int, Field(ge=0, lt=2**31, strict=True)] | None = None
    title: Annotated[str, Field(max_length=200)] = ""
    format: Literal["pdf", "png"] = "pdf"
    theme: Literal["light"] = "light"
    size: Literal["A4", "A3"] = "A4"
    version: Annotated[str, Field(max_length=64)] = ""


def read_order(given: object) -> PrintOrder:
    """Read an order.

    Args:
        given: JSON as the map sends it.

    Returns:
        The order, checked.

    Raises:
        RequestError: Something in it cannot be used; the sentence names what.
    """
    try:
        return PrintOrder.model_validate(given)
    except ValidationError as error:
        places = dict.fromkeys(
            ".".join(map(str, fault["loc"])) or "?" for fault in error.errors()
        )
        raise RequestError(
            "This sheet cannot be printed: wrong are {places}.",
            places=", ".join(list(places)[:5]),
        ) from error
