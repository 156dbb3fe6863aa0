"""The demo's inquiries: received, and answered or closed as its file says."""

from collections.abc import Mapping, Sequence
from typing import Any

from ledger import inquiries
from ledger.casework import InquiryState
from ledger.unit_of_work import Work

Entry = Mapping[str, Any]


def load(work: Work, entries: Sequence[Entry], projects: Mapping[str, int]) -> None:
    """Add the demo's inquiries; those that are new come last.

    Args:
        work: The unit of work of the demo.
        entries: Of `casework/inquiries.json`.
        projects: Numbers of the demo's projects by code; inquiries name none.
    """
    del projects
    for entry in sorted(entries, key=lambda one: one["state"] == InquiryState.NEW):
        inquiry = inquiries.receive(
            work,
            region=entry["region"],
            firm=entry["firm"],
            person=entry["person"],
            contact=entry["contact"],
            text=entry["text"],
            consents=True,
        )
        if text := entry.get("answer"):
            inquiries.answer(work, inquiry.id, text=text, version=inquiry.version)
        if reason := entry.get("reason"):
            inquiries.close(work, inquiry.id, reason=reason, version=inquiry.version)
