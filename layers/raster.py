"""Pictures of the ground as their declarations tell them: imagery, a relief.

A picture is declared like a layer, one TOML in the folder `rasters` of a catalogue. It
is no layer: nothing is measured from it, so no facts and no answer depend on it.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from gis.errors import LayerError
from layers.faults import faults_of
from layers.layer import DATE_PATTERN, Publish, iso_date

FOLDER: Final = "rasters"
COSMETIC: Final = {"title", "path", "credit", "opacity", "on"}


class Raster(BaseModel):
    """One picture of the catalogue.

    Attributes:
        name: Name in addresses; the TOML's file name.
        title: What people read; an English msgid, translated by `ui`.
        kind: "imagery" covers the ground, "relief" shades it.
        source: Who made it and where it comes from.
        licence: Under what terms it may be used; no licence, no picture.
        credit: Whom the map names in its corner.
        data_date: Day, month or year it shows, ISO, or "unknown".
        edition: Edition or version by its maker.
        path: The file, relative to the TOML: GeoTIFF (COG), MBTiles or
            PMTiles.
        crs: CRS of the file where the file does not tell.
        datum: The datum of its coordinates; those of GCJ-02 are refused.
        publish: Who may see it.
        synthetic: Made up; every screen says so.
        opacity: How much it covers, at first.
        on: Whether it is switched on at first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Annotated[str, Field(min_length=1)]
    kind: Literal["imagery", "relief"]
    source: Annotated[str, Field(min_length=1)]
    licence: Annotated[str, Field(min_length=1)]
    credit: str = ""
    data_date: Annotated[str, BeforeValidator(iso_date), Field(pattern=DATE_PATTERN)]
    edition: str = ""
    path: Path
    crs: str = ""
    datum: str = "CGCS2000"
    publish: Publish = "public"
    synthetic: bool = False
    opacity: Annotated[float, Field(ge=0.05, le=1)] = 1.0
    on: bool = False

    def digest(self) -> str:
        """Hash everything in the declaration that changes what is kept or shown."""
        told = self.model_dump(mode="json", exclude=COSMETIC)
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def read_rasters(*folders: Path) -> dict[str, Raster]:
    """Read the declared pictures of some catalogues.

    Args:
        folders: Folders of layer declarations; each may hold a folder `rasters`.

    Returns:
        Declarations by name; a later folder overrides an earlier one.

    Raises:
        LayerError: A file is not TOML or declares a picture wrongly; `faults` lists
            every single fault of all files.
    """
    found: dict[str, Raster] = {}
    faults: list[LayerError] = []
    for file in _files(folders):
        try:
            told = tomllib.loads(file.read_text("utf-8"))
            if isinstance(told.get("path"), str):
                told["path"] = (file.parent / told["path"]).resolve()
            found[file.stem] = Raster.model_validate({"name": file.stem, **told})
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            fault = LayerError("{file} is not TOML: {why}.", file=file.name, why=error)
            faults.append(fault)
        except ValidationError as error:
            faults.extend(faults_of(error, model=Raster, file=file.name))
    if faults:
        raise LayerError("The catalogue has faults:", faults=faults)
    return found


def _files(folders: tuple[Path, ...]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((folder / FOLDER).glob("*.toml"))
