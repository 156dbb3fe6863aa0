"""Look into a GeoPackage before GDAL does: layers must be plain tables."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Final

from gis.errors import LayerError
from layers.readers.boundary_reading import damaged

_NAMES: Final = (
    "SELECT table_name FROM gpkg_contents WHERE data_type = 'features' LIMIT 1000"
)
_KINDS: Final = "SELECT name, type FROM pragma_table_list WHERE schema = 'main'"
# 2 and 3 mark columns that are computed, when read, by whatever the file says.
_COMPUTED: Final = "SELECT count(*) FROM pragma_table_xinfo(?) WHERE hidden >= 2"
_SHOWN: Final = 20


def gpkg_table(data: bytes, table: str) -> str:
    """Choose the layer to read.

    Args:
        data: The file.
        table: Name of the layer; "" where the file holds one.

    Returns:
        Its name.

    Raises:
        LayerError: Damaged, no layer, several and none named, or a layer that is no
            table (a view can run for ever, or read elsewhere).
    """
    try:
        with closing(sqlite3.connect(":memory:")) as base:
            base.deserialize(data)
            base.execute("PRAGMA trusted_schema = OFF")
            base.execute("PRAGMA query_only = ON")
            kinds = {
                str(name).lower(): str(kind)
                for name, kind in base.execute(_KINDS).fetchall()
            }
            _require_tables(kinds)
            names = [str(name) for (name,) in base.execute(_NAMES).fetchall()]
            chosen = _chosen(names, table)
            computed = base.execute(_COMPUTED, (chosen,)).fetchone()[0]
    except (sqlite3.Error, UnicodeError, OverflowError):
        error = damaged("GPKG")
        raise error from None
    if kinds.get(chosen.lower()) != "table" or computed:
        raise LayerError(
            "The layer {table} is no plain table but computed when it is read: export "
            "it as a layer of its own.",
            table=chosen[:80],
        )
    return chosen


def _require_tables(kinds: Mapping[str, str]) -> None:
    """Refuse a file whose own lists are computed, before they are read."""
    own = {name: kind for name, kind in kinds.items() if name.startswith("gpkg_")}
    if "gpkg_contents" not in own or set(own.values()) != {"table"}:
        error = damaged("GPKG")
        raise error


def _chosen(names: list[str], table: str) -> str:
    if table in names or (not table and len(names) == 1):
        return table or names[0]
    if not names:
        raise LayerError("The GeoPackage holds no layer of features.")
    raise LayerError(
        "The GeoPackage holds several layers: {tables}. Choose one of them.",
        tables=", ".join(name[:80] for name in names[:_SHOWN]),
    )
