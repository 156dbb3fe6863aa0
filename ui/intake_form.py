"""Hand in a ledger: drop it, say which column is what, look at each row, take it in."""

import hashlib
import json
from collections.abc import Mapping
from typing import Final

import streamlit as st

from gis.errors import LandMapError
from gis.words import Title
from ledger import intake, preferences
from ledger.fields import FIELD_TITLES
from ledger.intake import VERSION, Action, Plan, Step
from ledger.intake_cells import FIELDS
from ledger.unit_of_work import Work
from ui import access, notices, resources
from ui.case_table import Cell, Column, Line, case_table
from ui.handed_workbook import TITLES, Handed, planned, read, summary, what
from ui.i18n import t, tell
from ui.ledger_deeds import do, show_outcome
from ui.ledger_words import about_version, guess
from ui.page_parts import plain
from ui.state import Slot

KIND: Final = "ledger_columns"
NOTHING: Final = ""
SHOWN: Final = 500
MARKS: Final = {Action.NEW: "going", Action.CHANGE: "done", Action.FAULT: "amber"}


def _none() -> Handed | None:
    return None


HANDED: Slot[Handed | None] = Slot("handed_ledger", _none)


def intake_form() -> None:
    """Draw the steps; each appears when the one before is done."""
    show_outcome()
    st.file_uploader(
        t("Workbook (XLSX)"),
        type=["xlsx"],
        key="intake.file",
        on_change=_take,
        help=t("At most 20 MB and 20,000 rows. Its first sheet with cells is read."),
    )
    handed = HANDED.get()
    if handed is None:
        st.caption(
            t(
                "Drop a ledger here. Nothing is saved before you have seen what each "
                "row does."
            )
        )
        return
    mapping = _mapping(handed)
    clears = st.checkbox(
        t("Empty cells clear what stands in the ledger"), key="intake.clears"
    )
    if "title" not in mapping.values() and "code" not in mapping.values():
        notices.show(
            t("Say at least which column holds the title or the code."), "note"
        )
        return
    made = _plan(handed, mapping, clears=clears)
    if made is None:
        return
    st.markdown(summary(made))
    _preview(made)
    st.button(
        t(
            "Take in {count} rows",
            count=made.count(Action.NEW) + made.count(Action.CHANGE),
        ),
        type="primary",
        icon=":material/upload:",
        key="intake.apply",
        disabled=not made.good,
        on_click=_apply,
        args=(handed, mapping, clears),
    )
    if made.count(Action.FAULT):
        st.caption(t("Rows are taken in together or not at all: mend the faulty ones."))


def _take() -> None:
    given = st.session_state.get("intake.file")
    HANDED.set(None)
    if given is None:
        return
    try:
        HANDED.set(read(given.name, given.getvalue()))
    except LandMapError as error:
        st.session_state["intake.refused"] = tell(error)


def _mapping(handed: Handed) -> dict[str, str]:
    """Ask which column is what; what was said of such a table before is proposed."""
    if refused := st.session_state.pop("intake.refused", None):
        notices.show(refused, "bad")
    with resources.ledger().read(access.current_actor()) as work:
        kept = preferences.of(work, KIND)
    title = _title(handed)
    remembered: dict[str, str] = next(
        (json.loads(one.value) for one in kept if one.title == title), {}
    )
    proposed = guess(list(handed.columns)) | remembered
    options = [NOTHING, *FIELDS, VERSION]
    named = {name: t(FIELD_TITLES[name]) for name in FIELDS} | {
        VERSION: about_version()
    }
    said: dict[str, str] = {}
    with st.expander(
        t("Columns of {file}", file=plain(handed.name)),
        expanded=len(proposed) < len(handed.columns),
    ):
        places = st.columns(3)
        for at, head in enumerate(handed.columns):
            now = proposed.get(head, NOTHING)
            with places[at % len(places)]:
                chosen = st.selectbox(
                    plain(head),
                    options,
                    index=options.index(now) if now in options else 0,
                    format_func=lambda one: named.get(one, t("(not read)")),
                    key=f"intake.{handed.mark[:8]}.{at}",
                )
            if chosen and chosen not in said.values():
                said[head] = chosen
    return said


def _plan(handed: Handed, mapping: Mapping[str, str], *, clears: bool) -> Plan | None:
    try:
        with resources.ledger().read(access.current_actor()) as work:
            return planned(work, handed, mapping, clears=clears)
    except LandMapError as error:
        notices.show_error(error)
        return None


def _preview(made: Plan) -> None:
    """Show the rows that ask for a look, the faulty ones first."""
    order = {Action.FAULT: 0, Action.CHANGE: 1, Action.NEW: 2, Action.SAME: 3}
    steps = sorted(made.steps, key=lambda step: (order[step.action], step.line))
    case_table(
        "intake.preview",
        label=t("What each row does"),
        columns=[
            Column(t("Project"), 26, "title"),
            Column(t("Row"), 8, "figure"),
            Column(t("Does"), 14, "chip"),
            Column(t("What"), 52),
        ],
        lines=[_line(step) for step in steps[:SHOWN]],
        chosen=None,
        empty=t("The table has no rows below its heads."),
        count=t(
            "{shown} of {total} rows", shown=min(SHOWN, len(steps)), total=len(steps)
        ),
        choose=lambda _: None,
    )


def _line(step: Step) -> Line:
    return Line(
        id=str(step.line),
        cells=[
            Cell(step.title or step.code or "—"),
            Cell(str(step.line), step.line),
            Cell(t(TITLES[step.action]), mark=MARKS.get(step.action, "")),
            Cell(what(step), mark="amber" if step.faults else ""),
        ],
        about=step.code,
    )


def _apply(handed: Handed, mapping: Mapping[str, str], clears: bool) -> None:  # noqa: FBT001 - a callback's arguments
    def deed(work: Work) -> None:
        intake.apply(work, planned(work, handed, mapping, clears=clears))
        preferences.save(
            work,
            kind=KIND,
            title=_title(handed),
            value=json.dumps(dict(mapping)),
            instead=True,
        )

    if do(deed, Title("The table was taken in.")):
        HANDED.set(None)


def _title(handed: Handed) -> str:
    """Name a mapping by the heads it is for, so that the next month's file finds it."""
    return hashlib.sha256("\n".join(handed.columns).encode()).hexdigest()[:16]
