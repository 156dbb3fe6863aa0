"""The history of a project: who did what and when, and what it changed."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any, Final

import streamlit as st

from gis.words import Title
from ledger import audit, routing
from ledger.casework import (
    Channel,
    FacilityKind,
    FacilityState,
    FundSource,
    PromiseState,
)
from ledger.fields import FIELD_TITLES
from ledger.model import AuditRow, ClaimKind, Level, ProblemKind, Project, Stage, Word
from ledger.unit_of_work import CHINA
from ui import access, resources
from ui.case_words import category_name, office_names
from ui.i18n import t

SHOWN: Final = 100

DEEDS: Final[Mapping[str, Title]] = {
    "project.create": Title("Added the project"),
    "project.edit": Title("Changed the project"),
    "project.move": Title("Moved the project"),
    "milestone.add": Title("Added a milestone"),
    "shortlist.add": Title("Put a parcel on the shortlist"),
    "check.keep": Title("Kept a land check"),
    "check.to_project": Title("Put a land check into the file"),
    "check.overrule": Title("Overruled a finding"),
    "shortlist.remove": Title("Took a parcel off the shortlist"),
    "claim.make": Title("Claimed land"),
    "claim.amend": Title("Changed a claim"),
    "claim.release": Title("Released land"),
    "claim.lapse": Title("A claim that had run out made way"),
    "claim.hand_over": Title("Handed land over"),
    "claim.take_over": Title("Took land over"),
    "claim.refused": Title("A claim was refused"),
    "queue.join": Title("Joined the queue for land"),
    "queue.leave": Title("Left the queue for land"),
    "queue.taken": Title("The place in the queue was fulfilled"),
    "demand.raise": Title("Wrote down a land demand"),
    "demand.edit": Title("Changed a land demand"),
    "demand.match": Title("Matched land to a demand"),
    "demand.approval": Title("Took a demand into land approval"),
    "demand.back": Title("Took a demand a step back"),
    "demand.meet": Title("Struck a land demand off"),
    "demand.withdraw": Title("Withdrew a land demand"),
    "demand.reopen": Title("Opened a land demand again"),
    "project.demand": Title("Land demand met or open, by its demands"),
    "problem.open": Title("Opened a problem"),
    "problem.edit": Title("Changed a problem"),
    "problem.close": Title("Closed a problem"),
    "problem.reopen": Title("Opened a problem again"),
    "account.add": Title("Added an account"),
    "account.edit": Title("Changed an account"),
    "account.bind": Title("Signed in for the first time"),
    "rule.put_in_force": Title("Put a rule table in force"),
    "problem.route": Title("Routed a problem"),
    "problem.answer": Title("Answered a problem"),
    "problem.escalate": Title("Handed a problem up"),
    "request.open": Title("Wrote down a request of the firm"),
    "request.edit": Title("Changed a request of the firm"),
    "request.route": Title("Routed a request of the firm"),
    "request.answer": Title("Answered a request of the firm"),
    "request.confirm": Title("Wrote down what the firm said"),
    "request.escalate": Title("Handed a request of the firm up"),
    "request.close": Title("Closed a request of the firm"),
    "request.reopen": Title("Opened a request of the firm again"),
    "promise.write": Title("Wrote a promise down"),
    "promise.edit": Title("Changed what a promise says"),
    "promise.pay": Title("Paid on a promise"),
    "payment.book": Title("Booked a payment"),
    "promise.take_back": Title("Took a payment back"),
    "promise.keep": Title("Kept a promise"),
    "promise.changed": Title("Changed a promise by law"),
    "promise.refused": Title("Refused a promise by law"),
    "promise.reopen": Title("Took a promise up again"),
    "facility.add": Title("Wrote infrastructure down"),
    "facility.edit": Title("Changed infrastructure"),
    "fund.add": Title("Added money for infrastructure"),
    "fund.edit": Title("Changed money for infrastructure"),
    "inquiry.lead": Title("Made a lead of an inquiry"),
}

NAMES: Final[Mapping[str, Title]] = {
    **FIELD_TITLES,
    "parcel_id": Title("Parcel"),
    "kind": Title("Kind"),
    "area_m2": Title("Area (m2)"),
    "expires_on": Title("Last day"),
    "release_reason": Title("Reason"),
    "score": Title("Score"),
    "category": Title("Category"),
    "opened_on": Title("Opened on"),
    "due_on": Title("Due on"),
    "closed_on": Title("Closed on"),
    "evidence": Title("Evidence of closing"),
    "channel": Title("Channel"),
    "raised_on": Title("Opened on"),
    "answer": Title("Answer"),
    "answered_on": Title("Answered on"),
    "confirmed_on": Title("Confirmed on"),
    "confirmation": Title("What the firm said"),
    "escalations": Title("Times handed up"),
    "why": Title("Reason"),
    "area_mu": Title("Area (mu)"),
    "wanted_by": Title("Wanted by"),
    "follower": Title("Followed by"),
    "planned_on": Title("Planned for"),
    "done_on": Title("Done on"),
    "name": Title("Name"),
    "role": Title("Role"),
    "office": Title("Office"),
    "disabled": Title("Locked out"),
    "edition": Title("Edition"),
    "effective_on": Title("In force from"),
    "basis": Title("Basis of the promise"),
    "condition": Title("Condition"),
    "amount_wan_cny": Title("Amount (10,000 CNY)"),
    "paid_wan_cny": Title("Paid (10,000 CNY)"),
    "paid_on": Title("Paid on"),
    "ground": Title("Lawful ground"),
    "procedure": Title("Procedure followed"),
    "compensation": Title("Compensation"),
    "state": Title("State"),
    "builder": Title("Builder"),
    "share": Title("Built (share)"),
    "source": Title("Source of the money"),
    "planned_wan_cny": Title("Planned (10,000 CNY)"),
    "arrived_wan_cny": Title("Arrived (10,000 CNY)"),
}
"""The fields that a history tells; what has no name here is for the database."""

WORDS: Final[tuple[type[Word], ...]] = (
    Stage,
    Level,
    ClaimKind,
    ProblemKind,
    Channel,
)
WORDED: Final = {"stage", "level", "kind", "channel"}
WORDS_OF: Final[Mapping[tuple[str, str], type[Word]]] = {
    ("promise", "state"): PromiseState,
    ("facility", "state"): FacilityState,
    ("facility", "kind"): FacilityKind,
    ("fund", "source"): FundSource,
}
"""Words whose meaning depends on the table they stand in, by table and column."""
LONG: Final = 80


def history_tab(project: Project) -> None:
    """Draw the history of a project, the newest first."""
    with resources.ledger().read(access.current_actor()) as work:
        told = audit.history(work, "project", project.id)
        offices = office_names(routing.read(work).offices)
    lines = "".join(row_html(row, offices) for row in told[:SHOWN])
    st.html(f'<ul class="lines">{lines}</ul>')
    if len(told) > SHOWN:
        st.caption(t("The newest {count} of {total}.", count=SHOWN, total=len(told)))


def row_html(row: AuditRow, offices: Mapping[str, str]) -> str:
    """Write one deed, encoded: when, what, by whom, and each field it changed.

    Args:
        row: The deed.
        offices: Names of the offices by code.

    Returns:
        HTML.
    """
    changed = "".join(f"<li>{escape(line)}</li>" for line in changes(row, offices))
    when = f"{row.at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    who = f"{t(Title(row.who))} · {t(row.role.label)}"
    return (
        f'<li><span class="day">{when}</span><b>{escape(_deed(row.verb))}</b>'
        f"<small>{escape(who)}</small>{f'<ul>{changed}</ul>' if changed else ''}</li>"
    )


def changes(row: AuditRow, offices: Mapping[str, str]) -> list[str]:
    """Tell what a deed changed, a line for each field.

    Args:
        row: The deed.
        offices: Names of the offices by code.

    Returns:
        "Jobs: 300 → 320"; for a new row only what was filled in.
    """
    before, after = _read(row.before), _read(row.after)
    lines = []
    for name, title in NAMES.items():
        if name not in before and name not in after:
            continue
        old, new = (
            _shown(name, offices.get(str(value), value))
            if name == "office"
            else _worded(row.entity, name, value)
            for value in (before.get(name), after.get(name))
        )
        if name == "need":
            lines.append(t("The land need was written."))
        elif old and new:
            lines.append(f"{_named(name, title)}: {old} → {new}")
        elif old:
            lines.append(f"{_named(name, title)}: {old} → —")
        elif new:
            lines.append(f"{_named(name, title)}: {new}")
    return lines


def _deed(verb: str) -> str:
    return t(DEEDS[verb]) if verb in DEEDS else verb


def _named(name: str, title: Title) -> str:
    return t(Title("Title")) if name == "title" else t(title)


def _read(text: str) -> dict[str, Any]:
    return dict(json.loads(text)) if text else {}


def _worded(entity: str, name: str, value: object) -> str:
    words = WORDS_OF.get((entity, name))
    if words is not None and value in list(words):
        return t(words(str(value)).label)
    return _shown(name, value)


def _shown(name: str, value: object) -> str:
    """Write a value for a person; "" where there is none."""
    if value is None or value == "" or value is False:
        return ""
    if value is True:
        return t("yes")
    if isinstance(value, float):
        return f"{value:,g}" if value < 1e6 else f"{value:,.0f}"  # noqa: PLR2004 - %g rounds from here
    text = str(value)
    if name == "category":
        return category_name(text)
    if name in WORDED:
        for words in WORDS:
            if text in list(words):
                return t(words(text).label)
    return text if len(text) <= LONG else f"{text[:LONG]}…"
