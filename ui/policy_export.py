"""Whom a document touches, as a list on the page and as a workbook."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from ledger import policy_uses
from ledger.model import Actor, Project
from ledger.policy import Held
from ledger.policy_conditions import Answer
from ledger.policy_match import Matcher
from ledger.policy_subjects import of_parcels
from ledger.policy_uses import Touched
from ledger.unit_of_work import Ledger
from reports.sheets import Cell, Sheet, sheets_xlsx
from ui import seen
from ui.case_export import MIME
from ui.i18n import speaking, t
from ui.policy_matches import reaches

__all__ = ["MIME", "parcels_touched", "projects_html", "workbook"]

LISTED: Final = 50
MOST: Final = 100_000
Parcels = tuple[Sequence[str], Sequence[str]]


def parcels_touched(held: Held) -> Parcels:
    """List the parcels that a document applies to, or may.

    Args:
        held: The document as it stands today.

    Returns:
        Ids of the parcels that the reader may see: those for sure, then those of
        which something is not known.
    """
    table = seen.facts().table
    answers = Matcher(of_parcels(table, reaches())).answers(held)
    ids = table.index.astype(str).to_numpy()
    return list(ids[answers == Answer.YES]), list(ids[answers == Answer.UNKNOWN])


def projects_html(found: Touched) -> str:
    """Write the projects that a document touches, encoded, the first of them."""
    pairs = [
        *((one, t("Applies"), "held") for one in found.sure),
        *((one, t("May apply: not checked"), "amber") for one in found.maybe),
    ]
    lines = "".join(
        f'<li><span class="chip {css}">{escape(said)}</span><b>{escape(one.title)}</b>'
        f"<small>{escape(f'{one.code} · {one.investor}')}</small></li>"
        for one, said, css in pairs[:LISTED]
    )
    rest = len(pairs) - LISTED
    more = t("{count} more are in the workbook.", count=f"{rest:,}") if rest > 0 else ""
    return f'<ul class="lines">{lines}</ul><p>{escape(more)}</p>'


def workbook(
    held: Held,
    *,
    ledger: Ledger,
    actor: Actor,
    places: Mapping[str, str],
    parcels: Parcels,
    spoken: str,
) -> bytes:
    """Write the projects and parcels that a document touches.

    Args:
        held: The document as it stands today.
        ledger: The ledger.
        actor: Who takes it; the list holds what they may see.
        places: Names of places by code.
        parcels: Ids of the parcels: for sure, then those that may be.
        spoken: Language of the file: it is made when no page is drawn.

    Returns:
        The file's bytes (.xlsx); text from data stays text.
    """
    with speaking(spoken), ledger.read(actor) as work:
        found, today = policy_uses.touched(work, held), work.today()
        sure, maybe = t("Applies"), t("May apply: not checked")
        projects: list[Sequence[Cell]] = [
            *(_row(one, sure, places) for one in found.sure),
            *(_row(one, maybe, places) for one in found.maybe),
        ]
        land: list[Sequence[Cell]] = [
            *([one, sure] for one in parcels[0]),
            *([one, maybe] for one in parcels[1]),
        ]
        head = [
            t("Code"),
            t("Project"),
            t("Investor"),
            t("Region"),
            t("Industry"),
            t("Stage"),
            t("State"),
        ]
        return sheets_xlsx([
            Sheet(t("Projects"), head, projects),
            Sheet(t("Parcels"), [t("Parcel"), t("State")], land[:MOST]),
            Sheet(
                t("About"),
                [t("Item"), t("Content")],
                [
                    [t("Document"), held.edition.title],
                    [t("Document number"), held.edition.document_number],
                    [t("Edition"), held.edition.number],
                    [t("Made on"), today.isoformat()],
                    [t("Parcels"), len(land)],
                    [
                        t("Synthetic data"),
                        t("yes") if any(_synthetic(found)) else "",
                    ],
                ],
            ),
        ])


def _row(one: Project, said: str, places: Mapping[str, str]) -> Sequence[Cell]:
    return [
        one.code,
        one.title,
        one.investor,
        places.get(one.region, one.region),
        one.industry,
        t(one.stage.label),
        said,
    ]


def _synthetic(found: Touched) -> Sequence[bool]:
    return [one.synthetic for one in (*found.sure, *found.maybe)]
