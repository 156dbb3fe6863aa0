"""The demo's land: claims with queues and refused claims, and land demands."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from shapely import from_wkt

from gis.errors import ClaimConflictError
from ledger import attempts, claims, demands, queue
from ledger.casework import Demand, DemandState, Urgency
from ledger.model import ClaimKind
from ledger.unit_of_work import Work

Entry = Mapping[str, Any]


def load_claims(
    work: Work, entries: Sequence[Entry], projects: Mapping[str, int]
) -> None:
    """Claim the demo's land, let others queue for it and be refused.

    Args:
        work: The unit of work of the demo.
        entries: Of `casework/claims.json`; last days count from the day of loading.
        projects: Numbers of the demo's projects by code.
    """
    for entry in entries:
        ground = {
            "parcel_id": entry["parcel_id"],
            "geometry": from_wkt(entry["wkt"]),
            "area_m2": float(entry["area_m2"]),
            "region": entry["region"],
            "part": bool(entry.get("part")),
        }
        days = entry.get("expires_in_days")
        claims.claim(
            work,
            project_id=projects[entry["project"]],
            kind=ClaimKind(entry["kind"]),
            note=entry.get("note") or "",
            expires_on=None if days is None else work.today() + timedelta(days=days),
            **ground,
        )
        for told in entry.get("queue") or ():
            queue.join(
                work,
                project_id=projects[told["project"]],
                kind=ClaimKind(told["kind"]),
                note=told.get("note") or "",
                **ground,
            )
        for code in entry.get("refused") or ():
            _refused(work, projects[code], ground)


def load_demands(
    work: Work, entries: Sequence[Entry], projects: Mapping[str, int]
) -> None:
    """Write down the demo's land demands and bring each as far as its file says.

    Args:
        work: The unit of work of the demo.
        entries: Of `casework/demands.json`; the day wanted counts from that of loading.
        projects: Numbers of the demo's projects by code.
    """
    for entry in entries:
        raised = date.fromisoformat(entry["raised_on"])
        days = entry.get("wanted_in_days")
        wanted = None if days is None else work.today() + timedelta(days=days)
        made = demands.add(
            work,
            project_id=projects[entry["project"]],
            title=entry["title"],
            area_mu=float(entry["area_mu"]),
            urgency=Urgency(entry["urgency"]),
            raised_on=raised,
            wanted_by=wanted and max(wanted, raised),
            follower=entry.get("follower") or "",
        )
        _bring_on(work, made, entry)


def _bring_on(work: Work, demand: Demand, entry: Entry) -> None:
    state, parcel = DemandState(entry["state"]), entry.get("parcel_id") or ""
    if parcel:
        demand = demands.match(
            work, demand.id, version=demand.version, parcel_id=parcel
        )
    if state is DemandState.APPROVAL:
        demands.to_approval(work, demand.id, version=demand.version)
    if state is DemandState.MET:
        demands.meet(
            work,
            demand.id,
            evidence=entry["evidence"],
            version=demand.version,
            on=date.fromisoformat(entry["closed_on"]),
        )


def _refused(work: Work, project_id: int, ground: Mapping[str, Any]) -> None:
    """Try to claim land that is held; nothing was written before it was refused."""
    try:
        claims.claim(work, project_id=project_id, **ground)
    except ClaimConflictError as refused:
        attempts.remember(work, refused)
