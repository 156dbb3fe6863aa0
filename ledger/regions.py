"""Management regions: places beside the counties, and which of the two rules in what.

A parcel or project may lie in a county and in a management region at once; which of
them rules in a matter is data (`rules_shipped/management_regions.toml`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gis.errors import LedgerError
from gis.words import Title
from ledger import rules
from ledger.access import is_code, is_managed
from ledger.model import Project, Word
from ledger.unit_of_work import Work

TABLE = "management_regions"


class Matter(Word):
    """In what a county or a management region rules."""

    APPROVAL = "approval", Title("Path of land approval")
    STAFF = "staff", Title("Entries of the project")


WINNERS = ("region", "county")


@dataclass(frozen=True)
class Precedence:
    """Who rules in one matter: the management region or the county."""

    matter: Matter
    region_wins: bool
    source: str
    confirmed: bool


@dataclass(frozen=True)
class ManagementRegion:
    """A place beside the counties, with the counties it reaches into."""

    code: str
    title: str
    english: str
    counties: tuple[str, ...]
    source: str
    confirmed: bool
    rules: tuple[Precedence, ...]

    def wins(self, matter: Matter) -> bool:
        """Tell whether it rules in a matter; the county does where nothing is told."""
        return any(one.region_wins for one in self.rules if one.matter is matter)


def regions(work: Work) -> list[ManagementRegion]:
    """List the management regions, in the order of the table in force.

    Args:
        work: The unit of work.

    Returns:
        The regions.
    """
    return of_rules(rules.in_force(work, TABLE))


def of_rules(table: rules.Rules) -> list[ManagementRegion]:
    """List the management regions of one edition of the table.

    Args:
        table: The edition.

    Returns:
        The regions.
    """
    return [_region(entry) for entry in table.data.get("region") or ()]


def belonging(work: Work, county: str) -> list[ManagementRegion]:
    """List the management regions that reach into a county.

    Args:
        work: The unit of work.
        county: Six-digit code of the county.

    Returns:
        The regions; mostly none.
    """
    return [one for one in regions(work) if county in one.counties]


def ruling(work: Work, project: Project, matter: Matter) -> str:
    """Return the place that rules a project in a matter.

    Args:
        work: The unit of work.
        project: The project.
        matter: What is to be ruled.

    Returns:
        Code of the place, as `ruling_of` tells it.
    """
    return ruling_of(work, project.region, project.managed_by, matter)


def ruling_of(work: Work, region: str, managed_by: str, matter: Matter) -> str:
    """Return the place that rules in a county, run by a management region or not.

    Args:
        work: The unit of work.
        region: Code of the county.
        managed_by: Code of the management region; "" for none.
        matter: What is to be ruled.

    Returns:
        Code of the management region where that one wins, else of the county. A
        region that the table no longer names keeps its projects.
    """
    known = regions(work) if managed_by else []
    return of_known(known, region, managed_by, matter)


def of_known(
    known: Sequence[ManagementRegion], region: str, managed_by: str, matter: Matter
) -> str:
    """Return the place that rules, where the management regions were read before.

    Args:
        known: The management regions in force.
        region: Code of the county.
        managed_by: Code of the management region; "" for none.
        matter: What is to be ruled.

    Returns:
        Code of the place, as `ruling_of` tells it.
    """
    if not managed_by:
        return region
    found = {one.code: one for one in known}.get(managed_by)
    wins = found is None or found.wins(matter)
    return managed_by if wins else region


def managed_by_faults(
    work: Work, *, managed_by: str, region: str
) -> Sequence[LedgerError]:
    """Find what is wrong with the management region that a project names.

    Args:
        work: The unit of work.
        managed_by: The code that was given; "" for none.
        region: Code of the project's county.

    Returns:
        One error for each fault.
    """
    if not managed_by:
        return []
    known = {one.code: one for one in regions(work)}
    found = known.get(managed_by)
    if found is None:
        return [
            LedgerError(
                "There is no management region {code}: choose one of {known}.",
                code=managed_by,
                known=", ".join(known) or "—",
            )
        ]
    if region not in found.counties:
        return [
            LedgerError(
                "{title} does not reach into {region}: choose the county the project "
                "lies in, or no management region.",
                title=found.title,
                region=region,
            )
        ]
    return []


def faults(data: Mapping[str, Any]) -> list[LedgerError]:
    """Find what is wrong with a table of management regions.

    Args:
        data: The table, as TOML reads it.

    Returns:
        One error for each faulty line.
    """
    entries = data.get("region") or []
    found = [
        LedgerError(
            "Management region {number} needs a code such as 52M001, a title, its "
            "counties and a source.",
            number=number,
        )
        for number, entry in enumerate(entries, start=1)
        if not _complete(entry)
    ]
    found += [
        LedgerError(
            "Management region {number}: each rule needs a matter ({matters}) and who "
            "wins ({winners}).",
            number=number,
            matters=", ".join(Matter),
            winners=", ".join(WINNERS),
        )
        for number, entry in enumerate(entries, start=1)
        if not all(_decides(rule) for rule in entry.get("rule") or ())
    ]
    codes = [entry.get("code") for entry in entries]
    if len(set(codes)) != len(codes):
        found.append(LedgerError("Each management region needs a code of its own."))
    return found


def _complete(entry: Mapping[str, Any]) -> bool:
    counties = entry.get("counties") or []
    return (
        is_managed(str(entry.get("code") or ""))
        and bool(entry.get("title"))
        and bool(entry.get("source"))
        and bool(counties)
        and all(is_code(str(one)) and not is_managed(str(one)) for one in counties)
    )


def _decides(rule: Mapping[str, Any]) -> bool:
    return rule.get("matter") in list(Matter) and rule.get("wins") in WINNERS


def _region(entry: Mapping[str, Any]) -> ManagementRegion:
    return ManagementRegion(
        code=str(entry["code"]),
        title=str(entry["title"]),
        english=str(entry.get("english") or entry["title"]),
        counties=tuple(str(one) for one in entry["counties"]),
        source=str(entry.get("source") or ""),
        confirmed=rules.confirmed(entry),
        rules=tuple(
            Precedence(
                matter=Matter(rule["matter"]),
                region_wins=rule["wins"] == "region",
                source=str(rule.get("source") or ""),
                confirmed=rules.confirmed(rule),
            )
            for rule in entry.get("rule") or ()
        ),
    )
