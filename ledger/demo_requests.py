"""The demo's requests of landed firms, each brought as far as its file says."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ledger import handling, requests
from ledger.casework import Channel, FirmRequest
from ledger.demo_routing import answered, routed
from ledger.unit_of_work import Work

Entry = Mapping[str, Any]


def load(work: Work, entries: Sequence[Entry], projects: Mapping[str, int]) -> None:
    """Add the demo's requests.

    Args:
        work: The unit of work of the demo.
        entries: Of `casework/requests.json`.
        projects: Numbers of the demo's projects by code.
    """
    for entry in entries:
        request = requests.open(
            work,
            project_id=projects[entry["project"]],
            title=entry["title"],
            channel=Channel(entry["channel"]),
            category=entry["category"],
            raised_on=_day(entry, "raised_on"),
        )
        if entry.get("routed"):
            _go_on(work, request, entry)


def _go_on(work: Work, request: FirmRequest, entry: Entry) -> None:
    loop = requests.LOOP
    request = routed(work, loop, request, _day(entry, "due_on"))
    if entry.get("handed_up"):
        why = entry["handed_up"]
        handling.escalate(work, loop, request.id, version=request.version, why=why)
    if not entry.get("answer"):
        return
    request = answered(work, loop, request, entry["answer"], _day(entry, "answered_on"))
    if not entry.get("said"):
        return
    request = requests.confirm(
        work,
        request.id,
        version=request.version,
        said=entry["said"],
        on=_day(entry, "confirmed_on"),
    )
    if entry.get("evidence"):
        handling.close(
            work,
            loop,
            request.id,
            version=request.version,
            evidence=entry["evidence"],
            on=_day(entry, "confirmed_on"),
        )


def _day(entry: Entry, name: str) -> date:
    return date.fromisoformat(entry[name])
