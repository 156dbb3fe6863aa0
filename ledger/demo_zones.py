"""The demo's zones: infrastructure with its money, figures of years, recognitions."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ledger import facilities, zones
from ledger.casework import FacilityKind, FacilityState, FundSource
from ledger.facilities import Progress
from ledger.unit_of_work import Work
from ledger.zones import Zone

Entry = Mapping[str, Any]


def load_facilities(
    work: Work, entries: Sequence[Entry], projects: Mapping[str, int]
) -> None:
    """Add the demo's infrastructure and its money.

    Args:
        work: The unit of work of the demo.
        entries: Of `casework/facilities.json`.
        projects: Numbers of the demo's projects by code.
    """
    for entry in entries:
        facility = facilities.add(
            work,
            kind=FacilityKind(entry["kind"]),
            title=entry["title"],
            zone=entry.get("zone") or "",
            region=entry.get("region") or "",
            project_id=projects.get(entry.get("project") or ""),
            progress=Progress(
                state=FacilityState(entry["state"]),
                share=entry["share"],
                planned_on=_day(entry.get("planned_on")),
                done_on=_day(entry.get("done_on")),
            ),
            builder=entry.get("builder") or "",
        )
        for fund in entry.get("funds") or ():
            facilities.add_fund(
                work,
                facility.id,
                source=FundSource(fund["source"]),
                planned_wan_cny=fund["planned_wan_cny"],
                arrived_wan_cny=fund["arrived_wan_cny"],
            )


def load_zones(
    work: Work, entries: Sequence[Entry], projects: Mapping[str, int]
) -> None:
    """Add the demo's figures and recognitions of zones.

    Args:
        work: The unit of work of the demo.
        entries: Of `casework/zones.json`.
        projects: Numbers of the demo's projects by code; zones name none.
    """
    del projects
    for entry in entries:
        zone = Zone(entry["zone"], entry["region"])
        if "recognition" in entry:
            zones.recognise(
                work,
                zone,
                title=entry["recognition"],
                basis=entry["basis"],
                since=date.fromisoformat(entry["since"]),
            )
        else:
            zones.put_figure(
                work,
                zone,
                year=entry["year"],
                code=entry["code"],
                value=entry["value"],
                source=entry["source"],
            )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
