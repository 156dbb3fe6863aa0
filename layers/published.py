"""The published dataset in force, and what is told of it.

`<home>/published/<version>/` is a small home of its own, laid out as the great one is:
`layers/`, `facts/`, `rasters/`, and `open/` with the files of the open data.
"""

from functools import cached_property
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from gis.errors import StoreError
from layers.publishing_rules import PublishingRules
from layers.store import LayerStore

FOLDER: Final = "published"
CURRENT: Final = "current"
TOLD: Final = "published.json"


class Published(BaseModel):
    """What is told of a published version.

    Attributes:
        version: Hash of the rules and of what they were applied to.
        edition: Edition of the rules.
        licence: Under what terms the open data may be used.
        claims: What is told of land that is held: "held" or "hidden".
        data_date: Day, month or year the parcels describe, ISO, or "unknown".
        made_at: When, ISO, UTC.
        count: Parcels.
        synthetic: They are made up.
        rules: The rules themselves.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    edition: str
    licence: str
    claims: str
    data_date: str
    made_at: str
    count: int
    synthetic: bool
    rules: PublishingRules


def published_home(home: Path) -> Path:
    """Return the folder of the published version in force.

    Args:
        home: Folder of the state.

    Returns:
        A folder that is laid out as a home is.

    Raises:
        StoreError: Nothing is published, or the pointer is damaged.
    """
    pointer = home / FOLDER / CURRENT
    try:
        version = pointer.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        version = ""
    folder = home / FOLDER / version
    if not version or not (folder / TOLD).is_file():
        raise StoreError(
            "Nothing is published in {folder} yet: run `landmap publish`.",
            folder=home / FOLDER,
        )
    return folder


def read_published(folder: Path) -> Published:
    """Read what is told of a published version.

    Args:
        folder: From `published_home`.

    Returns:
        What is told.

    Raises:
        StoreError: It is damaged.
    """
    try:
        return Published.model_validate_json((folder / TOLD).read_bytes())
    except (OSError, ValueError) as error:
        raise StoreError(
            "What is published in {folder} is damaged: run `landmap publish`.",
            folder=folder,
        ) from error


class PublishedLayers(LayerStore):
    """The layers of a published version: they never change, so pointers are read once.

    Args:
        home: Folder of its layers.
    """

    @cached_property
    def _pointers(self) -> dict[str, str]:
        return super().versions()

    def versions(self) -> dict[str, str]:
        """Tell the version of every layer."""
        return dict(self._pointers)

    def version(self, name: str) -> str:
        """Tell the version of a layer.

        Returns:
            The version.

        Raises:
            LayerMissingError: It is not published.
        """
        known = self.__dict__.get("_pointers", {})
        return known[name] if name in known else super().version(name)
