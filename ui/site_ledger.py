"""What the first screen reads and writes in the ledger: claims and the shortlist."""

from dataclasses import dataclass
from datetime import date

import streamlit as st

from gis.errors import AccessError, LandMapError
from ledger import claims, holdings, shortlist
from ledger.model import HOLDING, ClaimKind, Project
from ui import access, notices, resources, seen
from ui.i18n import t, tell
from ui.reasons import holders_text

NOTICE = "site.notice"


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
        Code of the holder by parcel; None for roles that may not see claims.
    """
    own = None if project is None else project.id
    try:
        with resources.ledger().read(access.current_actor()) as work:
            held = holdings.claimed_by_box(
                work,
                seen.ground().boxes,
                resources.parcel_shapes().of,
                exclude_project=own,
            )
    except AccessError:
        return None
    return dict(zip(map(str, held.index), map(str, held), strict=True))


def claim_kinds() -> dict[str, str]:
    """Tell how firmly land is held, for the map.

    Returns:
        The firmest `ClaimKind` by parcel; empty for roles that may not see claims.
    """
    try:
        with resources.ledger().read(access.current_actor()) as work:
            held = holdings.active(work)
    except AccessError:
        return {}
    held.sort(key=lambda claim: HOLDING.index(claim.kind))
    return {claim.parcel_id: claim.kind.value for claim in held}


def holder_names() -> dict[str, str]:
    """Return title and code of each project that holds land, by code.

    Returns:
        Empty for roles that may not see claims.
    """
    try:
        with resources.ledger().read(access.current_actor()) as work:
            return holdings.holder_names(work)
    except AccessError:
        return {}


def named(held: dict[str, str] | None) -> dict[str, str] | None:
    """Put the names of projects for their codes.

    Args:
        held: Codes of the holder, by parcel, as `held_parcels` tells them.

    Returns:
        What people call the holder, by parcel.
    """
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
        _tell(Notice(good=False, text=tell(error)))
    else:
        _tell(Notice(good=True, text=t("On the shortlist.")))


def take_off_shortlist(project_id: int, parcel_id: str) -> None:
    """Take a parcel off the project's shortlist, and tell what became of it."""
    try:
        with resources.ledger().begin(access.current_actor()) as work:
            shortlist.remove(work, project_id=project_id, parcel_id=parcel_id)
            work.commit()
    except LandMapError as error:
        _tell(Notice(good=False, text=tell(error)))
    else:
        _tell(Notice(good=True, text=t("Taken off the shortlist.")))


def claim_form(project: Project, parcel_id: str) -> None:
    """Ask how firmly, why and until when a parcel is to be held."""
    with st.form("site.claim", border=False):
        st.selectbox(
            t("Kind of claim"),
            HOLDING,
            format_func=lambda one: t(one.label),
            key="site.claim.kind",
        )
        st.text_input(t("What it rests on"), key="site.claim.note", max_chars=500)
        st.date_input(t("Last day"), value=None, key="site.claim.until")
        st.form_submit_button(
            t("Claim"),
            type="primary",
            on_click=_claim,
            args=(project.id, parcel_id),
        )


def hold(
    project_id: int,
    parcel_id: str,
    kind: ClaimKind,
    note: str,
    until: date | None,
) -> None:
    """Claim a parcel for a project, and tell what became of it."""
    try:
        facts = seen.parcel(parcel_id)
        shapes = resources.parcel_shapes().of([parcel_id])
        with resources.ledger().begin(access.current_actor()) as work:
            claims.claim(
                work,
                project_id=project_id,
                parcel_id=parcel_id,
                geometry=shapes.iloc[0],
                area_m2=float(facts["area_m2"]),
                kind=kind,
                note=note.strip(),
                expires_on=until,
                region=str(facts.get("county_code", "")),
            )
            work.commit()
    except LandMapError as error:
        _tell(Notice(good=False, text=tell(error)))
    else:
        _tell(Notice(good=True, text=t("Claimed for this project.")))


def _claim(project_id: int, parcel_id: str) -> None:
    """Take what the form says."""
    said = st.session_state
    hold(
        project_id,
        parcel_id,
        said["site.claim.kind"],
        said["site.claim.note"] or "",
        said["site.claim.until"],
    )


def show_notice() -> None:
    """Show what became of the last click, once."""
    notice = st.session_state.pop(NOTICE, None)
    if isinstance(notice, Notice):
        notices.show(notice.text, "good" if notice.good else "bad")


def _tell(notice: Notice) -> None:
    st.session_state[NOTICE] = notice
