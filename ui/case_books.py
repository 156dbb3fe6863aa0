"""The two lists of the page, what a reader asked of each, one look at the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from gis.words import Title
from ledger import (
    case_list,
    closed_loop,
    handling,
    problems,
    projects,
    requests,
    routing,
)
from ledger.access import Verb, may, require
from ledger.case_list import Asked, Figures, Listed
from ledger.casework import Channel
from ledger.closed_loop import CaseState, Loop
from ledger.list_part import Part
from ledger.model import AuditRow, ProblemKind, Word
from ledger.routing import Route, Routing
from ledger.unit_of_work import Work
from ui import access, resources
from ui.case_words import office_names
from ui.ruling import ruling_of
from ui.state import Slot
from ui.table_part import Place

OPEN: Final = "open"
TO_HAND_UP: Final = "to_hand_up"
VIEWS: Final[Mapping[str, tuple[Title, Mapping[str, Any]]]] = {
    OPEN: (Title("All open"), {}),
    "unrouted": (CaseState.UNROUTED.label, {"state": CaseState.UNROUTED}),
    "waiting": (CaseState.WAITING.label, {"state": CaseState.WAITING}),
    "answered": (CaseState.ANSWERED.label, {"state": CaseState.ANSWERED}),
    "confirmed": (CaseState.CONFIRMED.label, {"state": CaseState.CONFIRMED}),
    "overdue": (Title("Overdue"), {"overdue": True}),
    TO_HAND_UP: (Title("To be handed up"), {"to_hand_up": True}),
    "closed": (CaseState.CLOSED.label, {"state": CaseState.CLOSED}),
}
"""What can be looked at with one click, and the filter behind it."""


def _nothing() -> Asked:
    return Asked()


def _open() -> str:
    return OPEN


def _none() -> int | None:
    return None


@dataclass(frozen=True)
class Book:
    """One list as the page shows it.

    Attributes:
        name: Makes the keys of its widgets.
        title: What it is called.
        loop: The list in the ledger.
        sorts: What sorts its cases: kinds or channels.
        sort_title: What that is called.
        all_sorts: What leaving it open is called.
        views: Names in `VIEWS`, in their order.
        asked: What the reader filters by, without the view.
        view: The view.
        chosen: Number of the case beside the table.
    """

    name: str
    title: Title
    loop: Loop[Any]
    sorts: type[Word]
    sort_title: Title
    all_sorts: Title
    views: Sequence[str]
    asked: Slot[Asked]
    view: Slot[str]
    chosen: Slot[int | None]


BOOKS: Final[Mapping[str, Book]] = {
    "problems": Book(
        name="problems",
        title=Title("Problems"),
        loop=problems.LOOP,
        sorts=ProblemKind,
        sort_title=Title("Kind of problem"),
        all_sorts=Title("All kinds"),
        views=[name for name in VIEWS if name != "confirmed"],
        asked=Slot("problems_asked", _nothing),
        view=Slot("problems_view", _open),
        chosen=Slot("problems_chosen", _none),
    ),
    "requests": Book(
        name="requests",
        title=Title("Requests of landed firms"),
        loop=requests.LOOP,
        sorts=Channel,
        sort_title=Title("Channel"),
        all_sorts=Title("All channels"),
        views=list(VIEWS),
        asked=Slot("requests_asked", _nothing),
        view=Slot("requests_view", _open),
        chosen=Slot("requests_chosen", _none),
    ),
}


def _problems() -> str:
    return "problems"


SHOWN: Slot[str] = Slot("casebook", _problems)
"""Name of the list that is shown."""


@dataclass(frozen=True)
class Beside:
    """The case beside the table, with what is told of it and what can be done.

    Attributes:
        one: The case and its project.
        course: What was done to it, the newest first.
        turn: Whether it is the actor's to route, answer or hand up.
        route: Where the rules would send it from here.
    """

    one: Listed[Any]
    course: Sequence[AuditRow]
    turn: bool
    route: Route

    @property
    def region(self) -> str:
        """The place whose offices answer for it."""
        return ruling_of(self.one.region, self.one.managed_by)


@dataclass(frozen=True)
class Seen:
    """What the page shows of a list, read in one look at the ledger.

    Attributes:
        book: The list.
        figures: Counts of all that the actor works on.
        found: The part of the rows that the filters ask for.
        regions: Codes of the counties that have projects.
        rules: The rules in force.
        offices: Names of the offices by code.
        beside: The chosen case, None where there is none.
        due_up: Cases of the view of those to be handed up that are the actor's to hand
            up; none in other views.
        today: The day it is in China.
    """

    book: Book
    figures: Figures
    found: Part[Listed[Any]]
    regions: Sequence[str]
    rules: Routing
    offices: Mapping[str, str]
    beside: Beside | None
    due_up: Sequence[Listed[Any]]
    today: date


def asked_of(book: Book) -> Asked:
    """Return what the reader filters a list by, the view among it."""
    _, wanted = VIEWS[book.view.get()]
    return replace(book.asked.get(), **wanted)


def place(book: Book) -> Place:
    """Return where the reader stands in a list."""
    return Place(f"cases.{book.name}.table", asked_of(book))


def read(book: Book) -> Seen:
    """Read what the page shows of a list; the first row is chosen where none is.

    Args:
        book: The list.

    Returns:
        What the actor may see.
    """
    with resources.ledger().read(access.current_actor()) as work:
        loop, rules = book.loop, routing.read(work)
        require(work.actor, Verb.PROJECT_READ)  # what the page is for, told first
        figures, asked = case_list.figures(work, loop), asked_of(book)
        found = case_list.find(
            work,
            loop,
            asked,
            place(book).wanted,
            # All that is open was counted above the list.
            total=figures.total("open") if asked == Asked() else None,
        )
        number = book.chosen.get()
        one = None if number is None else case_list.find_one(work, loop, number)
        if one is None and found.rows:
            one = found.rows[0]
            book.chosen.set(one.case.id)
        beside = None
        if one is not None:
            beside = Beside(
                one,
                handling.course(work, loop, one.case.id),
                closed_loop.has_turn(work, one.case),
                handling.proposal(work, loop, one.case, rules),
            )
        return Seen(
            book=book,
            figures=figures,
            found=found,
            regions=projects.regions(work),
            rules=rules,
            offices=office_names(rules.offices),
            beside=beside,
            due_up=_due_up(work, book, found.rows),
            today=work.today(),
        )


def _due_up(
    work: Work, book: Book, rows: Sequence[Listed[Any]]
) -> Sequence[Listed[Any]]:
    if book.view.get() != TO_HAND_UP:
        return ()
    return [
        one
        for one in rows
        if closed_loop.has_turn(work, one.case)
        and may(work.actor, book.loop.route, ruling_of(one.region, one.managed_by))
    ]


def can(beside: Beside, book: Book, deed: str) -> bool:
    """Tell whether to offer a deed on the chosen case; the verb checks again.

    Args:
        beside: The case.
        book: Its list.
        deed: "write", "route", "answer" or "close".

    Returns:
        Whether the matrix grants it and, to route or answer, it is the actor's turn.
    """
    granted = may(access.current_actor(), getattr(book.loop, deed), beside.region)
    return granted and (deed in {"write", "close"} or beside.turn)
