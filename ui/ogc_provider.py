"""The published parcels as pygeoapi asks for features."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pygeoapi.provider.base import BaseProvider, ProviderItemNotFoundError

from layers.open_data import MADE_UP, features, plain_list
from layers.published import Published
from ui import resources

COLLECTION: Final = "parcels"
ON_A_PAGE: Final = 100
MOST_ON_A_PAGE: Final = 1_000
CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
SCHEMAS: Final = "https://schemas.opengis.net"  # named in the description, never asked
KINDS: Final = {"f": "number", "i": "integer", "u": "integer"}
BACKWARDS: Final = "-"


class PublishedParcels(BaseProvider):  # type: ignore[misc] # pygeoapi has no types
    """Answers questions about the open data of the version in force.

    Args:
        provider_def: What pygeoapi's configuration tells of it.
    """

    def __init__(self, provider_def: Mapping[str, Any]) -> None:
        super().__init__(provider_def)
        self.get_fields()

    def get_fields(self) -> dict[str, dict[str, str]]:
        """Tell the columns and their types, as JSON Schema has them."""
        frame = resources.open_frame()
        self._fields = {
            str(name): {"type": KINDS.get(frame[name].dtype.kind, "string")}
            for name in frame.columns
            if name != "geometry"
        }
        return self._fields

    def query(  # noqa: PLR0913 - what pygeoapi hands over
        self,
        *,
        offset: int = 0,
        limit: int = 10,
        resulttype: str = "results",
        bbox: Sequence[float] = (),
        properties: Sequence[tuple[str, str]] = (),
        sortby: Sequence[Mapping[str, str]] = (),
        select_properties: Sequence[str] = (),
        skip_geometry: bool = False,
        **_further: Any,  # noqa: ANN401 - what the routes do not let through
    ) -> dict[str, Any]:
        """Find features.

        Args:
            offset: How many are passed over.
            limit: At most this many.
            resulttype: "hits" counts and lists none.
            bbox: Only those that meet west, south, east, north.
            properties: Only those with these values.
            sortby: Columns to sort by, and "+" or "-".
            select_properties: Columns told; all where none is named.
            skip_geometry: Whether outlines are left out.

        Returns:
            A feature collection that tells how many there are in all.
        """
        frame = resources.open_frame()
        rows = _sorted(frame, _found(frame, bbox, properties), sortby)
        told = rows[:0] if resulttype == "hits" else rows[offset : offset + limit]
        shown = [_told(one, select_properties) for one in features(frame.iloc[told])]
        if skip_geometry:
            shown = [one | {"geometry": None} for one in shown]
        return {
            "type": "FeatureCollection",
            "features": shown,
            "numberMatched": len(rows),
            "numberReturned": len(shown),
        }

    def get(self, identifier: str, **_further: Any) -> dict[str, Any]:  # noqa: ANN401 - language and CRS, which are one
        """Return one feature.

        Args:
            identifier: Id of the parcel.

        Returns:
            The feature.

        Raises:
            ProviderItemNotFoundError: No such parcel is published.
        """
        frame = resources.open_frame()
        at = np.flatnonzero(frame["parcel_id"].to_numpy() == identifier)
        if not len(at):
            raise ProviderItemNotFoundError
        return next(features(frame.iloc[at[:1]]))


def _found(
    frame: GeoDataFrame, bbox: Sequence[float], properties: Sequence[tuple[str, str]]
) -> NDArray[np.intp]:
    """Find the rows in a box with some values."""
    kept = np.ones(len(frame), dtype=np.bool_)
    if len(bbox) == 4:  # noqa: PLR2004 - the sides of a box
        west, south, east, north = bbox
        kept &= shapely.intersects(
            frame.geometry.to_numpy(), shapely.box(west, south, east, north)
        )
    for name, wanted in properties:
        kept &= _equal(plain_list(frame[name]), wanted)
    return np.flatnonzero(kept)


def _equal(values: Sequence[object], wanted: str) -> NDArray[np.bool_]:
    """Compare as numbers where the column holds numbers."""
    if any(isinstance(one, float | int) for one in values):
        try:
            number = float(wanted)
        except ValueError:
            return np.zeros(len(values), dtype=np.bool_)
        return np.fromiter((one == number for one in values), np.bool_, len(values))
    return np.fromiter((one == wanted for one in values), np.bool_, len(values))


def _sorted(
    frame: GeoDataFrame, rows: NDArray[np.intp], sortby: Sequence[Mapping[str, str]]
) -> NDArray[np.intp]:
    for one in reversed(sortby):
        column = frame[one["property"]].iloc[rows].reset_index(drop=True)
        order = column.sort_values(
            ascending=one.get("order") != BACKWARDS, kind="stable", na_position="last"
        )
        rows = rows[order.index.to_numpy()]
    return rows


def _told(feature: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    if not names:
        return feature
    held = feature["properties"]
    return feature | {"properties": {name: held[name] for name in names}}


def config_of(told: Published, root: str, title: str, folder: str) -> dict[str, Any]:
    """Configure pygeoapi for a published version.

    Args:
        told: What is told of the version.
        root: Our address, as visitors see it.
        title: What the parcels are called.
        folder: Folder of the version.

    Returns:
        What pygeoapi reads from a file elsewhere.
    """
    west, south, east, north = resources.open_frame().total_bounds.tolist()
    about = f"{title}. Data of {told.data_date}; licence: {told.licence}."
    if told.synthetic:
        about = f"{about} {MADE_UP}"
    contact = {"name": "LandMap", "url": root}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": 1},  # nothing listens there
            "url": f"{root}/ogc",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["en-US", "zh-CN"],
            "pretty_print": False,
            "limits": {"default_items": ON_A_PAGE, "max_items": MOST_ON_A_PAGE},
            "map": {"url": "", "attribution": ""},  # of its HTML, which is not answered
            "ogc_schemas_location": SCHEMAS,
        },
        "logging": {"level": "CRITICAL"},
        "metadata": {
            "identification": {
                "title": "LandMap",
                "description": about,
                "keywords": ["land", "investment"],
                "keywords_type": "theme",
                "terms_of_service": f"{root}/open",
                "url": root,
            },
            "license": {"name": told.licence, "url": f"{root}/open"},
            "provider": contact,
            "contact": contact,
        },
        "resources": {
            COLLECTION: {
                "type": "collection",
                "title": title,
                "description": about,
                "keywords": ["land"],
                "links": [],
                "extents": {
                    "spatial": {"bbox": [west, south, east, north], "crs": CRS84}
                },
                "providers": [
                    {
                        "type": "feature",
                        "name": f"{__name__}.{PublishedParcels.__name__}",
                        "data": folder,
                        "id_field": "parcel_id",
                    }
                ],
            }
        },
    }
