"""What the first screen reads in the ledger: who holds land; and its shortlist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from gis.box_index import BoxIndex
from gis.errors import AccessError, LandMapError
from ledger import audit, holdings, shortlist, zones
from ledger.access import Verb, require
from ledger.model import Project
from ledger.unit_of_work import Work
from ui import access, notices, resources
from ui.i18n import t, tell
from ui.kept_figures import kept, place_of
from ui.reasons import holders_text
from ui.settings import settings
from ui.shared_cache import shared

NOTICE = "site.notice"
HELD: Final = "held"  # what stands for the holder's code among the public


@dataclass(frozen=True)
class Notice:
    """What became of the last click on a ledger button.

    Attributes:
        good: Whether it was done, or is as one would wish.
        text: One sentence.
    """

    good: bool
    text: str


def held_parcels(project: Project | None) -> dict[str, str] | None:
    """Tell which project holds each claimed parcel, other than this one.

    Args:
        project: The project on screen; its own claims do not count.

    Returns:
        Code of the holder by parcel; None for roles that may not see claims. In a
        public process that land is held, where the rules tell so much.
    """
    if settings().public:
        return held_publicly()
    own = None if project is None else project.id
    try:
        with resources.ledger().read(access.current_actor()) as work:
            held = _holders(work)
            return holdings.told_by_code(held, _called(work), exclude_project=own)
    except AccessError:
        return None


def is_held(parcel_id: str) -> bool | None:
    """Tell whether a published parcel is held; None where nothing is told of that."""
    held = held_publicly()
    return None if held is None else parcel_id in held


def _holders(work: Work) -> Mapping[str, Sequence[int]]:
    """Return which projects hold which parcels; shared, never to be changed."""
    internal = access.sees_internal(work.actor)
    ground = resources.parcel_ground(internal=internal)
    version = f"{resources.facts().version}/{ground.version}/{internal}"
    return _kept_holders(
        place_of(work), version, holdings.mark(work), ground.boxes, work
    )


@shared(2, key=lambda *told: told[:3])
def _kept_holders(
    place: str,  # noqa: ARG001 - what it is made of tells one from another
    version: str,  # noqa: ARG001
    mark: str,  # noqa: ARG001
    boxes: BoxIndex,
    work: Work,
) -> Mapping[str, Sequence[int]]:
    return holdings.holders_by_box(work, boxes, resources.parcel_shapes().of)


def _called(work: Work) -> Mapping[int, tuple[str, str]]:
    """Return what the holders are called; shared, never to be changed."""
    mark = f"{work.today()}/{audit.mark(work, *holdings.OF_NAMES)}"
    return _kept_names(place_of(work), mark, work)


@shared(2, key=lambda *told: told[:2])
def _kept_names(
    place: str,  # noqa: ARG001 - what it is made of tells one from another
    mark: str,  # noqa: ARG001
    work: Work,
) -> Mapping[int, tuple[str, str]]:
    return holdings.called(work)


def held_publicly() -> dict[str, str] | None:
    """Tell visitors without an account which published parcels are held.

    Returns:
        A word by parcel, the same for each; None where the rules tell nothing of it.
    """
    if resources.published().claims == "hidden":
        return None
    measured = resources.facts()

    def held_of_known(work: Work) -> dict[str, str]:
        known = set(measured.table.index)
        return dict.fromkeys(sorted(holdings.held_parcels(work) & known), HELD)

    with resources.ledger().read(access.PUBLIC) as work:  # also where no page is drawn
        require(work.actor, Verb.CLAIM_STATE)
        return kept(work, f"claim.known/{measured.version}", held_of_known, "claim")


def claim_kinds() -> dict[str, str]:
    """Tell how firmly land is held, for the map.

    Returns:
        The firmest `ClaimKind` by parcel; empty for roles that may not see claims.
    """
    try:
        with resources.ledger().read(access.current_actor()) as work:
            require(work.actor, Verb.CLAIM_READ)
            held = kept(work, "claim.kinds", holdings.kinds, "claim")
    except AccessError:
        return {}
    return {parcel_id: kind.value for parcel_id, kind in held.items()}


def key_zones(names: Mapping[str, str]) -> dict[str, str]:
    """Return the zones that are recognised as key today.

    Args:
        names: Names of zones by code.

    Returns:
        Names by code; empty for roles that may not look into the ledger.
    """
    try:
        with resources.ledger().read(access.current_actor()) as work:
            found = zones.recognised(work)
    except AccessError:
        return {}
    return {code: names.get(code, code) for code in sorted(found)}


def holder_names() -> dict[str, str]:
    """Return title and code of each project that holds land, by code.

    Returns:
        Empty for roles that may not see claims.
    """
    try:
        with resources.ledger().read(access.current_actor()) as work:
            named = _called(work).values()
    except AccessError:
        return {}
    return {code: f"{title} ({code})" for code, title in named}


def named(held: dict[str, str] | None) -> dict[str, str] | None:
    """Put the names of projects for their codes.

    Args:
        held: Codes of the holder, by parcel, as `held_parcels` tells them.

    Returns:
        What people call the holder, by parcel.
    """
    if held and settings().public:
        return dict.fromkeys(held, t("held"))
    names = holder_names() if held else {}
    return held and {one: holders_text(codes, names) for one, codes in held.items()}


def standing(parcel_id: str, project: Project | None) -> Notice | None:
    """Tell who holds a parcel's ground today.

    Args:
        parcel_id: The parcel.
        project: The project on screen; its own claim is good news.

    Returns:
        A sentence; None where nobody holds it, or the role may not know.
    """
    shapes = resources.parcel_shapes().of([parcel_id])
    if shapes.empty:
        return None
    try:
        with resources.ledger().read(access.current_actor()) as work:
            found = holdings.conflicts(work, shapes.iloc[0])
            owners = holdings.holders(work) if found else {}
    except AccessError:
        return None
    own = None if project is None else project.id
    held = sorted((claim for claim, _ in found), key=lambda one: one.project_id == own)
    if not held:
        return None
    claim = held[0]  # another's first: that is what stands in the way
    who, kind = owners[claim.project_id].title, t(claim.kind.label)
    if claim.expires_on:
        text = t(
            "Held by {who}: {kind}, until {until}.",
            who=who,
            kind=kind,
            until=claim.expires_on,
        )
    else:
        text = t("Held by {who}: {kind}, no end date.", who=who, kind=kind)
    return Notice(good=claim.project_id == own, text=text)


def shortlisted(project: Project | None) -> set[str]:
    """Return the parcels on a project's shortlist."""
    if project is None:
        return set()
    try:
        with resources.ledger().read(access.current_actor()) as work:
            return {item.parcel_id for item in shortlist.of(work, project.id)}
    except AccessError:
        return set()


def put_on_shortlist(
    project_id: int, parcel_id: str, score: float | None, result_hash: str
) -> None:
    """Put a parcel on the project's shortlist, and tell what became of it."""
    try:
        with resources.ledger().begin(access.current_actor()) as work:
            shortlist.add(
                work,
                project_id=project_id,
                parcel_id=parcel_id,
                score=score,
                result_hash=result_hash,
            )
            work.commit()
    except LandMapError as error:
        put_notice(Notice(good=False, text=tell(error)))
    else:
        put_notice(Notice(good=True, text=t("On the shortlist.")))


def take_off_shortlist(project_id: int, parcel_id: str) -> None:
    """Take a parcel off the project's shortlist, and tell what became of it."""
    try:
        with resources.ledger().begin(access.current_actor()) as work:
            shortlist.remove(work, project_id=project_id, parcel_id=parcel_id)
            work.commit()
    except LandMapError as error:
        put_notice(Notice(good=False, text=tell(error)))
    else:
        put_notice(Notice(good=True, text=t("Taken off the shortlist.")))


def show_notice() -> None:
    """Show what became of the last click, once."""
    notice = st.session_state.pop(NOTICE, None)
    if isinstance(notice, Notice):
        notices.show(notice.text, "good" if notice.good else "bad")


def put_notice(notice: Notice) -> None:
    """Keep what became of a click until the page is drawn again.

    Args:
        notice: A sentence.
    """
    st.session_state[NOTICE] = notice
