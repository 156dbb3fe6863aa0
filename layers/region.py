"""A region LandMap works in: its box, its equal-area plane, its surveyors' plane."""

import hashlib
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely import Polygon, box

from gis.crs import equal_area
from gis.errors import LayerError
from layers.faults import faults_of

SHIPPED = Path(__file__).parent / "regions" / "guizhou.toml"
GAUSS_KRUGER_3 = "gauss_kruger_3"

Box = tuple[float, float, float, float]


class Region(BaseModel):
    """Where LandMap works.

    Attributes:
        name: Short name.
        title: What people read; an English msgid.
        box: West, south, east, north, in degrees of EPSG:4490; data outside is refused.
        equal_area: "auto" (Albers fitted to the box, CGCS2000 ellipsoid) or a CRS.
        plane: "gauss_kruger_3" (the 3-degree zone of each parcel) or a projected CRS.
        land_use_system: Code system of zoning and parcels where a layer does not tell.
        catalog: Folders of the layers declared for it; in its file relative to that
            file, and without any the folder the file stands in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Annotated[str, Field(min_length=1)]
    box: Box
    equal_area: str = "auto"
    plane: str = GAUSS_KRUGER_3
    land_use_system: str = ""
    catalog: tuple[Path, ...] = (Path(),)

    @field_validator("box")
    @classmethod
    def _in_order(cls, given: Box) -> Box:
        """Refuse a box that is inside out or off the globe."""
        west, south, east, north = given
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):  # noqa: PLR2004 - the globe
            raise ValueError(given)
        return given

    @field_validator("equal_area", "plane")
    @classmethod
    def _a_crs(cls, given: str) -> str:
        """Refuse what PROJ does not know."""
        if given not in {"auto", GAUSS_KRUGER_3}:
            try:
                CRS(given)
            except CRSError:
                raise ValueError(given) from None
        return given

    @property
    def equal_area_crs(self) -> CRS:
        """The equal-area plane that overlaps are measured in."""
        return (
            equal_area(self.box) if self.equal_area == "auto" else CRS(self.equal_area)
        )

    @property
    def outline(self) -> Polygon:
        """The box as a polygon, EPSG:4490."""
        return box(*self.box)

    def digest(self) -> str:
        """Hash everything that changes facts."""
        told = self.model_dump_json(exclude={"title", "catalog"})
        return hashlib.sha256(told.encode()).hexdigest()


def read_region(path: Path = SHIPPED) -> Region:
    """Read a region's settings file.

    Args:
        path: A TOML; without one, Guizhou.

    Returns:
        The region.

    Raises:
        LayerError: The file is missing, is not TOML or has faults, each listed.
    """
    try:
        read = Region.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LayerError(
            "The region file {file} cannot be read: {why}.", file=path, why=str(error)
        ) from error
    except ValidationError as error:
        faults = list(faults_of(error, model=Region, file=path.name))
        raise LayerError(
            "The region file {file} has faults:", file=path.name, faults=faults
        ) from error
    folders = tuple((path.parent / folder).resolve() for folder in read.catalog)
    return read.model_copy(update={"catalog": folders})
