"""What the desk of the land check does: read, place, check, keep, overrule."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version

from geopandas import GeoDataFrame

from gis.crs import Box
from gis.errors import AccessError, LandMapError
from gis.measure import ellipsoidal_area
from layers.boundary import Boundary
from layers.check import Check, Overrule
from layers.checking import Checker
from layers.placing import choices, needs_choice, place
from layers.sandbox_limits import Limits
from layers.shift import corrected, suspect_shift, with_suspicion
from layers.submission import Submission
from layers.upload import read_upload
from ledger import checks, holdings
from ledger.access import Verb, require
from ledger.model import CheckOverrule, LandCheck, Says
from ledger.unit_of_work import CHINA
from siting.industries import land_use_name
from ui import access, check_state, resources
from ui.check_state import DESK, TRIALS, Desk
from ui.i18n import tell
from ui.settings import Settings, settings

Say = Callable[[str, Mapping[str, object]], None]


def take(name: str, data: bytes) -> None:
    """Put a file on the desk and read it.

    Args:
        name: Its name as it was sent.
        data: Its bytes.
    """
    read(check_state.laid(name, data))


def read(desk: Desk) -> None:
    """Read what is on the desk, as far as a person has said how.

    Args:
        desk: Name and bytes of a file, and what a person chose.
    """
    try:
        require(access.current_actor(), Verb.CHECK_MAKE)
        boundary = read_upload(
            desk.name,
            desk.data,
            sandbox=resources.sandbox(),
            limits=upload_limits(settings()),
            table=desk.table,
            encoding=desk.encoding,
            swap_axes=desk.swap_axes,
        )
    except LandMapError as error:
        inside = tuple(filter(None, str(error.values.get("tables", "")).split(", ")))
        tables = inside or desk.tables
        DESK.set(replace(desk, refused=tell(error), tables=tables, boundary=None))
        return
    first = choices(boundary, resources.region()) if needs_choice(boundary) else []
    fitting = [one.crs for one in first if one.inside]
    crs = fitting[0] if len(fitting) == 1 else ""
    DESK.set(
        replace(
            desk,
            boundary=boundary,
            refused="",
            crs=crs,
            precision_m=boundary.precision_m,
            shift=None,
        )
    )
    settle()


def upload_limits(chosen: Settings) -> Limits:
    """Say how much a boundary file may hold."""
    return Limits(features=chosen.upload_features, vertices=chosen.upload_vertices)


def settle() -> None:
    """Bring the land on the desk to its place, as far as that is known."""
    desk = DESK.get()
    if desk is None or desk.boundary is None:
        return
    try:
        require(access.current_actor(), Verb.CHECK_MAKE)
        placed = placed_of(desk, desk.boundary)
    except LandMapError as error:
        DESK.set(replace(desk, submission=None, check=None, refused=tell(error)))
        return
    shift = desk.shift or suspect_shift(
        placed, resources.store(), resources.catalog(), resources.region()
    )
    if desk.unshift:
        placed = corrected(placed)
    elif shift.suspected:
        placed = with_suspicion(placed, shift)
    DESK.set(
        replace(
            desk,
            submission=placed,
            area_m2=float(ellipsoidal_area(placed.parcels.geometry).sum()),
            shift=shift,
            check=None,
            refused="",
        )
    )


def undo_shift() -> None:
    """Undo the shift of GCJ-02, as asked for."""
    check_state.change(unshift=True)
    settle()


def placed_of(desk: Desk, boundary: Boundary) -> Submission:
    """Place what is on the desk."""
    return place(
        boundary,
        name=desk.name,
        data=desk.data,
        region=resources.region(),
        crs=desk.crs,
        precision_m=desk.precision_m,
    )


def choose_crs(crs: str) -> None:
    """Take a person's word for the CRS."""
    check_state.change(crs=crs, shift=None, unshift=False)
    settle()


def exchange_axes() -> None:
    """Read the file again with X and Y exchanged, as asked for."""
    desk = DESK.get()
    if desk is not None:
        read(replace(desk, swap_axes=True, submission=None, check=None, unshift=False))


def be_exact_to(precision_m: float | None) -> None:
    """Take a person's word for how exact the boundary is."""
    check_state.change(precision_m=precision_m)
    settle()


def run(say: Say) -> None:
    """Check the land on the desk.

    Args:
        say: Takes progress.

    Raises:
        LandMapError: Who looks at the page may not check land, a layer is damaged, or
            the ledger refused.
    """
    require(access.current_actor(), Verb.CHECK_MAKE)
    desk = DESK.get()
    if desk is None or desk.submission is None:
        return
    check = checker(desk.submission).check(
        desk.submission, now=datetime.now(UTC).astimezone(CHINA), say=say
    )
    DESK.set(replace(desk, check=check, check_id=None, parcel="", finding=""))


def checker(submission: Submission) -> Checker:
    """Gather what land is checked against, as who looks at the page may know it.

    Args:
        submission: The land.

    Returns:
        The checker.
    """
    held, at = held_near(submission)
    return Checker(
        store=resources.store(),
        catalog=resources.catalog(),
        region=resources.region(),
        held=held,
        held_at=at,
        certain_m2=settings().check_certain_m2,
        trials=TRIALS.get(),
        name=class_name,
        software=version("landmap"),
    )


def class_name(layer: str, code: str) -> str:
    """Name a class of land use."""
    return land_use_name(code) if layer == "zoning" else code


def held_near(submission: Submission) -> tuple[GeoDataFrame | None, str]:
    """Read the ground that projects hold near some land, and when that was read.

    Args:
        submission: The land.

    Returns:
        None where who looks at the page may not know.
    """
    west, south, east, north = submission.parcels.total_bounds.tolist()
    box: Box = (west, south, east, north)
    try:
        with resources.ledger().read(access.current_actor()) as work:
            now = work.now().astimezone(CHINA).isoformat(timespec="seconds")
            return holdings.held_ground(work, box), now
    except AccessError:
        return None, ""


def keep() -> LandCheck:
    """Keep the check on the desk in the ledger; one that is there stays as it is.

    Returns:
        The check.

    Raises:
        LandMapError: The ledger refused.
    """
    desk = _checked()
    check = _check_of(desk)
    verdicts = check.parcels["verdict"].value_counts()
    counts = {str(name): int(count) for name, count in verdicts.items()}
    with resources.ledger().begin(access.current_actor()) as work:
        kept = checks.keep(
            work,
            file_name=desk.name,
            sha256=check.submission.sha256,
            result_hash=check.result_hash,
            verdicts=counts,
            area_m2=float(check.parcels["area_m2"].sum()),
            region=_county(check),
        )
        work.commit()
    _keep_files(desk, kept)
    check_state.change(check_id=kept.id)
    return kept


def _keep_files(desk: Desk, kept: LandCheck) -> None:
    """Keep the file beside what was read from it and found."""
    check = _check_of(desk)
    resources.check_files().keep(kept.dossier, desk.name, desk.data, check)


def to_project(project_id: int) -> None:
    """Put the check on the desk into the file of a project.

    Args:
        project_id: The project.

    Raises:
        LandMapError: The ledger refused.
    """
    kept = keep()
    with resources.ledger().begin(access.current_actor()) as work:
        checks.to_project(work, kept.id, project_id=project_id, version=kept.version)
        work.commit()


def overrule(finding: str, says: str, reason: str) -> None:
    """Hold something else than a finding says; the check is kept for it.

    Args:
        finding: Name of the finding.
        says: "conflict" or "no_conflict".
        reason: Why.

    Raises:
        LandMapError: The ledger refused.
    """
    parcel, layer = check_state.finding_of(finding)
    kept = keep()
    with resources.ledger().begin(access.current_actor()) as work:
        checks.overrule(
            work,
            kept.id,
            parcel_id=parcel,
            layer=layer,
            says=Says(says),
            reason=reason,
        )
        work.commit()
        told = checks.overrules(work, kept.id)
    check = _check_of(_checked())
    words = tuple(_told(one) for one in told)
    check_state.change(check=replace(check, overrules=words))


def _told(word: CheckOverrule) -> Overrule:
    return Overrule(
        parcel_id=word.parcel_id,
        layer=word.layer,
        says="conflict" if word.says is Says.CONFLICT else "no_conflict",
        reason=word.reason,
        who=word.said_by,
        at=word.said_at.astimezone(CHINA).isoformat(timespec="minutes"),
    )


def _checked() -> Desk:
    desk = DESK.get()
    if desk is None or desk.check is None:
        message = "nothing was checked"
        raise RuntimeError(message)
    return desk


def _check_of(desk: Desk) -> Check:
    if desk.check is None:
        message = "nothing was checked"
        raise RuntimeError(message)
    return desk.check


def _county(check: Check) -> str:
    """Return the code of the county that most of the land lies in."""
    told = check.compositions.get("county")
    if told is None or told.empty:
        return ""
    summed = told[told["code"] != ""].groupby("code")["area_m2"].sum()
    return str(summed.idxmax()) if len(summed) else ""
