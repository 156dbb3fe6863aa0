"""What the words of a land check are called, on the page and in every report."""

from collections.abc import Mapping
from typing import Final

from gis.words import Title

CLASS_TITLES: Final[Mapping[str, Title]] = {
    "certain": Title("Occupied for certain"),
    "to_verify": Title("To be verified"),
    "within_precision": Title("Boundary error"),
}
"""What an overlap amounts to, given how exact both boundaries are."""

VERDICT_TITLES: Final[Mapping[str, Title]] = {
    "conflict": Title("Conflict"),
    "to_verify": Title("To be verified"),
    "not_fully_checked": Title("Nothing found, not fully checked"),
    "clear": Title("No conflict found"),
}

EFFECT_TITLES: Final[Mapping[str, Title]] = {
    "forbidden": Title("Not allowed"),
    "approval": Title("Needs approval"),
    "assessment": Title("Needs assessment"),
    "allowed": Title("Allowed"),
    "": Title("Effect not stated"),
}

EVIDENCE_TITLES: Final[Mapping[str, Title]] = {
    "hit": Title("hit"),
    "clear": Title("clear"),
    "partly_covered": Title("partly covered"),
    "not_checked": Title("not checked"),
}

INSIDE_TITLES: Final[Mapping[str, Title]] = {
    **EVIDENCE_TITLES,
    "hit": Title("reaches beyond it"),
    "clear": Title("lies inside it"),
}
"""States of evidence as a rule to lie inside of a layer means them."""

NEIGHBOUR_TITLES: Final[Mapping[str, Title]] = {
    "overlap": Title("overlap"),
    "duplicate": Title("the same ground"),
    "gap": Title("gap between parcels"),
}

SAYS_TITLES: Final[Mapping[str, Title]] = {
    "conflict": Title("It is a conflict"),
    "no_conflict": Title("It is no conflict"),
}
"""What a person holds against a finding."""

CONFIDENCE_TITLES: Final[Mapping[str, Title]] = {
    "confirmed": Title("confirmed"),
    "unconfirmed": Title("unconfirmed"),
}
"""How sure the source of a clause is."""

REMARK_TITLES: Final[Mapping[str, Title]] = {
    "noticed": Title("noticed"),
    "mended": Title("mended"),
    "refused": Title("left out"),
    "offered": Title("to be decided"),
}
"""What was done about a deviation of a file."""

FORMAT_TITLES: Final[Mapping[str, Title]] = {
    "txt": Title("Boundary-point TXT"),
    "shp": Title("Shapefile"),
    "gpkg": Title("GeoPackage"),
    "geojson": Title("GeoJSON"),
    "kml": Title("KML"),
    "dxf": Title("DXF"),
    "xlsx": Title("Workbook"),
    "csv": Title("Table (CSV)"),
    "text": Title("Pasted coordinates"),
}
"""Formats of boundary files, by their short names."""
