"""Candidates as files: who may take them away, and what they say of themselves."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial

from geopandas import GeoSeries

from gis.errors import AccessError
from gis.words import Title
from layers.catalog import Catalog
from layers.manifest import Manifest
from ledger.access import refusal
from ledger.model import Actor
from reports.candidates import About
from reports.vector import candidates_geojson, candidates_gpkg
from reports.workbook import candidates_xlsx
from siting.answer import Answer
from siting.screen import Screening
from siting.words import STOCK_STATUSES
from ui import access
from ui.figures import land_use_text
from ui.i18n import say_in, speaking, t
from ui.need_words import Names
from ui.reasons import UNKNOWN, value_text


@dataclass(frozen=True)
class Export:
    """A screening ready to leave the house.

    Attributes:
        actor: Who takes it.
        screening: The answer to a need.
        about: What every file says of itself.
        spoken: Language of the file; a download is made when no page is drawn.
    """

    actor: Actor
    screening: Screening
    about: About
    spoken: str

    def xlsx(
        self, *, among: Collection[str] | None = None, top: int | None = None
    ) -> bytes:
        """Write the candidates as a workbook.

        Args:
            among: Parcels to keep, each with its rank; None keeps all candidates.
            top: At most this many; None writes all.

        Returns:
            The file's bytes.

        Raises:
            AccessError: The actor is a guest.
        """
        require_export(self.actor)
        with speaking(self.spoken):
            return candidates_xlsx(
                self.screening, self.about, self._say, among=among, top=top
            )

    def gpkg(self, shapes: GeoSeries) -> bytes:
        """Write the candidates as a GeoPackage.

        Args:
            shapes: Geometry of the candidates to write, EPSG:4490, by parcel_id.

        Returns:
            The file's bytes.

        Raises:
            AccessError: The actor is a guest.
        """
        require_export(self.actor)
        return candidates_gpkg(self.screening, shapes, self.about, self._say)

    def geojson(self, shapes: GeoSeries) -> str:
        """Write the candidates as GeoJSON, in degrees of CGCS2000.

        Args:
            shapes: Geometry of the candidates to write, EPSG:4490, by parcel_id.

        Returns:
            A feature collection.

        Raises:
            AccessError: The actor is a guest.
        """
        require_export(self.actor)
        return candidates_geojson(self.screening, shapes, self.about, self._say)

    def _say(self, msgid: str) -> str:
        return say_in(self.spoken, msgid)


def require_export(actor: Actor) -> None:
    """Let offices take candidates away, not guests: rows may be internal.

    Args:
        actor: Who asks.

    Raises:
        AccessError: The actor is an investor or the public.
    """
    if not access.sees_internal(actor):
        raise AccessError(
            refusal(actor),
            who=actor.name,
            role=actor.role.label,
            verb=Title("export candidates"),
        )


def about(
    screening: Screening,
    *,
    catalog: Catalog,
    manifests: Mapping[str, Manifest],
    names: Names,
    made_on: str,
    held_to: str = "",
) -> About:
    """Say what an export rests on, in the reader's language.

    Args:
        screening: The answer to a need.
        catalog: The declared layers.
        manifests: What is loaded, by name.
        names: Titles by value for a source of choices, readable without a page.
        made_on: Date of the export, ISO.
        held_to: What the search or the list was held to, in words; "" for nothing.

    Returns:
        Titles, dates and versions of every layer, and which are made up.
    """
    behind = [manifests[name] for name in screening.data if name in manifests]
    return About(
        title=screening.need.title,
        made_on=made_on,
        synthetic=tuple(_title(one) for one in behind if one.layer.synthetic),
        data=tuple(
            (_title(one), t(Title(one.data_date)), one.version) for one in behind
        ),
        held_to=held_to,
        names={one.name: criterion_name(one, catalog) for one in screening.answers},
        word=partial(fact_word, names=names),
        value=partial(value_text, names=names),
    )


def fact_word(column: str, code: str, *, names: Names) -> str:
    """Put a code of a fact column into words.

    Args:
        column: Name of the column.
        code: What it holds.
        names: Titles by value for a source of choices.

    Returns:
        The name; the code itself where nothing names it.
    """
    if not code or code == "nan":
        return ""
    if column == "stock_status":
        return t(STOCK_STATUSES[code]) if code in STOCK_STATUSES else t(UNKNOWN)
    if column in {"land_use_code", "zoning_code"}:
        return land_use_text(code)
    source = {"county_code": "region", "zone_code": "zone"}.get(column)
    return names(source).get(code, code) if source else code


def criterion_name(answer: Answer, catalog: Catalog) -> str:
    """Name a criterion of a need, with the layer it is about."""
    title = t(Title(answer.title))
    if answer.layer not in catalog:
        return title
    return f"{title} · {t(Title(catalog[answer.layer].title))}"


def _title(manifest: Manifest) -> str:
    return t(Title(manifest.layer.title))
