"""A leaflet of land on offer as PDF: one parcel, or up to four side by side.

It is handed finished words and one finished map, and knows no store; words reach Typst
as data. Every figure carries the date of its data, and who holds the paper finds the
page of each parcel by its code.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import typst

from gis.errors import RequestError
from reports.check_code import code_svg
from reports.check_pdf import font_folders
from reports.sheet_font import families, printable

TEMPLATE: Final = Path(__file__).parent / "templates" / "leaflet.typ"
MOST: Final = 4


@dataclass(frozen=True)
class LeafletLine:
    """One figure.

    Attributes:
        label: What it is.
        value: How much, with its unit.
        note: The date of its data.
        mark: "good", "bad", "unknown" or "".
    """

    label: str
    value: str
    note: str = ""
    mark: str = ""


@dataclass(frozen=True)
class LeafletGroup:
    """Figures that belong together."""

    title: str
    lines: Sequence[LeafletLine]


@dataclass(frozen=True)
class LeafletParcel:
    """A parcel on a leaflet.

    Attributes:
        title: Its name.
        about: Its number, and its name in Chinese for readers of English.
        place: Where it lies.
        address: Address of its page.
        groups: What is published of it.
    """

    title: str
    about: str
    place: str
    address: str
    groups: Sequence[LeafletGroup]


@dataclass(frozen=True)
class Leaflet:
    """What a leaflet tells.

    Attributes:
        title: Its heading.
        made: When it was made, in words.
        warning: What nobody may overlook: that data are made up.
        language: Code of its language for hyphens and quotes, "zh" or "en".
        picture: The map, PNG.
        parcels: One to `MOST`.
        notes: Sources, licences and what the paper is not, a line each.
        labels: Words of the paper itself: "map", "page", "scan", "date".
    """

    title: str
    made: str
    warning: str
    language: str
    picture: bytes
    parcels: Sequence[LeafletParcel]
    notes: Sequence[str] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


def leaflet_pdf(leaflet: Leaflet) -> bytes:
    """Set a leaflet.

    Args:
        leaflet: What it tells.

    Returns:
        The file's bytes.

    Raises:
        RequestError: It has no parcel, or more than fit side by side.
        SettingsError: No font with Chinese characters is installed.
    """
    if not 0 < len(leaflet.parcels) <= MOST:
        raise RequestError(
            "A leaflet is made of 1 to {most} parcels; {count} were asked for.",
            most=MOST,
            count=len(leaflet.parcels),
        )
    names = list(families())
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "leaflet.typ").write_bytes(TEMPLATE.read_bytes())
        (root / "map.png").write_bytes(leaflet.picture)
        made: bytes = typst.compile(
            str(root / "leaflet.typ"),
            root=str(root),
            font_paths=font_folders(names),
            ignore_system_fonts=True,
            sys_inputs={
                "told": json.dumps(_told(leaflet), ensure_ascii=False),
                "fonts": "|".join(names),
                "lang": leaflet.language,
            },
        )
    return made


def _told(leaflet: Leaflet) -> dict[str, Any]:
    """Lay the words out as data; side by side each figure is one row of all parcels."""
    return {
        "title": printable(leaflet.title),
        "made": printable(leaflet.made),
        "warning": printable(leaflet.warning),
        "labels": {name: printable(word) for name, word in leaflet.labels.items()},
        "notes": [printable(note) for note in leaflet.notes],
        "parcels": [
            {
                "title": printable(one.title),
                "about": printable(one.about),
                "place": printable(one.place),
                "address": one.address,
                "qr": code_svg(one.address),
            }
            for one in leaflet.parcels
        ],
        "groups": _rows(leaflet.parcels),
    }


def _rows(parcels: Sequence[LeafletParcel]) -> list[dict[str, Any]]:
    """Gather the figures by group and label: a cell for each parcel."""
    found: dict[str, dict[str, list[dict[str, str]]]] = {}
    nothing = {"value": "—", "note": "", "mark": ""}
    for at, parcel in enumerate(parcels):
        for group in parcel.groups:
            lines = found.setdefault(group.title, {})
            for line in group.lines:
                cells = lines.setdefault(line.label, [nothing] * len(parcels))
                cells[at] = {
                    "value": printable(line.value),
                    "note": printable(line.note),
                    "mark": line.mark,
                }
    return [
        {
            "title": printable(title),
            "lines": [
                {"label": printable(label), "cells": cells}
                for label, cells in lines.items()
            ],
        }
        for title, lines in found.items()
        if lines
    ]
