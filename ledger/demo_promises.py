"""The demo's promises: written down, paid, kept or settled by law, as its file says."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ledger import promises
from ledger.casework import PromiseState
from ledger.unit_of_work import Work

Entry = Mapping[str, Any]


def load(work: Work, entries: Sequence[Entry], projects: Mapping[str, int]) -> None:
    """Add the demo's promises.

    Args:
        work: The unit of work of the demo.
        entries: Of `casework/promises.json`.
        projects: Numbers of the demo's projects by code.
    """
    for entry in entries:
        due = entry.get("due_on")
        promise = promises.write(
            work,
            project_id=projects[entry["project"]],
            title=entry["title"],
            basis=entry["basis"],
            condition=entry.get("condition") or "",
            amount_wan_cny=entry.get("amount_wan_cny"),
            due_on=date.fromisoformat(due) if due else None,
            office=entry.get("office") or "",
        )
        _settle(work, promise.id, entry)


def _settle(work: Work, promise_id: int, entry: Entry) -> None:
    version = 1
    for paid in entry.get("payments") or ():
        version = promises.pay(
            work,
            promise_id,
            amount_wan_cny=paid["amount_wan_cny"],
            evidence=paid["evidence"],
            on=date.fromisoformat(paid["on"]),
            version=version,
        ).version
    if kept := entry.get("kept"):
        promises.keep(
            work,
            promise_id,
            evidence=kept["evidence"],
            on=date.fromisoformat(kept["on"]),
            version=version,
        )
    if by_law := entry.get("by_law"):
        promises.settle_by_law(
            work,
            promise_id,
            to=PromiseState(by_law["to"]),
            lawful=promises.Ground(
                by_law["ground"], by_law["procedure"], by_law["compensation"]
            ),
            on=date.fromisoformat(by_law["on"]),
            version=version,
        )
