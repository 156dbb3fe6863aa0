"""Constraints: what a parcel must be. To add one, write one function here.

Positional arguments are fact columns, keyword-only arguments are what the user sets,
the first paragraph of the docstring is the help. Factors stand in `siting/factors.py`.
"""

from dataclasses import replace
from datetime import date
from typing import Annotated, Final

import numpy as np

from gis.units import DECIMALS, Area, Numbers, Price, rounded, shown
from gis.words import Title, Unit
from siting.columns import EPOCH, Coded, Dates, Figures, Together, iso_date
from siting.compare import (
    METRE_DECIMALS,
    PASS,
    Verdict,
    among,
    between_known,
    unanswered,
    within,
    yes_or_no,
)
from siting.control_lines import share_at_least, share_up_to
from siting.criterion import Fact, FromNeed
from siting.factors import FACTORS, ZONE_EVIDENCE
from siting.industries import is_land_use
from siting.land_use import PLANNED_USE, wanted_classes, zoned_as
from siting.measures import Measure
from siting.note import Note
from siting.parameter import ANY_ZONE, NO_ZONE, Bounds, Choices, Levels, ZoneChoice
from siting.register import CONSTRAINTS, constraint
from siting.trials import AllOf, Given, Holds, Trial, Unasked
from siting.words import (
    SERVICE_LEVELS,
    SERVICES,
    STOCK_STATUSES,
    is_region_code,
    lies_in,
)

__all__ = ["CONSTRAINTS", "FACTORS"]

INFRASTRUCTURE: Final = Choices(source="layer:infrastructure")
DISTANCE_EVIDENCE: Final = Fact(
    "{layer}_distance_evidence|{layer}_evidence", "word", optional=True
)
RATIO_DECIMALS: Final = 2


@constraint(Title("Area"), low="minimum", high="maximum")
def area_between(
    area_m2: Annotated[Figures, Fact("{area_column}")],
    *,
    minimum: Annotated[Area | None, Title("At least"), Bounds(0)] = None,
    maximum: Annotated[Area | None, Title("At most"), Bounds(0)] = None,
) -> Verdict:
    """Keep parcels whose area lies in a range, both ends included.

    Args:
        area_m2: The area that the need names: ellipsoidal, plane or declared.
        minimum: Least area.
        maximum: Greatest area; compared in its own unit unless a minimum names one.

    Returns:
        Areas in the unit of the minimum, or else of the maximum.
    """
    unit = (minimum or maximum or Area(0, "m2")).unit
    return within(
        area_m2.area(unit),
        low=None if minimum is None else shown(minimum.m2, unit),
        high=None if maximum is None else shown(maximum.m2, unit),
        unit=unit,
        decimals=DECIMALS[unit],
    )


@constraint(Title("Land use permitted"), firm=PLANNED_USE)
def land_use_permitted(  # noqa: PLR0913, PLR0917 - six columns, two fields of the need
    shares: Annotated[dict[str, Figures], Fact("{zoning}_share_*")],
    covered_share: Annotated[Figures, Fact("{zoning}_covered_share")],
    evidence: Annotated[Coded, Fact("{zoning}_evidence", "word")],
    own_code: Annotated[Coded | None, Fact("land_use_code", "word", optional=True)],
    own_system: Annotated[Coded | None, Fact("land_use_system", "word", optional=True)],
    industry: Annotated[str, FromNeed("industry")],
    accept_unconfirmed: Annotated[bool, FromNeed("accept_unconfirmed")],
    *,
    codes: Annotated[
        tuple[str, ...],
        Title("Land-use classes"),
        Choices(source="land_use", check=is_land_use, allowed="用地用海分类 2023"),
    ] = (),
    share: Annotated[
        float, Title("Share of the parcel at least"), Unit("share"), Bounds(0, 1)
    ] = 0.9,
    zoning: Annotated[  # noqa: ARG001 - names the fact columns
        str, Title("Zoning"), Choices(source="layer:zoning")
    ] = "zoning",
) -> Verdict:
    """Keep parcels whose planned land use permits the industry or is one named here.

    What decides is the zoning that covers the parcel, not the parcel's own code; where
    the two disagree, the parcel is flagged.

    Args:
        shares: Part of each parcel zoned as each class.
        covered_share: Part of each parcel that the zoning has been looked for in.
        evidence: What the zoning layer proves.
        own_code: The class that the parcel's record states.
        own_system: The code system of that class.
        industry: GB/T 4754-2017 code of the need.
        accept_unconfirmed: Whether mappings that nobody confirmed may be used.
        codes: Classes wanted, with all classes below them; by the industry if empty.
        share: Least part of the parcel that must be zoned so.
        zoning: The zoning layer.

    Returns:
        Shares zoned as permitted; "not checked" where unzoned ground decides.
    """
    wanted = wanted_classes(codes, industry, accept_unconfirmed=accept_unconfirmed)
    if isinstance(wanted, Note):
        return unanswered(len(evidence), wanted)
    own = None if own_code is None else (own_code, own_system)
    return zoned_as(wanted, shares, covered_share, evidence, share=share, own=own)


@constraint(Title("Stock status"), members="statuses")
def stock_status_in(
    status: Annotated[Coded, Fact("stock_status", "word")],
    *,
    statuses: Annotated[tuple[str, ...], Title("Status"), Choices(STOCK_STATUSES)],
) -> Verdict:
    """Keep parcels of certain kinds of stock land.

    Args:
        status: Kind of stock, "" where unknown.
        statuses: Kinds wanted.

    Returns:
        The kind; unknown is not checked.
    """
    wanted = set(statuses)
    return among(status, wanted.__contains__, list(statuses), unknown=[""])


@constraint(Title("Region"), members="codes")
def region_in(
    county_code: Annotated[Coded, Fact("county_code", "word")],
    *,
    codes: Annotated[
        tuple[str, ...],
        Title("Prefectures or counties"),
        Choices(source="region", check=is_region_code, allowed="GB/T 2260"),
    ],
) -> Verdict:
    """Keep parcels in certain prefectures or counties.

    Args:
        county_code: County that holds most of the parcel, "" where none does.
        codes: GB/T 2260 codes of counties, prefectures or provinces.

    Returns:
        The county; a parcel in none is not checked.
    """
    return among(
        county_code, lambda code: lies_in(code, codes), list(codes), unknown=[""]
    )


@constraint(Title("Development zone"), members="zones")
def in_development_zone(
    zone_code: Annotated[Coded, Fact("zone_code", "word")],
    evidence: Annotated[Coded | None, ZONE_EVIDENCE],
    *,
    zones: Annotated[
        ZoneChoice, Title("Zones"), Choices(source="zone", allowed="any, none, [codes]")
    ] = ZoneChoice([ANY_ZONE]),  # noqa: B008 - an immutable tuple
) -> Verdict:
    """Keep parcels in any development zone, in certain ones, or in none.

    Args:
        zone_code: Zone that holds most of the parcel, "" where none does.
        evidence: Whether a zone was found, or looked for all over the parcel.
        zones: "any", "none" or codes of zones.

    Returns:
        The zone; "not checked" where none was found and not all ground was looked at.
    """
    if set(zones) <= {ANY_ZONE, NO_ZONE}:
        inside = zones[0] == ANY_ZONE
        verdict = among(zone_code, lambda zone: bool(zone) is inside, zones[0])
    else:
        verdict = among(zone_code, set(zones).__contains__, list(zones))
    return verdict.proven_by(evidence)


@constraint(Title("Clear of a control line"), control_line=True)
def clear_of(
    overlap_share: Annotated[Figures, Fact("{layer}_share")],
    covered_share: Annotated[Figures, Fact("{layer}_covered_share")],
    evidence: Annotated[Coded, Fact("{layer}_evidence", "word")],
    overlap_m2: Annotated[Figures, Fact("{layer}_overlap_m2")],
    *,
    layer: Annotated[  # noqa: ARG001 - names the fact columns
        str, Title("Layer"), Choices(source="layer:constraint")
    ],
    up_to_share: Annotated[
        float, Title("Overlap up to"), Unit("share"), Bounds(0, 1)
    ] = 0.0,
) -> Verdict:
    """Keep parcels that a control line or hazard zone leaves free, up to a share.

    Args:
        overlap_share: Part of the parcel inside the layer.
        covered_share: Part of the parcel that the layer has been looked for in.
        evidence: "hit", "clear", "partly_covered" or "not_checked".
        overlap_m2: Ground inside the layer, m2.
        layer: The layer.
        up_to_share: Greatest part that may lie inside.

    Returns:
        The part inside; a parcel that is not wholly covered never passes.
    """
    verdict = share_up_to(
        overlap_share, covered_share, evidence, up_to_share=up_to_share
    )
    return replace(verdict, beside={"overlap_m2": overlap_m2})


@constraint(Title("Inside a boundary"), control_line=True)
def inside(
    inside_share: Annotated[Figures, Fact("{layer}_share")],
    covered_share: Annotated[Figures, Fact("{layer}_covered_share")],
    evidence: Annotated[Coded, Fact("{layer}_evidence", "word")],
    *,
    layer: Annotated[  # noqa: ARG001 - names the fact columns
        str, Title("Layer"), Choices(source="layer:constraint")
    ] = "urban_boundary",
    at_least_share: Annotated[
        float, Title("Share of the parcel at least"), Unit("share"), Bounds(0, 1)
    ] = 1.0,
) -> Verdict:
    """Keep parcels that lie inside a boundary, wholly or by a share.

    Args:
        inside_share: Part of the parcel inside the layer.
        covered_share: Part of the parcel that the layer has been looked for in.
        evidence: "hit", "clear", "partly_covered" or "not_checked".
        layer: The layer, by default the urban development boundary.
        at_least_share: Least part that must lie inside.

    Returns:
        The part inside; "not checked" where ground outside the coverage decides.
    """
    return share_at_least(
        inside_share, covered_share, evidence, at_least_share=at_least_share
    )


@constraint(Title("Within a distance"), high="within_m")
def within_distance(
    distance_m: Annotated[Figures, Fact("{layer}_distance_m")],
    evidence: Annotated[Coded | None, DISTANCE_EVIDENCE],
    *,
    layer: Annotated[  # noqa: ARG001 - names the fact columns
        str, Title("Layer"), INFRASTRUCTURE
    ],
    within_m: Annotated[float, Title("Within"), Unit("m"), Bounds(0)],
) -> Verdict:
    """Keep parcels that have infrastructure of a kind within a distance.

    Args:
        distance_m: Metres from the parcel's boundary to the nearest feature.
        evidence: Whether that is the nearest for sure.
        layer: The kind of infrastructure.
        within_m: Greatest distance, metres.

    Returns:
        Distances to 0.1 m.
    """
    return within(
        distance_m.shown(METRE_DECIMALS),
        high=within_m,
        unit="m",
        decimals=METRE_DECIMALS,
        evidence=evidence,
    )


@constraint(Title("Beyond a distance"), low="beyond_m")
def beyond_distance(
    distance_m: Annotated[Figures, Fact("{layer}_distance_m")],
    found_m: Annotated[Figures | None, Fact("{layer}_found_m", optional=True)],
    evidence: Annotated[Coded | None, DISTANCE_EVIDENCE],
    *,
    layer: Annotated[  # noqa: ARG001 - names the fact columns
        str, Title("Layer"), INFRASTRUCTURE
    ],
    beyond_m: Annotated[float, Title("Beyond"), Unit("m"), Bounds(0)],
) -> Verdict:
    """Keep parcels that keep a distance from infrastructure of a kind.

    Args:
        distance_m: Metres from the parcel's boundary to the nearest feature.
        found_m: Metres to the nearest feature found, even where a nearer one may be
            missing: one found too near is too near for sure.
        evidence: Whether the nearest found is the nearest there is.
        layer: The kind of infrastructure.
        beyond_m: Least distance, metres.

    Returns:
        Distances to 0.1 m.
    """
    least = most = distance_m.shown(METRE_DECIMALS)
    if found_m is not None:
        beside = (METRE_DECIMALS, distance_m.raw)
        most = found_m.made("most", _nearest_found, *beside)
        least = found_m.made("least", _nearest_sure, *beside)
    verdict = between_known(
        least,
        most,
        low=beyond_m,
        unit="m",
        decimals=METRE_DECIMALS,
        evidence=evidence,
    )
    return verdict.reading(most)


@constraint(Title("Services"), levels="services")
def services_at_least(
    states: Annotated[dict[str, Coded], Fact("service_*", "word", of=tuple(SERVICES))],
    *,
    services: Annotated[
        dict[str, str], Title("Services"), Levels(SERVICES, SERVICE_LEVELS)
    ],
) -> Verdict:
    """Keep parcels whose services have reached certain levels.

    Args:
        states: State of each service.
        services: Least level by service: present, at_boundary, planned or none.

    Returns:
        The states asked for; unknown is not checked unless another service fails.
    """
    order = list(SERVICE_LEVELS)
    asked = {name: states[name] for name in services if name in states}
    count = len(next(iter(states.values())))
    parts: list[Trial] = []
    for name, state in asked.items():
        enough = set(order[: order.index(services[name]) + 1])
        parts.append(state.wanted(enough.__contains__, unknown=("unknown", "")))
    if len(asked) < len(services):
        parts.append(Unasked(count))
    if not parts:
        parts.append(Given(np.full(count, PASS, dtype=np.int8)))
    return yes_or_no(AllOf(tuple(parts)), Together(asked), services)


@constraint(Title("Price"), high="price")
def price_at_most(
    price_cny_m2: Annotated[Figures, Fact("price_cny_m2")],
    *,
    price: Annotated[Price, Title("At most"), Bounds(0)],
) -> Verdict:
    """Keep parcels whose price is not above a limit.

    Args:
        price_cny_m2: Yuan per square metre, NaN unknown.
        price: The limit.

    Returns:
        Prices in the unit of the limit.
    """
    value, unit = price_cny_m2.price(price.unit), price.unit
    return within(value, high=price.value, unit=unit, decimals=DECIMALS[unit])


@constraint(Title("Floor-area ratio"), within="far")
def far_allows(
    far_min: Annotated[Figures, Fact("far_min")],
    far_max: Annotated[Figures, Fact("far_max")],
    *,
    far: Annotated[float, Title("Ratio needed"), Bounds(0)],
) -> Verdict:
    """Keep parcels whose planned floor-area ratio allows the one needed.

    Args:
        far_min: Least ratio planned, NaN unknown.
        far_max: Greatest ratio planned, NaN unknown.
        far: The ratio that the project builds.

    Returns:
        Both planned ratios; an unknown one is not checked unless the other fails.
    """
    ends = far_min.shown(RATIO_DECIMALS), far_max.shown(RATIO_DECIMALS)

    def worse(least: Numbers, most: Numbers) -> Numbers:
        least, most = rounded(least, RATIO_DECIMALS), rounded(most, RATIO_DECIMALS)
        return np.minimum(far - least, most - far)

    def better(least: Numbers, most: Numbers) -> Numbers:
        least, most = rounded(least, RATIO_DECIMALS), rounded(most, RATIO_DECIMALS)
        return np.fmin(far - least, most - far)

    low, high = (
        Measure(one, far_min.raw, far_max.raw, decimals=RATIO_DECIMALS)
        for one in (worse, better)
    )
    verdict = between_known(low, high, low=0.0, unit="", decimals=RATIO_DECIMALS)
    verdict = replace(verdict, trial=Holds(low, high, 0.0, None, ends, far))
    both = Together(dict(zip(("far_min", "far_max"), ends, strict=True)))
    return verdict.reading(both, far)


@constraint(Title("Width"), low="width_m")
def width_at_least(
    width_min_m: Annotated[Figures, Fact("width_min_m")],
    *,
    width_m: Annotated[float, Title("At least"), Unit("m"), Bounds(0)],
) -> Verdict:
    """Keep parcels whose outline is at least so wide in every direction.

    Args:
        width_min_m: Least width of the parcel's convex hull, metres.
        width_m: Least width wanted, metres.

    Returns:
        Widths to 0.1 m.
    """
    return within(
        width_min_m.shown(METRE_DECIMALS),
        low=width_m,
        unit="m",
        decimals=METRE_DECIMALS,
    )


@constraint(
    Title("Room for a rectangle"),
    firm=Title("Length and width count together: change them to see what they admit."),
)
def fits_rectangle(
    rectangle_length_m: Annotated[
        Figures | None, Fact("rectangle_length_m", optional=True)
    ],
    rectangle_width_m: Annotated[
        Figures | None, Fact("rectangle_width_m", optional=True)
    ],
    parcels: Annotated[int, FromNeed("parcels")],
    *,
    length_m: Annotated[float, Title("Length at least"), Unit("m"), Bounds(0)],
    width_m: Annotated[float, Title("Width at least"), Unit("m"), Bounds(0)],
) -> Verdict:
    """Keep parcels whose largest rectangle holds one of a length and a width.

    Args:
        rectangle_length_m: Length of the largest rectangle found in the parcel.
        rectangle_width_m: Its width, not more than the length.
        parcels: How many parcels there are.
        length_m: Length wanted, metres.
        width_m: Width wanted, metres; whichever of the two is longer lies along.

    Returns:
        Both sides to 0.1 m; the gap is that of the side which lacks more. A parcel
        that fails with ground enough is flagged: it may hold another rectangle that
        is longer or wider than its largest.
    """
    if rectangle_length_m is None or rectangle_width_m is None:
        why = Note("Nobody has looked for rectangles yet: run `landmap rectangles`.")
        return unanswered(parcels, why)
    along, across = (rounded(one, METRE_DECIMALS) for one in (length_m, width_m))
    along, across = max(along, across), min(along, across)

    def shorter(length: Numbers, width: Numbers) -> Numbers:
        """The length there would be if the width lacked as much as the length."""
        return rounded(np.minimum(length, width + (along - across)), METRE_DECIMALS)

    raw = rectangle_length_m.raw, rectangle_width_m.raw
    value = Measure(shorter, *raw, decimals=METRE_DECIMALS)
    verdict = within(value, low=along, unit="m", decimals=METRE_DECIMALS)

    def may_hold_another(place: int) -> bool:
        length, width = (float(one[place]) for one in raw)
        lacks = length < along or width < across
        return lacks and length * width >= along * across

    flag = Note(
        "Its largest rectangle is shaped otherwise; one of this length and width may"
        " fit all the same: look at the outline."
    )
    sides = rectangle_length_m, rectangle_width_m
    shown_sides = [one.shown(METRE_DECIMALS) for one in sides]
    both = Together(dict(zip(("length_m", "width_m"), shown_sides, strict=True)))
    asked = {"length_m": along, "width_m": across}
    return replace(verdict, flags=((flag, may_hold_another),)).reading(both, asked)


@constraint(Title("Available by"), high="by")
def available_by(
    available_from: Annotated[Figures, Fact("available_from", "date")],
    *,
    by: Annotated[date, Title("Date")],
) -> Verdict:
    """Keep parcels that can be had by a certain day.

    Args:
        available_from: Days since 1970, NaN unknown.
        by: The last day that will do.

    Returns:
        Dates; the gap is in days.
    """
    last = float((np.datetime64(by, "D") - EPOCH).astype(int))
    day = available_from.shown(0)
    verdict = within(day, high=last, unit="d", decimals=0)
    return verdict.reading(Dates(available_from.raw), iso_date(last))


@constraint(
    Title("Not claimed"),
    firm=Title("Land that another project holds is not taken: its claim ends first."),
)
def not_claimed(
    holder: Annotated[Coded | None, FromNeed("holder")],
    project_id: Annotated[str, FromNeed("project_id")],
    parcels: Annotated[int, FromNeed("parcels")],
) -> Verdict:
    """Keep parcels that no other project has claimed.

    Args:
        holder: Project that holds the parcel, "" for nobody; None without a snapshot
            of the claims.
        project_id: The project that asks; its own claim does not stand in its way.
        parcels: How many parcels there are.

    Returns:
        The holder; without a snapshot of the claims everything is not checked.
    """
    if holder is None:
        return unanswered(parcels, Note("The claims of other projects were not read."))
    return among(holder, {"", project_id}.__contains__, "")


def _nearest_found(found_m: Numbers, distance_m: Numbers) -> Numbers:
    """Return the distance where it is known, else that to the nearest found."""
    known = rounded(distance_m, METRE_DECIMALS)
    return np.where(np.isnan(known), rounded(found_m, METRE_DECIMALS), known)


def _nearest_sure(found_m: Numbers, distance_m: Numbers) -> Numbers:
    """Return the distance where it is known, else nothing is too near to be there."""
    del found_m
    known = rounded(distance_m, METRE_DECIMALS)
    return np.where(np.isnan(known), -np.inf, known)
