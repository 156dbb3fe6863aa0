"""The zones that a page lists: those of the layer, and those only the ledger names."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ledger.access import own_prefix
from ledger.casework import ZoneTitle
from ledger.zone_rules import Evaluation
from ui import access, resources
from ui.case_words import CHINESE
from ui.i18n import language, t

LAYER: Final = "development_zone"


@dataclass(frozen=True)
class ZoneRow:
    """A zone as it is listed.

    Attributes:
        code: Its code; what the ledger calls it where the layer has none.
        name: Its name in the reader's language.
        region: Code of its county.
        about: Kind of zone, "" where the layer does not know it.
        drawn: Whether it stands in the layer.
    """

    code: str
    name: str
    region: str
    about: str = ""
    drawn: bool = True


def zones_in_sight(titles: Iterable[ZoneTitle]) -> list[ZoneRow]:
    """List the zones in the actor's own places.

    Args:
        titles: Recognitions of zones, which may name some that the layer has not.

    Returns:
        The zones of the layer by code, then the others.
    """
    own = own_prefix(access.current_actor())
    if own is None:
        return []
    found = {row.code: row for row in _drawn() if row.region.startswith(own)}
    for one in titles:
        if one.region.startswith(own) and one.zone not in found:
            found[one.zone] = ZoneRow(one.zone, one.zone, one.region, drawn=False)
    return sorted(found.values(), key=lambda row: (not row.drawn, row.code))


def is_synthetic() -> bool:
    """Tell whether the layer of zones is made up."""
    return LAYER in resources.synthetic_layers()


def recognition_name(table: Evaluation, title: str) -> str:
    """Name a recognition in the reader's language; its words where it has no code."""
    for one in table.recognitions:
        if one.code == title:
            return one.title if language() == CHINESE else one.english
    return title


def criterion_name(table: Evaluation, code: str) -> str:
    """Name a criterion in the reader's language with its unit."""
    for one in table.criteria:
        if one.code == code:
            name = one.title if language() == CHINESE else one.english
            unit = one.unit if language() == CHINESE else one.english_unit
            return f"{name} ({unit})" if unit else name
    return code


def no_zones() -> str:
    """Say what to do where no zone is known."""
    return t(
        "No development zone is loaded for your region: load the layer with "
        "`landmap ingest development_zone`."
    )


def _drawn() -> list[ZoneRow]:
    if LAYER not in resources.store().versions():
        return []
    names = resources.zone_names(language())
    frame = resources.layer_frame(LAYER)
    kinds = frame["category"] if "category" in frame else [""] * len(frame)
    return [
        ZoneRow(str(code), names.get(str(code), str(code)), str(region), str(kind))
        for code, region, kind in zip(
            frame.index if frame.index.name == "zone_code" else frame["zone_code"],
            frame["county_code"],
            kinds,
            strict=True,
        )
    ]
