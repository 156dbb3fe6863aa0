"""What the page of the data tells of the pictures of the ground."""

from collections.abc import Mapping
from html import escape
from typing import Final

from gis.errors import LayerMissingError, StoreError
from gis.words import Title
from layers.raster import Raster
from layers.raster_store import RasterManifest, RasterStore
from ui.i18n import t, tell

KINDS: Final = {"imagery": Title("Imagery"), "relief": Title("Relief")}


def picture_heads() -> tuple[str, ...]:
    """Return the heads of the table."""
    return (
        t("Layer"),
        t("Kind"),
        t("Source"),
        t("Data of"),
        t("Edition"),
        t("Pixel"),
        t("CRS"),
        t("Licence"),
    )


def picture_rows(
    declared: Mapping[str, Raster], store: RasterStore, *, internal: bool
) -> list[list[str]]:
    """Write a line for each picture: what is declared, and what is kept of it.

    Args:
        declared: The declared pictures.
        store: Where they are kept.
        internal: Whether the reader sees those that are marked internal.

    Returns:
        Cells as HTML, encoded; a picture that is not kept says why.
    """
    return [
        _cells(one, store)
        for one in declared.values()
        if internal or one.publish == "public"
    ]


def _cells(one: Raster, store: RasterStore) -> list[str]:
    mark = ""
    if one.synthetic:
        mark = f' <span class="lm-synthetic">{escape(t("Synthetic"))}</span>'
    pixel, crs = _kept(one.name, store)
    return [
        f"<th>{escape(t(Title(one.title)))}{mark}</th>",
        f'<td class="k">{escape(t(KINDS[one.kind]))}</td>',
        f'<td class="t">{escape(t(Title(one.source)))}</td>',
        f'<td class="k">{escape(t(Title(one.data_date)))}</td>',
        f'<td class="k">{escape(one.edition or "—")}</td>',
        f'<td class="n">{escape(pixel)}</td>',
        f'<td class="t">{escape(crs)}</td>',
        f'<td class="t">{escape(t(Title(one.licence)))}</td>',
    ]


def _kept(name: str, store: RasterStore) -> tuple[str, str]:
    """Tell the size of a pixel and the CRS, or why there is none."""
    try:
        known: RasterManifest = store.manifest(name)
    except (LayerMissingError, StoreError) as error:
        return "—", tell(error)
    return f"{known.pixel_m:.3g} m", known.crs
