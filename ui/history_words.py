"""A history in words: what was done, and each field as it was and as it became."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gis.words import Title
from ledger.audit_words import word_of
from ledger.fields import FIELD_TITLES
from ledger.model import AuditRow
from ledger.rows import ENTITIES
from ui.case_words import category_name
from ui.i18n import t
from ui.need_changes import need_changes

LONG: Final = 80

DEEDS: Final[Mapping[str, Title]] = {
    "project.create": Title("Added the project"),
    "project.edit": Title("Changed the project"),
    "project.undo": Title("Took back the last change of the project"),
    "project.move": Title("Moved the project"),
    "milestone.add": Title("Added a milestone"),
    "plan.set": Title("Planned a stage"),
    "plan.change": Title("Changed the plan of a stage"),
    "plan.remove": Title("Took the plan of a stage back"),
    "service.settle": Title("Filled in the service checklist"),
    "service.edit": Title("Changed the service checklist"),
    "shortlist.add": Title("Put a parcel on the shortlist"),
    "check.keep": Title("Kept a land check"),
    "check.to_project": Title("Put a land check into the file"),
    "check.overrule": Title("Overruled a finding"),
    "shortlist.remove": Title("Took a parcel off the shortlist"),
    "claim.make": Title("Claimed land"),
    "claim.amend": Title("Changed a claim"),
    "claim.release": Title("Released land"),
    "claim.lapse": Title("A claim that had run out made way"),
    "problem.open": Title("Opened a problem"),
    "problem.edit": Title("Changed a problem"),
    "problem.undo": Title("Took back the last change of a problem"),
    "problem.close": Title("Closed a problem"),
    "problem.reopen": Title("Opened a problem again"),
    "account.add": Title("Added an account"),
    "account.edit": Title("Changed an account"),
    "account.bind": Title("Signed in for the first time"),
    "rule.put_in_force": Title("Put a rule table in force"),
    "preference.save": Title("Kept a setting of their own"),
    "preference.remove": Title("Deleted a setting of their own"),
    "claim.hand_over": Title("Handed land over"),
    "claim.take_over": Title("Took land over"),
    "claim.keep_rest": Title("Kept the rest of land that was handed over"),
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
"""What a deed is called; others are told by what became of which kind of row."""

NAMES: Final[Mapping[str, Title]] = {
    **FIELD_TITLES,
    "managed_by": Title("Management region"),
    "parcel_id": Title("Parcel"),
    "kind": Title("Kind"),
    "state": Title("State"),
    "urgency": Title("Urgency"),
    "channel": Title("Way it came in"),
    "area_m2": Title("Area (m2)"),
    "area_mu": Title("Area (mu)"),
    "expires_on": Title("Last day"),
    "release_reason": Title("Reason"),
    "score": Title("Score"),
    "category": Title("Category"),
    "opened_on": Title("Opened on"),
    "raised_on": Title("Raised on"),
    "wanted_by": Title("Wanted by"),
    "follower": Title("Followed by"),
    "due_on": Title("Due on"),
    "office": Title("Office"),
    "answer": Title("Answer"),
    "answered_on": Title("Answered on"),
    "confirmed_on": Title("Confirmed on"),
    "confirmation": Title("What the firm said"),
    "escalated_on": Title("Handed up on"),
    "closed_on": Title("Closed on"),
    "evidence": Title("Evidence of closing"),
    "planned_on": Title("Planned for"),
    "done_on": Title("Done on"),
    "settled_on": Title("Settled on"),
    "text": Title("Content"),
    "basis": Title("Basis"),
    "condition": Title("Condition"),
    "amount_wan_cny": Title("Amount (10,000 CNY)"),
    "paid_wan_cny": Title("Paid (10,000 CNY)"),
    "batch": Title("Batch"),
    "begun_on": Title("Begun on"),
    "entered_on": Title("Entered on"),
    "decided_on": Title("Decided on"),
    "decision": Title("Decision"),
    "document_no": Title("Document number"),
    "submitted_on": Title("Submitted on"),
    "summary": Title("Summary"),
    "view": Title("Opinion"),
    "share": Title("Share built"),
    "name": Title("Name"),
    "role": Title("Role"),
    "disabled": Title("Locked out"),
    "edition": Title("Edition"),
    "effective_on": Title("In force from"),
    "escalations": Title("Times handed up"),
    "why": Title("Reason"),
    "paid_on": Title("Paid on"),
    "ground": Title("Lawful ground"),
    "procedure": Title("Procedure followed"),
    "compensation": Title("Compensation"),
    "builder": Title("Builder"),
    "source": Title("Source of the money"),
    "planned_wan_cny": Title("Planned (10,000 CNY)"),
    "arrived_wan_cny": Title("Arrived (10,000 CNY)"),
}
"""The fields that a history tells; what has no name here is for the database."""


@dataclass(frozen=True)
class Change:
    """One field as it was and as it became, "" where it was or is empty."""

    field: str
    old: str
    new: str

    @property
    def text(self) -> str:
        """The change in one line: "Jobs: 300 → 320"."""
        if not self.old:
            return f"{self.field}: {self.new}"
        return f"{self.field}: {self.old} → {self.new or '—'}"


def deed(row: AuditRow) -> str:
    """Name what was done.

    Args:
        row: The deed.

    Returns:
        Its name; for one without a name, what became of which kind of row.
    """
    if row.verb in DEEDS:
        return t(DEEDS[row.verb])
    entity = ENTITIES.get(row.entity, Title(row.entity))
    if not row.before:
        return t("Added: {entity}", entity=entity)
    if not row.after:
        return t("Removed: {entity}", entity=entity)
    return t("Changed: {entity}", entity=entity)


def changes(row: AuditRow, offices: Mapping[str, str]) -> list[Change]:
    """Tell what a deed changed.

    Args:
        row: The deed.
        offices: Names of the offices by code.

    Returns:
        One entry a field; a need is told criterion by criterion, and of a new row only
        what was filled in.
    """
    before, after = _read(row.before), _read(row.after)
    told: list[Change] = []
    for name, title in NAMES.items():
        if name not in before and name not in after:
            continue
        if name == "need":
            told += _need(str(before.get(name) or ""), str(after.get(name) or ""))
            continue
        old, new = (
            offices.get(str(value), str(value or ""))
            if name == "office"
            else _shown(row.entity, name, value)
            for value in (before.get(name), after.get(name))
        )
        if old or new:
            told.append(Change(_named(name, title), old, new))
    return told


def _need(before: str, after: str) -> list[Change]:
    if before == after:
        return []
    found = need_changes(before, after)
    field = t(FIELD_TITLES["need"])
    if found is None:
        return [Change(field, "", t("The land need was written."))]
    gone, new = found
    return [Change(field, line, "") for line in gone] + [
        Change(field, "", line) for line in new
    ]


def _named(name: str, title: Title) -> str:
    return t(Title("Title")) if name == "title" else t(title)


def _read(text: str) -> dict[str, Any]:
    return dict(json.loads(text)) if text else {}


def _shown(entity: str, name: str, value: object) -> str:
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
    word = word_of(entity, name, value)
    if word is not None:
        return t(word)
    return text if len(text) <= LONG else f"{text[:LONG]}…"
