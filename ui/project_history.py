"""The history of a project: who did what and when, and what it changed."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any, Final

import streamlit as st

from gis.words import Title
from ledger import audit
from ledger.fields import FIELD_TITLES
from ledger.model import AuditRow, ClaimKind, Level, ProblemKind, Project, Stage, Word
from ledger.unit_of_work import CHINA
from ui import access, resources
from ui.i18n import t
from ui.project_problems import category_name

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
    "area_mu": Title("Area (mu)"),
    "raised_on": Title("Raised on"),
    "wanted_by": Title("Wanted by"),
    "follower": Title("Followed by"),
    "planned_on": Title("Planned for"),
    "done_on": Title("Done on"),
}
"""The fields that a history tells; what has no name here is for the database."""

WORDS: Final[tuple[type[Word], ...]] = (Stage, Level, ClaimKind, ProblemKind)
WORDED: Final = {"stage", "level", "kind"}
LONG: Final = 80


def history_tab(project: Project) -> None:
    """Draw the history of a project, the newest first."""
    with resources.ledger().read(access.current_actor()) as work:
        told = audit.history(work, "project", project.id)
    st.html(f'<ul class="lines">{"".join(row_html(row) for row in told[:SHOWN])}</ul>')
    if len(told) > SHOWN:
        st.caption(t("The newest {count} of {total}.", count=SHOWN, total=len(told)))


def row_html(row: AuditRow) -> str:
    """Write one deed, encoded: when, what, by whom, and each field it changed."""
    changed = "".join(f"<li>{escape(line)}</li>" for line in changes(row))
    when = f"{row.at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    who = f"{t(Title(row.who))} · {t(row.role.label)}"
    return (
        f'<li><span class="day">{when}</span><b>{escape(_deed(row.verb))}</b>'
        f"<small>{escape(who)}</small>{f'<ul>{changed}</ul>' if changed else ''}</li>"
    )


def changes(row: AuditRow) -> list[str]:
    """Tell what a deed changed, a line for each field.

    Args:
        row: The deed.

    Returns:
        "Jobs: 300 → 320"; for a new row only what was filled in.
    """
    before, after = _read(row.before), _read(row.after)
    lines = []
    for name, title in NAMES.items():
        if name not in before and name not in after:
            continue
        old, new = _shown(name, before.get(name)), _shown(name, after.get(name))
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
