"""Who holds which ground today: read by every office, wherever the claim lies."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import sqlalchemy as sa
from geopandas import GeoDataFrame, GeoSeries
from pandas import Index, Series
from shapely import STRtree, from_wkb
from shapely.geometry.base import BaseGeometry

from gis.box_index import BoxIndex
from gis.crs import CGCS2000, Box, require_crs
from ledger import audit, ground, rows, tables
from ledger.access import Verb, require
from ledger.keeping import of_project
from ledger.model import HOLDING, Claim, ClaimKind, Project
from ledger.unit_of_work import Work

_table = tables.claim

APART = " / "
"""Between the codes of several holders of one parcel."""

ReadGround = Callable[[Sequence[str]], GeoSeries]
"""Reads the ground of the named parcels, indexed by parcel."""


def active(work: Work) -> list[Claim]:
    """List the claims that hold land today, of all projects of all places.

    Args:
        work: The unit of work.

    Returns:
        The claims, by number.
    """
    require(work.actor, Verb.CLAIM_READ)
    return read(work, *today(work))


def held_parcels(work: Work) -> frozenset[str]:
    """Tell which parcels are held today, whole or in part, and nothing else of it.

    Args:
        work: The unit of work.

    Returns:
        Their ids; not by whom, how firmly or until when.
    """
    require(work.actor, Verb.CLAIM_STATE)
    found = work.connection.execute(
        sa.select(_table.c.parcel_id).where(*today(work)).distinct()
    )
    return frozenset(str(row.parcel_id) for row in found)


def holder_of(work: Work, parcel_id: str) -> Claim | None:
    """Tell which claim holds a parcel by its name; overlaps are told by `conflicts`.

    Args:
        work: The unit of work.
        parcel_id: The parcel.

    Returns:
        The claim that holds it today, or None.
    """
    require(work.actor, Verb.CLAIM_READ)
    found = read(work, _table.c.parcel_id == parcel_id, *today(work))
    return found[0] if found else None


def holders(work: Work) -> dict[int, Project]:
    """Return the projects that hold land today, by number.

    Args:
        work: The unit of work.

    Returns:
        The projects, of all places: who holds land is known to every office.
    """
    require(work.actor, Verb.CLAIM_READ)
    table = tables.project
    holding = sa.select(_table.c.project_id).where(*today(work))
    found = work.connection.execute(sa.select(table).where(table.c.id.in_(holding)))
    return {row.id: rows.made(Project, row) for row in found}


def holder_names(work: Work) -> dict[str, str]:
    """Return what people call the projects that hold land, by code.

    Args:
        work: The unit of work.

    Returns:
        Title and code: two projects may bear one title.
    """
    require(work.actor, Verb.CLAIM_READ)
    return {code: f"{title} ({code})" for code, title in called(work).values()}


OF_NAMES: Final = ("claim", of_project("code", "title"))
"""What the names of holders are kept under: a test holds it against the queries."""


def called(work: Work) -> dict[int, tuple[str, str]]:
    """Return code and title of the projects that hold land, by number.

    Args:
        work: The unit of work.

    Returns:
        Those of all places.
    """
    require(work.actor, Verb.CLAIM_READ)
    table = tables.project.c
    holding = sa.select(_table.c.project_id).where(*today(work))
    found = work.connection.execute(
        sa.select(table.id, table.code, table.title).where(table.id.in_(holding))
    )
    return {number: (code, title) for number, code, title in found}


def mark(work: Work) -> str:
    """Tell the state of all claims: what is made of them may be kept under it.

    Args:
        work: The unit of work, one that only looks.

    Returns:
        A text that differs as soon as a claim does, or a day ends.
    """
    require(work.actor, Verb.CLAIM_READ)
    return f"{work.today()}/{audit.mark(work, 'claim')}"


def conflicts(work: Work, geometry: BaseGeometry) -> list[tuple[Claim, float]]:
    """Find the claims that hold some of a piece of ground.

    Args:
        work: The unit of work.
        geometry: Polygon in EPSG:4490.

    Returns:
        Claims with the overlap in square metres, the largest first; slivers of up
        to 1 m2 are left out.
    """
    require(work.actor, Verb.CLAIM_READ)
    return overlapping(geometry, read(work, *today(work), near=geometry.bounds))


def held_ground(work: Work, near: Box) -> GeoDataFrame:
    """Return the ground that projects hold today, near a place.

    Args:
        work: The unit of work.
        near: West, south, east, north, in degrees of EPSG:4490.

    Returns:
        A row for each claim, EPSG:4490, by its number: `title` (the project's title
        and code), `kind`, `parcel_id`.
    """
    require(work.actor, Verb.CLAIM_READ)
    found = read(work, *today(work), near=near)
    owners = holders(work) if found else {}
    named = [owners[held.project_id] for held in found]
    return GeoDataFrame(
        {
            "title": Series([f"{one.title} ({one.code})" for one in named], dtype=str),
            "kind": Series([held.kind.value for held in found], dtype=str),
            "parcel_id": Series([held.parcel_id for held in found], dtype=str),
        },
        geometry=[from_wkb(held.geometry) for held in found],
        crs=CGCS2000,
    ).set_index(Index([held.id for held in found], dtype=int, name="claim_id"))


def claimed_parcels(
    work: Work, parcels: GeoSeries, *, exclude_project: int | None = None
) -> Series:
    """Tell for each parcel which project holds some of its ground.

    Args:
        work: The unit of work.
        parcels: Their ground, polygons in EPSG:4490, shape (n,), by parcel.
        exclude_project: A project whose own claims do not count.

    Returns:
        Code of the project that holds it, several joined by `APART`, "" where the
        ground is free; str, shape (n,), indexed as `parcels`. Titles are not unique.
    """
    require(work.actor, Verb.CLAIM_READ)
    held = _holding(_everyone(work), parcels)
    told = told_by_code(held, called(work), exclude_project=exclude_project)
    codes = [told.get(parcel, "") for parcel in parcels.index]
    return Series(codes, index=parcels.index, dtype=str, name="claimed")


def told_by_code(
    held: Mapping[str, Sequence[int]],
    named: Mapping[int, tuple[str, str]],
    *,
    exclude_project: int | None = None,
) -> dict[str, str]:
    """Put codes for the numbers of the projects that hold parcels.

    Args:
        held: Numbers by parcel, as `holders_by_box` tells them.
        named: Code and title by number, as `called` tells them.
        exclude_project: A project whose own claims do not count.

    Returns:
        Code of the project that holds it, several joined by `APART`, by parcel. Whose
        claim has ended since `held` was read, at midnight, is left out.
    """
    others = (
        (
            parcel,
            [named[one][0] for one in by if one != exclude_project and one in named],
        )
        for parcel, by in held.items()
    )
    return {parcel: APART.join(codes) for parcel, codes in others if codes}


def _holding(
    found: Sequence[sa.Row[Any]], parcels: GeoSeries
) -> dict[str, tuple[int, ...]]:
    """Tell whose claims hold some ground of each parcel, in the order of parcels."""
    if not found or parcels.empty:
        return {}
    shapes = GeoSeries(from_wkb([held.geometry for held in found]), crs=CGCS2000)
    at, by = _meeting(require_crs(parcels).to_crs(CGCS2000), shapes)
    named = parcels.index.get_indexer(Index([held.parcel_id for held in found]))
    held_by: dict[int, dict[int, None]] = {}
    pairs = [
        *zip(at, by, strict=True),
        *((n, i) for i, n in enumerate(named) if n >= 0),
    ]
    for parcel, claim in pairs:
        held_by.setdefault(int(parcel), {})[found[claim].project_id] = None
    return {
        str(parcels.index[parcel]): tuple(by) for parcel, by in sorted(held_by.items())
    }


def claimed_by_box(
    work: Work,
    boxes: BoxIndex,
    read_ground: ReadGround,
    *,
    exclude_project: int | None = None,
) -> Series:
    """Tell which parcels are held and by whom, reading only the ground near claims.

    Args:
        work: The unit of work.
        boxes: The bounds of all parcels in degrees of EPSG:4490, by parcel.
        read_ground: Reads the ground of the parcels it is given.
        exclude_project: A project whose own claims do not count.

    Returns:
        As `claimed_parcels`, of the parcels that are held alone.
    """
    held = holders_by_box(work, boxes, read_ground)
    told = told_by_code(held, called(work), exclude_project=exclude_project)
    return Series(told, dtype="str", name="claimed")


def holders_by_box(
    work: Work, boxes: BoxIndex, read_ground: ReadGround
) -> dict[str, tuple[int, ...]]:
    """Tell which projects hold which parcels, reading only the ground near claims.

    Args:
        work: The unit of work.
        boxes: The bounds of all parcels in degrees of EPSG:4490, by parcel.
        read_ground: Reads the ground of the parcels it is given.

    Returns:
        Numbers of the projects by parcel, of the parcels that are held alone.
    """
    require(work.actor, Verb.CLAIM_READ)
    found = _everyone(work)
    edges = np.array([(c.minx, c.miny, c.maxx, c.maxy) for c in found], dtype=float)
    near = boxes.meeting_any(edges.reshape(-1, 4))
    named = boxes.index.get_indexer(Index([held.parcel_id for held in found]))
    places = np.union1d(near, named[named >= 0])
    if not len(places):
        return {}
    return _holding(found, read_ground([str(name) for name in boxes.index[places]]))


def kinds(work: Work) -> dict[str, ClaimKind]:
    """Tell how firmly each claimed parcel is held today.

    Args:
        work: The unit of work.

    Returns:
        The firmest kind of claim by the parcel it names.
    """
    require(work.actor, Verb.CLAIM_READ)
    found = work.connection.execute(
        sa.select(_table.c.parcel_id, _table.c.kind).where(*today(work)).distinct()
    )
    firmest = sorted(found, key=lambda row: HOLDING.index(row.kind))
    return {row.parcel_id: row.kind for row in firmest}


def _everyone(work: Work) -> list[sa.Row[Any]]:
    """Read where claims lie today and whose they are."""
    columns = _table.c
    query = (
        sa
        .select(
            columns.minx,
            columns.miny,
            columns.maxx,
            columns.maxy,
            columns.parcel_id,
            columns.geometry,
            columns.project_id,
        )
        .where(*today(work))
        .order_by(columns.id)
    )
    return list(work.connection.execute(query))


def today(work: Work) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions of a claim that holds today; its last day still counts."""
    return (
        _table.c.kind.in_(HOLDING),
        sa.or_(_table.c.expires_on.is_(None), _table.c.expires_on >= work.today()),
    )


def read(
    work: Work, *conditions: sa.ColumnElement[bool], near: Box | None = None
) -> list[Claim]:
    """Read claims, all of them or those whose box meets another.

    Args:
        work: The unit of work.
        *conditions: What must be true of them.
        near: West, south, east, north, in degrees of EPSG:4490.

    Returns:
        The claims, by number.
    """
    query = sa.select(_table).where(*conditions).order_by(_table.c.id)
    if near is not None:
        west, south, east, north = near
        query = query.where(
            _table.c.minx <= east,
            _table.c.maxx >= west,
            _table.c.miny <= north,
            _table.c.maxy >= south,
        )
    return [rows.made(Claim, row) for row in work.connection.execute(query)]


def overlapping(geometry: BaseGeometry, near: list[Claim]) -> list[tuple[Claim, float]]:
    """Keep the claims whose ground overlaps a shape by more than a sliver.

    Args:
        geometry: Polygon in EPSG:4490.
        near: Claims to test.

    Returns:
        Claims with the overlap in square metres, the largest first.
    """
    theirs = GeoSeries([from_wkb(held.geometry) for held in near], crs=CGCS2000)
    ours = GeoSeries([geometry] * len(near), crs=CGCS2000)
    pairs = zip(near, ground.overlaps(ours, theirs).tolist(), strict=True)
    over = [(held, area) for held, area in pairs if area > ground.SLIVER_M2]
    return sorted(over, key=lambda pair: (-pair[1], pair[0].id))


def _meeting(parcels: GeoSeries, claims: GeoSeries) -> tuple[np.ndarray, np.ndarray]:
    """Return positions of the parcels and claims that overlap, pair by pair."""
    at, by = STRtree(claims.to_numpy()).query(
        parcels.to_numpy(), predicate="intersects"
    )
    over = ground.overlaps(parcels.iloc[at], claims.iloc[by]) > ground.SLIVER_M2
    return at[over], by[over]
