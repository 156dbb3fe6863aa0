"""What the page of the data tells of each layer, as plain rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gis.words import Title
from layers.catalog import Catalog
from layers.layer import Layer
from layers.manifest import Manifest, Note
from ui.i18n import t

M2_PER_KM2 = 1_000_000
FRAME = "province"  # the layer whose ground is the region's
ROLES: Mapping[str, Title] = {
    "parcel": Title("Parcels"),
    "zoning": Title("Zoning"),
    "constraint": Title("Control line"),
    "infrastructure": Title("Infrastructure"),
    "boundary": Title("Boundary"),
    "base": Title("Base map"),
    "zone": Title("Development zone"),
}


@dataclass(frozen=True)
class LayerReport:
    """One layer as declared, and as loaded where it is.

    Attributes:
        layer: The declaration.
        manifest: What the loaded version tells; None where nothing is loaded.
        covered_share: Part of the region the layer covers, 0 to 1; None where the
            region's outline or the layer is not loaded.
    """

    layer: Layer
    manifest: Manifest | None
    covered_share: float | None

    @property
    def title(self) -> str:
        """The layer's name in the reader's language."""
        return t(Title(self.layer.title))

    @property
    def role(self) -> str:
        """What the layer is to a parcel, in the reader's language."""
        return t(ROLES[self.layer.role])


def report_layers(
    catalog: Catalog, manifests: Mapping[str, Manifest], *, internal: bool
) -> list[LayerReport]:
    """Tell of every declared layer, loaded or not.

    Args:
        catalog: The declared layers.
        manifests: What is loaded, by name.
        internal: Whether the reader sees layers that are marked internal.

    Returns:
        The loaded ones first, by role and name.
    """
    region = manifests.get(FRAME)
    area_m2 = region.coverage_area_m2 if region else 0.0
    reports = [
        LayerReport(layer, known, _share(known, area_m2))
        for layer in catalog.values()
        if internal or layer.publish == "public"
        for known in [manifests.get(layer.name)]
    ]
    roles = list(ROLES)
    return sorted(
        reports,
        key=lambda report: (
            report.manifest is None,
            roles.index(report.layer.role),
            report.layer.name,
        ),
    )


def note_rows(notes: Iterable[Note]) -> list[dict[str, str]]:
    """Say what was mended or refused, a row each, in the reader's language."""
    return [
        {
            t("Key"): note.key,
            t("What"): t(
                note.what,
                key=note.key,
                column=note.column,
                value=note.value,
                **note.values,
            ),
        }
        for note in notes
    ]


def _share(known: Manifest | None, region_m2: float) -> float | None:
    """Return the part of the region a layer covers; noise above 1 is 1."""
    if known is None or region_m2 <= 0:
        return None
    return min(known.coverage_area_m2 / region_m2, 1.0)
