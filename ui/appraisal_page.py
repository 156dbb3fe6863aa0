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

LEDGER_PAGE: Final = ROOT / "ui" / "screens" / "project_ledger.py"
MOST: Final = 500  # more are not read at a glance, and cost every rerun


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
        cards: All appraisals that the actor may see.
        chosen: The one beside the table, None for none.
        project: Its project.
        said: The opinions it has.
        checklist: The checklist in force.
    """

    cards: Sequence[Card]
    chosen: Appraisal | None
    project: Project | None
    said: Sequence[Opinion]
    checklist: Checklist

    @property
    def shown(self) -> list[Card]:
        """Those that the filter asks for."""
        states = STATES.get()
        return [one for one in self.cards if not states or one.state in states]


def appraisal_page() -> None:
    """Draw the page."""
    case_page(_draw)


def read() -> Seen:
    """Read what the page shows.

    Returns:
        What the actor may see.
    """
    with resources.ledger().read(access.current_actor()) as work:
        cards = appraisals.all_seen(work)
        asked = appraisals.checklist(work)
        chosen = _chosen(work, cards)
        if chosen is None:
            return Seen(cards, None, None, (), asked)
        return Seen(
            cards,
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
    def count(*states: AppraisalState) -> int:
        return sum(one.state in states for one in seen.cards)

    def decided(decision: Decision) -> int:
        return sum(one.decision is decision for one in seen.cards)

    unfilled = sum(not gate.filled for gate in seen.checklist.gates)
    waiting = count(AppraisalState.SUBMITTED)
    return [
        Figure(
            t("Waiting for a decision"),
            f"{waiting:,}",
            t("appraisals"),
            amber=bool(waiting),
        ),
        Figure(t("Drafts"), f"{count(AppraisalState.DRAFT):,}", t("appraisals")),
        Figure(
            t("Decided on bringing in"),
            f"{count(AppraisalState.DECIDED):,}",
            t(
                "{count} brought in, {others} not",
                count=decided(Decision.BRING_IN) + decided(Decision.WITH_CONDITIONS),
                others=decided(Decision.DO_NOT),
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
    counts = {
        state: sum(one.state is state for one in seen.cards) for state in AppraisalState
    }
    st.pills(
        t("State"),
        list(AppraisalState),
        selection_mode="multi",
        default=list(STATES.get()),
        format_func=lambda one: f"{t(one.label)} {counts[one]}",
        key="appraisal.states",
        label_visibility="collapsed",
        on_change=_take_states,
    )
    shown, names = seen.shown, resources.office_names(language())
    case_table(
        "appraisal.table",
        label=t("Appraisals"),
        columns=[
            Column(t("Project"), 37, "title"),
            Column(t("State"), 22, "chip"),
            Column(t("Region"), 16, "soft wide"),
            Column(t("Opinions"), 10, "figure wide"),
            Column(t("Decided on"), 15, "day wide"),
        ],
        lines=[_line(one, names) for one in shown[:MOST]],
        chosen=str(seen.chosen.id) if seen.chosen else None,
        empty=t(
            "No appraisal is written down. Open a project in the project ledger and "
            "begin one in its tab “Appraisal”."
        ),
        count=_count(len(shown)),
        choose=_choose,
    )


def _count(count: int) -> str:
    if count <= MOST:
        return t("{count} appraisals", count=f"{count:,}")
    return t(
        "the first {most} of {count} appraisals: choose a state",
        most=f"{MOST:,}",
        count=f"{count:,}",
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
