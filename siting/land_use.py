"""Planned land use: the classes a need wants, and how much of a parcel is zoned so."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from gis.units import Numbers, rounded
from gis.words import Title
from siting.columns import Coded, Figures
from siting.compare import (
    NOT_CHECKED,
    PASS,
    SHARE_DECIMALS,
    Verdict,
    between_known,
)
from siting.control_lines import at_most
from siting.industries import permitted
from siting.measures import Measure
from siting.note import Note
from siting.words import is_part_of

SYSTEM: Final = "用地用海2023"
PLANNED_USE: Final = Title("The plan decides the land use: it is not relaxed here.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Land-use classes that a need wants.

    Attributes:
        codes: Classes, each with all classes below it.
        remark: What to know about where they come from.
    """

    codes: tuple[str, ...]
    remark: Note | None = None

    def permits(self, code: str) -> bool:
        """Tell whether a class is one of these or below one."""
        return any(is_part_of(code, one) for one in self.codes)

    def may_permit(self, code: str) -> bool:
        """Tell whether a class is above one of these, so that nobody knows."""
        return any(is_part_of(one, code) for one in self.codes)


def wanted_classes(
    codes: tuple[str, ...], industry: str, *, accept_unconfirmed: bool
) -> Wanted | Note:
    """Tell which classes a need wants.

    Args:
        codes: Classes named by the user; they decide where there are any.
        industry: GB/T 4754-2017 code.
        accept_unconfirmed: Whether mappings that nobody confirmed may be used.

    Returns:
        The classes, or why there are none.
    """
    if codes:
        return Wanted(codes)
    found = permitted(industry)
    if found is None:
        return Note(
            "No table says where the industry {industry} may stand: name the classes.",
            industry=industry or "-",
        )
    narrower = ", ".join(found.refined or found.codes)
    if not found.confirmed and not accept_unconfirmed:
        return Note(
            "Where the industry {industry} may stand is not confirmed: accept {codes},"
            " or name the classes.",
            industry=industry,
            codes=narrower,
        )
    if found.confirmed and not found.refined:
        return Wanted(found.codes)
    if accept_unconfirmed:
        said = Note(
            "Which classes suit {industry} is not confirmed; used on your word:"
            " {codes}.",
            industry=industry,
            codes=narrower,
        )
        return Wanted(found.refined or found.codes, said)
    said = Note(
        "Any class of {codes} counts; narrower and not confirmed for {industry}:"
        " {narrower}.",
        codes=", ".join(found.codes),
        industry=industry,
        narrower=narrower,
    )
    return Wanted(found.codes, said)


def zoned_as(
    wanted: Wanted,
    shares: Mapping[str, Figures],
    covered_share: Figures,
    evidence: Coded,
    *,
    share: float,
    own: tuple[Coded, Coded | None] | None,
) -> Verdict:
    """Ask how much of each parcel is zoned as wanted.

    Ground that was not looked at, and ground zoned only by a class above one that is
    wanted (1001 where 100102 is wanted), may or may not be permitted: where it
    decides, the parcel is not checked.

    Args:
        wanted: The classes.
        shares: Part of each parcel zoned as each class of the layer, (n,) each.
        covered_share: Part of each parcel looked at, shape (n,).
        evidence: What the zoning layer proves.
        share: Least part zoned as wanted.
        own: Class in the parcel's own record, and its code system.

    Returns:
        The part zoned as wanted; parcels whose own class says otherwise are flagged.
    """
    least, most = _zoned(wanted, shares, covered_share)
    verdict = between_known(
        least,
        most,
        low=share,
        unit="share",
        decimals=SHARE_DECIMALS,
        evidence=evidence,
    )
    absent = [
        one for one in wanted.codes if not any(is_part_of(c, one) for c in shares)
    ]
    remarks = [wanted.remark] if wanted.remark else []
    if absent:
        codes = ", ".join(absent)
        remarks.append(Note("The zoning has no ground of {codes}.", codes=codes))
    flags = () if own is None else (_disagreement(verdict, wanted, *own),)
    return replace(verdict, flags=flags, remarks=tuple(remarks))


def _zoned(
    wanted: Wanted, shares: Mapping[str, Figures], covered_share: Figures
) -> tuple[Measure, Measure]:
    """Return the least and the most of each parcel that may be zoned as wanted."""
    sure = [part.raw for code, part in shares.items() if wanted.permits(code)]
    maybe = [
        part.raw
        for code, part in shares.items()
        if wanted.may_permit(code) and not wanted.permits(code)
    ]

    def known(covered: Numbers, parts: Iterable[Numbers]) -> Numbers:
        # Zoned ground may overlap: together it is no more than what was zoned.
        return np.where(covered > 0, np.minimum(_sum(parts), covered), np.nan)

    def least(covered: Numbers, *parts: Numbers) -> Numbers:
        return rounded(known(covered, parts), SHARE_DECIMALS)

    def most(covered: Numbers, *parts: Numbers) -> Numbers:
        zoned = known(covered, parts[: len(sure)])
        return at_most(zoned, covered, _sum(parts[len(sure) :]))

    made = covered_share.made
    return (
        made(("least", wanted.codes), least, SHARE_DECIMALS, *sure),
        made(("most", wanted.codes), most, SHARE_DECIMALS, *sure, *maybe),
    )


def _sum(parts: Iterable[Numbers]) -> Numbers | float:
    """Add columns up; 0 where there is none."""
    total: Numbers | float = 0.0
    for part in parts:
        total = total + part
    return total


def _disagreement(
    verdict: Verdict, wanted: Wanted, own: Coded, system: Coded | None
) -> tuple[Note, Callable[[int], bool]]:
    """Find parcels whose own class says otherwise than their zoning."""

    def disagrees(place: int) -> bool:
        code = own[place]
        (state,) = verdict.states(slice(place, place + 1))
        if not code or state == NOT_CHECKED:
            return False
        if system is not None and system[place] not in {SYSTEM, "", None}:
            return False
        return wanted.permits(code) is not bool(state == PASS)

    note = Note("The parcel's own land-use code and its zoning disagree.")
    return note, disagrees
