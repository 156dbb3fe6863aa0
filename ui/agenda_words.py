"""A day's work in words: what each entry says, how long it has, where it leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gis.words import Title
from ledger.agenda import GRAVE, Agenda, Entry, Group, Matter
from ledger.model import ClaimKind, Stage
from ledger.policy_agenda import CHANGED, ENDS, GONE
from ui.i18n import t


@dataclass(frozen=True)
class Place:
    """Where an entry leads: a page, and a tab of the project's sheet on it."""

    page: str
    tab: str = ""


_SHEET: Final = "project_ledger.py"
_LAND: Final = Place(_SHEET, Title("Shortlist and land"))
_STAGES: Final = Place(_SHEET, Title("Stages"))
_PROBLEMS: Final = Place(_SHEET, Title("Problems"))
_REQUESTS: Final = Place(_SHEET, Title("Requests"))
_PROMISES: Final = Place(_SHEET, Title("Promises"))
_APPROVALS: Final = Place(_SHEET, Title("Land approval"))
_APPRAISAL: Final = Place(_SHEET, Title("Appraisal"))

PLACES: Final[Mapping[Matter, Place]] = {
    Matter.DECISION: _APPRAISAL,
    Matter.PROBLEM_OVERDUE: _PROBLEMS,
    Matter.REQUEST_OVERDUE: _REQUESTS,
    Matter.PROMISE_OVERDUE: _PROMISES,
    Matter.ESCALATED: _PROBLEMS,
    Matter.CLAIM_EXPIRING: _LAND,
    Matter.CLAIM_ENDED: _LAND,
    Matter.LAND_LOST: _LAND,
    Matter.BATCH: _APPROVALS,
    Matter.STEP: _APPROVALS,
    Matter.PROMISE_POLICY: _PROMISES,
    Matter.POLICY_READY: Place("policies.py"),
    Matter.POLICY_ENDING: Place("policies.py"),
    Matter.PLAN_MISSED: _STAGES,
    Matter.MILESTONE_OVERDUE: _STAGES,
    Matter.MILESTONE_DUE: _STAGES,
    Matter.INQUIRY: Place("inquiries.py"),
    Matter.OPINION: _APPRAISAL,
    Matter.DEMAND: _LAND,
    Matter.PROBLEM_DUE: _PROBLEMS,
    Matter.REQUEST_DUE: _REQUESTS,
    Matter.PROMISE_DUE: _PROMISES,
    Matter.DATA_CHANGED: _LAND,
    Matter.ACCOUNT: Place("administration.py"),
}
_CAUTIONS: Final = {
    CHANGED: Title("its policy has a newer edition"),
    ENDS: Title("its policy ends"),
    GONE: Title("its policy was taken off the desk"),
}
_BY_ENTITY: Final = {"problem": _PROBLEMS, "firm_request": _REQUESTS}

_SINCE: Final = frozenset({
    Matter.DECISION,
    Matter.POLICY_READY,
    Matter.ESCALATED,
    Matter.CLAIM_ENDED,
    Matter.LAND_LOST,
    Matter.BATCH,
    Matter.STEP,
    Matter.INQUIRY,
    Matter.OPINION,
    Matter.DEMAND,
    Matter.DATA_CHANGED,
})
"""What is told by the days it waits, not by the days it has left."""


_TOLD: Final = frozenset({
    Matter.POLICY_READY,
    Matter.POLICY_ENDING,
    Matter.STEP,
    Matter.BATCH,
    Matter.INQUIRY,
    Matter.ACCOUNT,
})
"""What is told with more that was written of it."""


def place_of(matter: Matter, entity: str) -> Place:
    """Return where an entry leads: what is routed leads to what it is."""
    return PLACES.get(matter) or _BY_ENTITY[entity]


def rows(found: Agenda, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Describe a day's work for the page, in the reader's language.

    Args:
        found: The work.
        names: Names of places by code.

    Returns:
        A card for each kind, plain text.
    """
    return [_card(group, names) for group in found.groups]


def left_text(matter: Matter, left: int | None) -> str:
    """Tell how long an entry has, is over, or waits.

    Args:
        matter: What kind it is.
        left: Days until its day; None where there is none.

    Returns:
        A few words; "" where there is no day.
    """
    if left is None:
        return ""
    if matter in _SINCE:
        return t("{days} days", days=-left) if left < 0 else t("since today")
    if left < 0:
        return t("{days} days over", days=-left)
    return t("in {days} days", days=left) if left else t("today")


def title_of(matter: Matter, entry: Entry) -> str:
    """Tell what an entry is about."""
    if matter is Matter.PLAN_MISSED:
        return t("{stage} was planned", stage=Title(Stage(entry.title).label))
    if matter is Matter.LAND_LOST:
        return t("{parcel} is held by {holder}", parcel=entry.title, holder=entry.about)
    if matter is Matter.DATA_CHANGED:
        return t("{count} candidates to screen again", count=entry.about)
    return entry.title


def _card(group: Group, names: Mapping[str, str]) -> dict[str, Any]:
    matter, listed = group.matter, len(group.entries)
    rest = group.total - listed
    return {
        "kind": matter.value,
        "title": t(matter.label),
        "count": f"{group.total:,}",
        "grave": matter in GRAVE,
        "more": t("Show all {count}", count=listed),
        "rest": t("{count} more are not listed.", count=f"{rest:,}") if rest else "",
        "entries": [_line(matter, entry, names) for entry in group.entries],
    }


def _line(matter: Matter, entry: Entry, names: Mapping[str, str]) -> dict[str, Any]:
    about = (
        entry.project if matter is not Matter.DECISION else "",
        entry.code,
        names.get(entry.region, entry.region),
        _more(matter, entry),
        _day(entry),
    )
    over = entry.left is not None and entry.left < 0 and matter not in _SINCE
    return {
        "id": f"{matter.value}/{entry.entity}/{_opens(entry)}",
        "title": title_of(matter, entry),
        "left": left_text(matter, entry.left),
        "amber": over,
        "about": " · ".join(filter(None, about)),
    }


def _opens(entry: Entry) -> str:
    """Name what a click opens: a draft by its number, as it has no code of its own."""
    return f"draft/{entry.id}" if entry.entity == "policy_edition" else entry.code


def _more(matter: Matter, entry: Entry) -> str:
    if matter in {Matter.CLAIM_EXPIRING, Matter.CLAIM_ENDED}:
        return t(ClaimKind(entry.about).label)
    if matter is Matter.DEMAND:
        return t("{area} mu", area=f"{float(entry.about):,.2f}")
    if matter is Matter.PROMISE_POLICY:
        return t(_CAUTIONS[entry.about])
    return entry.about if matter in _TOLD else ""


def _day(entry: Entry) -> str:
    return "" if entry.day is None else f"{entry.day:%Y-%m-%d}"
