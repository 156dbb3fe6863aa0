"""What finished infrastructure of a zone says about its parcels, as a proposal.

Nothing here changes a fact: parcels, services and their days are data of a layer, and a
planner who agrees loads them as its next version.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from gis.errors import LedgerError
from ledger.casework import Facility, FacilityKind, FacilityState

SERVICE_OF: Final[Mapping[FacilityKind, str]] = {
    FacilityKind.ROAD: "road",
    FacilityKind.POWER: "power",
    FacilityKind.WATER: "water",
    FacilityKind.DRAINAGE: "drainage",
    FacilityKind.GAS: "gas",
    FacilityKind.TELECOM: "telecom",
    FacilityKind.HEAT: "heat",
}
"""The service of a parcel that a kind of infrastructure brings; others bring none."""

REACHED: Final = ("at_boundary", "present")
"""How far finished infrastructure may be taken to reach a parcel, the nearer last."""

CSV_COLUMNS: Final = (
    "parcel_id",
    "column",
    "value_now",
    "value_proposed",
    "as_of",
    "facility",
    "facility_title",
)


@dataclass(frozen=True)
class Proposal:
    """A parcel whose record says less than the infrastructure of its zone.

    Attributes:
        parcel_id: The parcel.
        service: Which service.
        now: What the parcel's record says, "" for nothing.
        proposed: What the infrastructure lets expect.
        since: The day the infrastructure was finished.
        facility_id: The infrastructure.
        facility: What it is called.
    """

    parcel_id: str
    service: str
    now: str
    proposed: str
    since: date
    facility_id: int
    facility: str


def proposals(
    facilities: Iterable[Facility],
    parcels: Mapping[str, Mapping[str, str]],
    *,
    reaches: str = REACHED[0],
) -> list[Proposal]:
    """Find the parcels of a zone whose services say otherwise than what is finished.

    Args:
        facilities: Infrastructure of the zone.
        parcels: State of each service by its name, by parcel of the zone.
        reaches: How far finished infrastructure is taken to reach: "at_boundary"
            (the parcel's edge) or "present" (on the parcel).

    Returns:
        A proposal for each parcel and service, by parcel; where several finished
        ones bring a service, the one that was finished first.

    Raises:
        LedgerError: `reaches` is another word.
    """
    if reaches not in REACHED:
        raise LedgerError(
            "Infrastructure reaches a parcel as {allowed}, not {got}.",
            allowed=", ".join(REACHED),
            got=reaches,
        )
    enough = REACHED[REACHED.index(reaches) :]
    brought = _first(facilities)
    found = []
    for parcel_id, services in sorted(parcels.items()):
        for service, facility, done_on in brought:
            now = services.get(service, "")
            if now in enough:
                continue
            found.append(
                Proposal(
                    parcel_id=parcel_id,
                    service=service,
                    now=now,
                    proposed=reaches,
                    since=done_on,
                    facility_id=facility.id,
                    facility=facility.title,
                )
            )
    return found


def brings_service(facility: Facility) -> bool:
    """Tell whether infrastructure is finished and of a kind that parcels feel."""
    return facility.state is FacilityState.DONE and facility.kind in SERVICE_OF


def as_csv(found: Sequence[Proposal]) -> bytes:
    """Write proposals as a table that a planner works into the parcels' next version.

    Args:
        found: The proposals.

    Returns:
        CSV in UTF-8 with a mark that Excel reads; a column of the parcel layer with
        its value now and as proposed in each line. No text begins a formula.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for one in found:
        writer.writerow([
            _inert(one.parcel_id),
            f"service_{one.service}",
            _inert(one.now),
            one.proposed,
            one.since.isoformat(),
            one.facility_id,
            _inert(one.facility),
        ])
    return out.getvalue().encode("utf-8-sig")


def _first(
    facilities: Iterable[Facility],
) -> list[tuple[str, Facility, date]]:
    """Return for each service what brought it first."""
    found: dict[str, tuple[str, Facility, date]] = {}
    for facility in facilities:
        done_on = facility.done_on
        if not brings_service(facility) or done_on is None:
            continue
        service = SERVICE_OF[facility.kind]
        if service not in found or done_on < found[service][2]:
            found[service] = (service, facility, done_on)
    return list(found.values())


def _inert(text: str) -> str:
    """Keep a spreadsheet from reading a text as a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
