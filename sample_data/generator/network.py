"""Expressways and railways as they were drawn once into `sample_data/frame`."""

from pathlib import Path

from geopandas import GeoDataFrame, read_parquet

FOLDER = Path(__file__).resolve().parents[1] / "frame"


def read_network(kind: str) -> GeoDataFrame:
    """Read the expressways or railways drawn into `sample_data/frame`.

    Args:
        kind: `expressway` or `railway`.

    Returns:
        Lines in EPSG:4490 with their `feature_id`.
    """
    return read_parquet(FOLDER / f"{kind}.parquet")
