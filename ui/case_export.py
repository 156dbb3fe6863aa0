"""A list of problems or requests as a workbook, as offices hand it up."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from gis.words import Title
from ledger import case_list, routing
from ledger.case_list import Asked, Figures, Listed
from ledger.casework import FirmRequest
from ledger.closed_loop import state_of
from ledger.model import Actor, Level
from ledger.unit_of_work import Ledger
from reports.sheets import Cell, Sheet, sheets_xlsx
from ui.case_books import Book
from ui.case_words import category_name, office_names
from ui.i18n import speaking, t

MIME: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(
    book: Book,
    asked: Asked,
    *,
    ledger: Ledger,
    actor: Actor,
    places: Mapping[str, str],
    spoken: str,
) -> bytes:
    """Write all rows that a filter asks for, and how they fall apart.

    Args:
        book: The list.
        asked: The filter.
        ledger: The ledger.
        actor: Who takes it; the list holds what they may see.
        places: Names of places by code.
        spoken: Language of the file: it is made when no page is drawn.

    Returns:
        The file's bytes (.xlsx); text from data stays text.
    """
    with speaking(spoken), ledger.read(actor) as work:
        found = case_list.find(work, book.loop, asked)
        figures, rules = case_list.figures(work, book.loop), routing.read(work)
        offices, today = office_names(rules.offices), work.today()
        rows = [_row(one, book, offices, places, today) for one in found.rows]
        return sheets_xlsx([
            Sheet(t(book.title), _head(book), rows),
            _counts(figures, book),
            Sheet(
                t("About"),
                [t("Item"), t("Content")],
                [
                    [t("Made on"), today.isoformat()],
                    [t("Rows"), len(rows)],
                    [t("Routing rules"), f"{rules.edition} · {rules.source}"],
                    [
                        t("Synthetic data"),
                        t("yes") if any(one.synthetic for one in found.rows) else "",
                    ],
                ],
            ),
        ])


def _head(book: Book) -> list[str]:
    head = [
        t("No."),
        t(book.title),
        t("State"),
        t(book.sort_title),
        t("Category"),
        t("Level"),
        t("Office"),
        t("Project"),
        t("Code"),
        t("Investor"),
        t("Region"),
        t("Opened on"),
        t("Due on"),
        t("Days overdue"),
        t("Answer"),
        t("Answered on"),
        t("Answered by"),
        t("Times handed up"),
        t("Handed up on"),
        t("Closed on"),
        t("Evidence of closing"),
    ]
    if book.loop.made is FirmRequest:
        head += [t("Confirmed on"), t("What the firm said")]
    return head


def _row(
    one: Listed[Any],
    book: Book,
    offices: Mapping[str, str],
    places: Mapping[str, str],
    today: date,
) -> list[Cell]:
    case = one.case
    late = case.closed_on is None and case.due_on is not None and case.due_on < today
    row: list[Cell] = [
        case.id,
        case.title,
        t(state_of(case).label),
        t(book.sorts(getattr(case, book.loop.sort)).label),
        category_name(case.category),
        t(case.level.label),
        offices.get(case.office, case.office),
        one.project_title,
        one.project_code,
        one.investor,
        places.get(one.region, one.region),
        book.loop.begun(case),
        case.due_on,
        (today - case.due_on).days if late else None,
        case.answer,
        case.answered_on,
        t(Title(case.answered_by)) if case.answered_by else "",
        case.escalations,
        case.escalated_on,
        case.closed_on,
        case.evidence,
    ]
    if isinstance(case, FirmRequest):
        row += [case.confirmed_on, case.confirmation]
    return row


def _counts(figures: Figures, book: Book) -> Sheet:
    """Count the open cases by level and kind, whatever the filter."""
    open_ones = figures.by("level", "sort")
    late = figures.by("level", "sort", what="overdue")
    up = figures.by("level", "sort", what="escalated")
    rows: Sequence[Sequence[Cell]] = [
        [
            t(level.label),
            t(sort.label),
            *(counted.get((level, sort.value), 0) for counted in (open_ones, late, up)),
        ]
        for level in Level
        for sort in book.sorts
    ]
    head = [t("Level"), t(book.sort_title), t("Open"), t("Overdue"), t("Handed up")]
    return Sheet(t("Counts"), head, rows)
