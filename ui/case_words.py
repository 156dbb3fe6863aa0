"""Words for problems and requests: what they are about, how far, with whom."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from gis.words import Title
from ledger.casework import FirmRequest
from ledger.closed_loop import CaseState, is_overdue, state_of
from ledger.model import Problem
from ledger.offices import Office
from ui.i18n import language, t

CATEGORIES: Final[Mapping[str, Title]] = {
    "land": Title("Land quota and clearing"),
    "site": Title("Site"),
    "plan": Title("Detailed plan"),
    "planning": Title("Planning permit"),
    "environment": Title("Environment"),
    "energy": Title("Energy review"),
    "safety": Title("Safety review"),
    "construction": Title("Building permit"),
    "road": Title("Road access"),
    "power": Title("Power supply"),
    "water": Title("Water supply"),
    "drainage": Title("Drainage"),
    "gas": Title("Gas supply"),
    "finance": Title("Financing"),
    "labour": Title("Labour"),
    "policy": Title("Promised policy"),
    "other": Title("Other"),
}
"""What problems are about; a category of a ledger's own is shown as it is."""

CHINESE: Final = "zh_CN"
MARKS: Final[Mapping[CaseState, str]] = {
    CaseState.UNROUTED: "amber",
    CaseState.WAITING: "going",
    CaseState.ANSWERED: "going",
    CaseState.CONFIRMED: "done",
    CaseState.CLOSED: "",
}
"""The mark of a state in the table of cases."""


def category_name(category: str) -> str:
    """Name what a case is about, in the reader's language."""
    return t(CATEGORIES[category]) if category in CATEGORIES else category


def office_names(known: Sequence[Office]) -> dict[str, str]:
    """Name the offices by code, in the reader's language.

    Args:
        known: The offices of the table in force.

    Returns:
        Names by code.
    """
    chinese = language() == CHINESE
    return {one.code: one.title if chinese else one.english for one in known}


def state_text(case: Problem | FirmRequest, today: date) -> str:
    """Tell how far a case has come, and whether it is late.

    Args:
        case: The case.
        today: The day it is.

    Returns:
        "Waiting for an answer · 3 days overdue".
    """
    return " · ".join(filter(None, (t(state_of(case).label), late_text(case, today))))


def late_text(case: Problem | FirmRequest, today: date) -> str:
    """Tell how many days an open case is past its last day; "" where it is not."""
    if not is_overdue(case, today) or case.due_on is None:
        return ""
    return t("{count} days overdue", count=(today - case.due_on).days)
