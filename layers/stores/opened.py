"""Open the store of the layers where the settings say it is."""

from pathlib import Path
from typing import Final

from gis.errors import SettingsError
from layers.store import LayerStore

FOLDER: Final = "layers"
COPIES: Final = "layer_copies"


def open_store(home: Path, address: str = "") -> LayerStore:
    """Open the store of the layers.

    Args:
        home: Folder of the state.
        address: Address of the PostGIS database that keeps them; empty for the folder.

    Returns:
        The store; nothing is read yet.

    Raises:
        SettingsError: It cannot be read as the address of such a database. What was
            read is not shown, because a password may stand anywhere in it.
    """
    if not address:
        return LayerStore(home / FOLDER)
    # What a folder needs none of is imported where it is used.
    from layers.postgres_address import read_address  # noqa: PLC0415

    url = read_address(address)
    if url is None:
        raise SettingsError(
            "LANDMAP_LAYERS_URL is no address of a PostgreSQL database: write"
            " postgresql+psycopg://user:password@host/database, in which @ : / ? % of"
            " a password stand as %40 %3A %2F %3F %25. Leave it empty for a folder in"
            " LANDMAP_HOME."
        )
    from layers.stores.postgis import PostgisStore  # noqa: PLC0415 - heavy

    return PostgisStore(home / COPIES, url)
