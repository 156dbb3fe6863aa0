"""The page of appraisals before signing: a table of them, one beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from gis.errors import AccessError, LedgerError
from ledger import appraisals, projects
from ledger.appraisal_checklist import Checklist
from ledger.appraisals import Card
from ledger.casework import Appraisal, AppraisalState, Decision, Opinion
from ledger.list_part import Part
from ledger.model import Project
from ledger.unit_of_work import Work
from ui import access, resources
from ui.appraisal_sheet import draw_appraisal
from ui.appraisal_words import state_text
from ui.case_page import Figure, case_page, figures, table_and_sheet
from ui.case_table import Cell, Column, Line, case_table
from ui.i18n import language, t
from ui.settings import ROOT
from ui.state import PROJECT, Slot
from ui.table_part import Place

LEDGER_PAGE: Final = ROOT / "ui" / "screens" / "project_ledger.py"
KEY: Final = "appraisal.table"


def _none() -> int | None:
    return None


def _no_states() -> tuple[AppraisalState, ...]:
    return ()


APPRAISAL: Slot[int | None] = Slot("appraisal", _none)
STATES: Slot[tuple[AppraisalState, ...]] = Slot("appraisal_states", _no_states)


@dataclass(frozen=True)
class Seen:
    """What the page shows, read in one look.

    Attributes:
        found: The part of the appraisals that the filter asks for.
        counts: How many there are by state and decision, whatever is filtered by.
        chosen: The one beside the table, None for none.
        project: Its project.
        said: The opinions it has.
        checklist: The checklist in force.
    """

    found: Part[Card]
    counts: Mapping[tuple[AppraisalState, Decision | None], int]
    chosen: Appraisal | None
    project: Project | None
    said: Sequence[Opinion]
    checklist: Checklist

    def count(self, state: AppraisalState) -> int:
        """Count those at a state."""
        return sum(some for (at, _), some in self.counts.items() if at is state)

    def decided(self, *decisions: Decision) -> int:
        """Count those that were decided so."""
        return sum(some for (_, one), some in self.counts.items() if one in decisions)


def appraisal_page() -> None:
    """Draw the page."""
    case_page(_draw)


def place() -> Place:
    """Return where the reader stands in the table."""
    return Place(KEY, STATES.get())


def read() -> Seen:
    """Read what the page shows.

    Returns:
        What the actor may see.
    """
    with resources.ledger().read(access.current_actor()) as work:
        found = appraisals.all_seen(work, states=STATES.get(), wanted=place().wanted)
        asked, counts = appraisals.checklist(work), appraisals.count(work)
        chosen = _chosen(work, found.rows)
        if chosen is None:
            return Seen(found, counts, None, None, (), asked)
        return Seen(
            found,
            counts,
            chosen,
            projects.get(work, chosen.project_id),
            appraisals.opinions(work, chosen.id),
            asked,
        )


def _chosen(work: Work, cards: Sequence[Card]) -> Appraisal | None:
    number = APPRAISAL.get()
    try:
        found = appraisals.get(work, number) if number is not None else None
    except (AccessError, LedgerError):
        found = None  # another actor's choice, or another ledger's
    if found is None and cards:
        found = appraisals.get(work, cards[0].id)
    APPRAISAL.set(found.id if found else None)
    return found


def _draw() -> None:
    seen = read()
    figures(_figures(seen))
    table_and_sheet(lambda: _table(seen), lambda: _sheet(seen), wide=50)


def _figures(seen: Seen) -> list[Figure]:
    unfilled = sum(not gate.filled for gate in seen.checklist.gates)
    waiting = seen.count(AppraisalState.SUBMITTED)
    return [
        Figure(
            t("Waiting for a decision"),
            f"{waiting:,}",
            t("appraisals"),
            amber=bool(waiting),
        ),
        Figure(t("Drafts"), f"{seen.count(AppraisalState.DRAFT):,}", t("appraisals")),
        Figure(
            t("Decided on bringing in"),
            f"{seen.count(AppraisalState.DECIDED):,}",
            t(
                "{count} brought in, {others} not",
                count=seen.decided(Decision.BRING_IN, Decision.WITH_CONDITIONS),
                others=seen.decided(Decision.DO_NOT),
            ),
        ),
        Figure(
            t("“Do not bring in” items not filled in"),
            f"{unfilled}/{len(seen.checklist.gates)}",
            t("the office writes them"),
            amber=bool(unfilled),
        ),
        Figure(
            t("Needed before signing"),
            t("yes") if seen.checklist.required else t("no"),
            t("else it is told"),
        ),
    ]


def _table(seen: Seen) -> None:
    st.pills(
        t("State"),
        list(AppraisalState),
        selection_mode="multi",
        default=list(STATES.get()),
        format_func=lambda one: f"{t(one.label)} {seen.count(one):,}",
        key="appraisal.states",
        label_visibility="collapsed",
        on_change=_take_states,
    )
    names = resources.office_names(language())
    case_table(
        KEY,
        label=t("Appraisals"),
        columns=[
            Column(t("Project"), 37, "title", "project"),
            Column(t("State"), 22, "chip", "state"),
            Column(t("Region"), 16, "soft wide", "region"),
            Column(t("Opinions"), 10, "figure wide", "opinions"),
            Column(t("Decided on"), 15, "day wide", "decided"),
        ],
        lines=[_line(one, names) for one in seen.found.rows],
        chosen=str(seen.chosen.id) if seen.chosen else None,
        empty=t(
            "No appraisal is written down. Open a project in the project ledger and "
            "begin one in its tab “Appraisal”."
        ),
        count=t("{count} appraisals", count=f"{seen.found.total:,}"),
        choose=_choose,
        shown=place().shown(seen.found),
    )


def _line(card: Card, names: Mapping[str, str]) -> Line:
    marks = {AppraisalState.SUBMITTED: "amber", AppraisalState.DECIDED: "done"}
    mark = marks.get(card.state, "going")
    if card.decision is Decision.DO_NOT:
        mark = ""
    against = f" ({t('{count} against', count=card.against)})" if card.against else ""
    return Line(
        id=str(card.id),
        cells=[
            Cell(card.project),
            Cell(
                state_text(card),
                sort=list(AppraisalState).index(card.state),
                mark=mark,
            ),
            Cell(names.get(card.region, card.region), sort=card.region),
            Cell(f"{card.opinions or ''}{against}", sort=card.opinions),
            Cell(str(card.decided_on or "")),
        ],
        about=card.code,
    )


def _sheet(seen: Seen) -> None:
    if seen.chosen is None or seen.project is None:
        return
    draw_appraisal(seen.chosen, seen.project, seen.checklist, seen.said)
    if st.button(
        t("Open the project"), icon=":material/folder_open:", key="appraisal.project"
    ):
        PROJECT.set(seen.project.code)
        st.switch_page(LEDGER_PAGE)


def _take_states() -> None:
    STATES.set(tuple(st.session_state["appraisal.states"] or ()))


def _choose(number: str) -> None:
    APPRAISAL.set(int(number))
