"""Colours of planned land use: a table with a source, which a city may replace."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from gis.errors import SettingsError
from ui.settings import ROOT, settings

SHIPPED: Final = ROOT / "ui" / "symbology" / "land_use.toml"
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_CODE: Final = re.compile(r"[0-9]{2,6}")


class LandUseColours(BaseModel):
    """The table.

    Attributes:
        edition: Which edition of it.
        system: The code system its classes belong to.
        source: Where the colours come from.
        confidence: Whether somebody confirmed them.
        colours: Colour by code, #rrggbb; a class without one takes the class above.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    edition: str
    system: str
    source: str
    confidence: str
    colours: dict[str, str]

    @field_validator("colours")
    @classmethod
    def _plain(cls, colours: dict[str, str]) -> dict[str, str]:
        """Refuse what is no code or no colour: both reach the page."""
        wrong = [
            f"{code} = {colour}"
            for code, colour in colours.items()
            if not (_CODE.fullmatch(code) and _COLOUR.fullmatch(colour))
        ]
        if wrong:
            raise ValueError(", ".join(wrong))
        return colours


def land_use_colours() -> LandUseColours:
    """Return the table of the settings, or the shipped one.

    Raises:
        SettingsError: The file of the settings cannot be used.
    """
    return _read(settings().land_use_colours or SHIPPED)


@cache
def _read(path: Path) -> LandUseColours:
    try:
        return LandUseColours.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise SettingsError(
            "The land-use colours in {file} cannot be used: {why}.",
            file=path,
            why=error,
        ) from error
