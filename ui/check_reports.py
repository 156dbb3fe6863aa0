"""The report of a land check in each format, its maps drawn on our own layers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import shapely
from geopandas import GeoDataFrame

from gis.crs import Box
from gis.words import Title
from layers.catalog import Catalog
from layers.check import Check
from layers.layer import Layer
from layers.store import LayerStore
from reports.check_docx import check_docx
from reports.check_gpkg import check_gpkg
from reports.check_maps import Maps, check_maps
from reports.check_pdf import check_pdf
from reports.check_xlsx import check_xlsx
from reports.sheet_content import Kind, SheetLayer
from ui.i18n import t

MOST_SHAPES: Final = 3_000
CLOSE_DEGREES: Final = 0.6  # on a wider map control lines are nothing but noise


@dataclass(frozen=True)
class Report:
    """A report to be written.

    Attributes:
        check: What was found.
        dossier: Number of the check.
        store: Layers to draw below; none draws the land alone.
        outlines: Boundaries that say where on earth the land lies.
        template: An office's own DOCX template; None for the shipped one.
    """

    check: Check
    dossier: str
    store: LayerStore | None = None
    outlines: Sequence[Layer] = ()
    template: Path | None = None

    def maps(self) -> Maps:
        """Draw the maps: the whole, and an inset for each of the worst conflicts."""
        return check_maps(self.check, say=t, backdrop=self.backdrop)

    def backdrop(self, box: Box) -> Sequence[SheetLayer]:
        """Read what lies about some land: counties, and up close what has a rule."""
        if self.store is None:
            return []
        loaded = self.store.versions()
        layers = [layer for layer in self.outlines if layer.name in loaded]
        if box[2] - box[0] <= CLOSE_DEGREES:
            layers += [one.layer for one in self.check.layers]
        drawn = []
        for layer in layers:
            if layer.name not in loaded:
                continue
            frame = self.store.read(layer.name, columns=[], box=box)
            if 0 < len(frame) <= MOST_SHAPES:  # a part of a layer would tell a lie
                drawn.append(_drawn(frame, layer))
        return drawn


def _drawn(frame: GeoDataFrame, layer: Layer) -> SheetLayer:
    """Draw a layer as the map does."""
    shapes = frame.geometry.to_numpy()
    kinds = set(shapely.get_dimensions(shapes).tolist())
    kind: Kind = "area" if 2 in kinds else "line" if 1 in kinds else "point"  # noqa: PLR2004 - dimensions
    title = t(Title(layer.title))
    return SheetLayer(title=title, kind=kind, style=layer.style, shapes=shapes)


def outlines(catalog: Catalog) -> list[Layer]:
    """List the boundaries that a map is read by: counties and what is above them."""
    return catalog.with_role("boundary")


def written(report: Report, kind: str) -> bytes:
    """Write a report.

    Args:
        report: What to write.
        kind: "docx", "pdf", "xlsx" or "gpkg".

    Returns:
        The file's bytes.
    """
    check, dossier = report.check, report.dossier
    if kind == "gpkg":
        return check_gpkg(check, say=t)
    if kind == "xlsx":
        return check_xlsx(check, number=dossier, dossier=dossier, say=t)
    maps = report.maps()
    if kind == "pdf":
        return check_pdf(check, number=dossier, dossier=dossier, say=t, maps=maps)
    return check_docx(
        check,
        number=dossier,
        dossier=dossier,
        say=t,
        maps=maps,
        template=report.template,
    )
