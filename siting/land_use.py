"""Planned land use: which classes a need wants, and how much of a parcel is zoned so."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from gis.units import Numbers
from gis.words import Title
from siting.columns import Coded
from siting.compare import (
    FAIL,
    NOT_CHECKED,
    SHARE_DECIMALS,
    Mask,
    Verdict,
    between_known,
)
from siting.industries import permitted
from siting.note import Note
from siting.words import is_part_of

SYSTEM: Final = "用地用海2023"
PLANNED_USE: Final = Title("The plan decides the land use: it is not relaxed here.")
WHOLE: Final = 1 - 1e-9


class Wanted(tuple[str, ...]):
    """Land-use classes, with what to know about where they come from."""

    remarks: tuple[Note, ...] = ()


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
    if not industry:
        return Note("Neither an industry nor land-use classes are named.")
    found = permitted(industry)
    if found is None:
        return Note(
            "No table says where the industry {industry} may stand: name the classes.",
            industry=industry,
        )
    narrower = ", ".join(found.refined or found.codes)
    if accept_unconfirmed:
        return _remarked(
            found.refined or found.codes,
            None
            if found.confirmed and not found.refined
            else Note(
                "Which classes suit {industry} is not confirmed; used on your word:"
                " {codes}.",
                industry=industry,
                codes=narrower,
            ),
        )
    if not found.confirmed:
        return Note(
            "Where the industry {industry} may stand is not confirmed: accept {codes},"
            " or name the classes.",
            industry=industry,
            codes=narrower,
        )
    return _remarked(
        found.codes,
        Note(
            "Any class of {codes} counts; narrower and not confirmed for {industry}:"
            " {narrower}.",
            codes=", ".join(found.codes),
            industry=industry,
            narrower=narrower,
        )
        if found.refined
        else None,
    )


def zoned_as(
    wanted: Wanted,
    shares: Mapping[str, Numbers],
    covered_share: Numbers,
    *,
    share: float,
    own: tuple[Coded, Coded | None] | None,
) -> Verdict:
    """Ask how much of each parcel is zoned as wanted.

    Ground that was not looked at, and ground zoned only by a class above one that is
    wanted (1001 where 100102 is wanted), may or may not be permitted: where it
    decides, the parcel is not checked.

    Args:
        wanted: Classes, each with all classes below it.
        shares: Part of each parcel zoned as each class of the layer, (n,) each.
        covered_share: Part of each parcel looked at, shape (n,).
        share: Least part zoned as wanted.
        own: Class in the parcel's own record, and its code system.

    Returns:
        The part zoned as wanted; parcels whose own class says otherwise are flagged.
    """
    zero = np.zeros(len(covered_share))
    sure, maybe = zero, np.where(covered_share >= WHOLE, 0.0, 1.0 - covered_share)
    for code, part in shares.items():
        if _permits(wanted, code):
            sure = sure + part
        elif any(is_part_of(one, code) for one in wanted):
            maybe = maybe + part
    looked_at = covered_share > 0
    least = np.where(looked_at, np.minimum(sure, 1.0), np.nan)
    verdict = between_known(
        least,
        np.minimum(least + maybe, 1.0),
        low=share,
        unit="share",
        decimals=SHARE_DECIMALS,
    )
    flags = () if own is None else (_disagreement(verdict, wanted, *own),)
    absent = [one for one in wanted if not any(is_part_of(c, one) for c in shares)]
    remarks = (
        (Note("The zoning has no ground of {codes}.", codes=", ".join(absent)),)
        if absent
        else ()
    )
    return replace(
        verdict, threshold=share, flags=flags, remarks=(*wanted.remarks, *remarks)
    )


def _remarked(codes: tuple[str, ...], remark: Note | None) -> Wanted:
    wanted = Wanted(codes)
    wanted.remarks = () if remark is None else (remark,)
    return wanted


def _permits(wanted: Wanted, code: str) -> bool:
    return any(is_part_of(code, one) for one in wanted)


def _disagreement(
    verdict: Verdict, wanted: Wanted, own: Coded, system: Coded | None
) -> tuple[Note, Mask]:
    """Find parcels whose own class says otherwise than their zoning."""
    says = own.without("").states(lambda code: _permits(wanted, code))
    comparable = (says != NOT_CHECKED) & (verdict.state != NOT_CHECKED)
    if system is not None:
        comparable &= system.states({SYSTEM, ""}.__contains__) != FAIL
    note = Note("The parcel's own land-use code and its zoning disagree.")
    return note, comparable & (says != verdict.state)
