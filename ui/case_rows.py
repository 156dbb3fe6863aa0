"""Problems and requests as rows of a table, and the figures that stand above it."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

import streamlit as st

from ledger.case_list import Age, Figures, Listed
from ledger.closed_loop import CaseState, is_overdue, state_of
from ledger.model import Level
from ui import resources
from ui.case_books import Book, Seen, place
from ui.case_page import Figure, figures
from ui.case_table import Cell, Column, Line, case_table
from ui.case_words import MARKS, category_name
from ui.i18n import language, t


def figures_above(seen: Seen) -> None:
    """Draw the figures, and behind a click how they fall apart.

    Args:
        seen: What the page shows.
    """
    told = seen.figures
    overdue, due_up = told.total("overdue"), told.total("to_hand_up")
    figures([
        Figure(t("Open"), f"{told.total('open'):,}"),
        Figure(t("Not routed"), f"{told.total('unrouted'):,}"),
        Figure(t("Overdue"), f"{overdue:,}", amber=overdue > 0),
        Figure(
            t("To be handed up"),
            f"{due_up:,}",
            about=t("by the rules"),
            amber=due_up > 0,
        ),
        Figure(t("Handed up"), f"{told.total('escalated'):,}", about=t("of the open")),
        Figure(t("Struck off this month"), f"{told.closed_this_month:,}"),
    ])
    with st.expander(t("Open ones by level, kind, category and age")):
        st.html(matrix_html(told, seen.book) + groups_html(told))


def matrix_html(told: Figures, book: Book) -> str:
    """Write the open cases by level and kind, the overdue ones in brackets.

    Args:
        told: The figures.
        book: The list, which names its kinds.

    Returns:
        HTML, encoded.
    """
    open_ones, late = told.by("level", "sort"), told.by("level", "sort", what="overdue")
    head = "".join(f"<th>{escape(t(one.label))}</th>" for one in book.sorts)

    def cell(level: Level, sort: str) -> str:
        count, overdue = open_ones.get((level, sort), 0), late.get((level, sort), 0)
        if not overdue:
            return f"<td>{count:,}</td>"
        words = t("{count} overdue", count=f"{overdue:,}")
        return f'<td>{count:,} <span class="late">{escape(words)}</span></td>'

    body = "".join(
        f"<tr><th>{escape(t(level.label))}</th>"
        f"{''.join(cell(level, one.value) for one in book.sorts)}</tr>"
        for level in Level
    )
    return (
        f'<table class="case-matrix"><thead><tr><th></th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def groups_html(told: Figures) -> str:
    """Write the open cases by age and by category, the most frequent first.

    Args:
        told: The figures.

    Returns:
        HTML, encoded.
    """
    ages, categories = told.by("age"), told.by("category")
    by_age = [(t(age.label), ages.get((age,), 0)) for age in Age]
    by_category = [
        (category_name(name) or t("No category"), count)
        for (name,), count in sorted(
            categories.items(), key=lambda one: (-one[1], one[0])
        )
    ]
    return "".join(
        f'<p class="case-groups"><b>{escape(title)}</b> '
        + " · ".join(f"{escape(name)} {count:,}" for name, count in counted)
        + "</p>"
        for title, counted in ((t("Age"), by_age), (t("Category"), by_category))
        if counted
    )


def table(seen: Seen) -> None:
    """Draw the table; a click chooses the case beside it.

    Args:
        seen: What the page shows.
    """
    book, rows = seen.book, seen.found.rows
    say = _said(book)
    chosen = seen.beside.one.case.id if seen.beside else None
    at = place(book)
    case_table(
        at.key,
        label=t(book.title),
        columns=columns(book),
        lines=[line(one, seen, say) for one in rows],
        chosen=None if chosen is None else str(chosen),
        empty=_empty(seen),
        count=t("{total} in the list", total=f"{seen.found.total:,}"),
        choose=lambda number: book.chosen.set(int(number)),
        shown=at.shown(seen.found),
    )


def columns(book: Book) -> list[Column]:
    """Name the columns, in the reader's language."""
    return [
        Column(t(book.title), 26, "title", "title"),
        Column(t("State"), 15, "chip", "state"),
        Column(t("Project"), 22, "soft wide", "project"),
        Column(t("Office"), 15, "soft wide", "office"),
        Column(t("Level"), 9, "soft wide", "level"),
        Column(t("Due on"), 13, "day", "due"),
    ]


@dataclass(frozen=True)
class Words:
    """The words of a table's rows, said once for all of them."""

    states: Mapping[str, str]
    sorts: Mapping[str, str]
    levels: Mapping[str, str]
    places: Mapping[str, str]


def line(one: Listed[Any], seen: Seen, say: Words) -> Line:
    """Write a case as a row.

    Args:
        one: The case and its project.
        seen: What the page shows.
        say: Words for codes, in the reader's language.

    Returns:
        The row.
    """
    case, state = one.case, state_of(one.case)
    sort = say.sorts[getattr(case, seen.book.loop.sort)]
    late = is_overdue(case, seen.today)
    due = str(case.due_on or "")
    where = say.places.get(one.region, one.region)
    return Line(
        id=str(case.id),
        about=f"{sort} · {one.project_title} · {one.project_code} · {where}",
        cells=[
            Cell(case.title),
            Cell(say.states[state], sort=_STATES[state], mark=MARKS[state]),
            Cell(one.project_title),
            Cell(seen.offices.get(case.office, case.office)),
            Cell(say.levels[case.level], sort=_LEVELS[case.level]),
            Cell(due, sort=due or "9", mark="amber" if late else ""),
        ],
    )


_STATES: Final = {state: place for place, state in enumerate(CaseState)}
_LEVELS: Final = {level: place for place, level in enumerate(Level)}


def _said(book: Book) -> Words:
    return Words(
        states={one: t(one.label) for one in CaseState},
        sorts={one: t(one.label) for one in book.sorts},
        levels={one: t(one.label) for one in Level},
        places=resources.place_names(language()),
    )


def _empty(seen: Seen) -> str:
    if seen.figures.total("open"):
        return t("Nothing matches the filters. Take some of them off.")
    if seen.book.name == "problems":
        return t(
            "No open problem is yours. Write one down with “New problem”, or in the "
            "project's sheet."
        )
    return t(
        "No open request is yours. Write one down with “New request”, once the firm "
        "has landed."
    )
