"""Fetch the tables of databases that an ingest names, as files named after layers."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from gis.errors import LayerError
from gis.words import Title
from layers.catalog import Catalog
from layers.readers.postgis_table import (
    fetch_table,
    is_table_address,
    read_table_address,
)

Say = Callable[[str, Mapping[str, object]], None]


def fetch_tables(
    named: Sequence[str], catalog: Catalog, folder: Path, say: Say
) -> list[str]:
    """Put a file in the place of each layer that is followed by a table's address.

    Args:
        named: What is to be ingested: names, files, folders, and addresses of tables,
            each after the name of its layer.
        catalog: The declared layers.
        folder: Takes the files.
        say: Takes progress.

    Returns:
        What is to be ingested, without addresses.

    Raises:
        LayerError: An address does not follow the name of a layer, or its table
            cannot be read.
    """
    left: list[str] = []
    for given in named:
        if not is_table_address(given):
            left.append(given)
            continue
        name = left.pop() if left else ""
        if name not in catalog:
            raise LayerError(
                "Which layer is loaded from a table? Write its name before the address:"
                " `landmap ingest {example} postgresql://...`.",
                example=next(iter(catalog), "parcels"),
            )
        table = read_table_address(given)
        say(Title("{layer}: reading the table {table}"), {
            "layer": Title(catalog[name].title), "table": table.told,
        })  # fmt: skip
        file = folder / f"{name}.parquet"
        fetch_table(table, file)
        left.append(str(file))
    return left
