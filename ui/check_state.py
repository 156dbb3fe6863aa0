"""What a session knows of the land it is checking, from the file to the findings."""

from dataclasses import dataclass, replace
from hashlib import sha256
from math import nan

from layers.boundary import Boundary
from layers.check import Check
from layers.shift import Suspicion
from layers.submission import Submission
from layers.trial import Trial
from ui.state import Slot


@dataclass(frozen=True)
class Desk:
    """One file on the desk.

    Attributes:
        name: Name of the file as it was sent.
        data: Its bytes.
        mark: Tells this file from any other, by name and bytes.
        boundary: What was read; None where it could not be.
        refused: Why it could not be read or placed; "" where it could.
        tables: Layers inside the file, of which a person must choose one.
        table: The one that was chosen; "" for the only one.
        encoding: Encoding of names that a person chose; "" as the file says.
        swap_axes: Whether a person said that X and Y are exchanged.
        crs: What a person chose for parcels of unknown CRS.
        precision_m: How exact the boundary is taken to be.
        shift: What was found when the land was compared with known land, in case it was
            drawn on a shifted map; None before that.
        unshift: Whether a person asked to undo the shift.
        submission: The land, its place agreed upon; None until then.
        area_m2: Its area on the ellipsoid, measured with its place and not at each run.
        check: What was found; None before it was checked.
        check_id: Number of the check in the ledger; None before it was kept.
        parcel: The parcel chosen on map or table.
        finding: The finding chosen, as "parcel/layer".
    """

    name: str
    data: bytes
    mark: str
    boundary: Boundary | None = None
    refused: str = ""
    tables: tuple[str, ...] = ()
    table: str = ""
    encoding: str = ""
    swap_axes: bool = False
    crs: str = ""
    precision_m: float | None = None
    shift: Suspicion | None = None
    unshift: bool = False
    submission: Submission | None = None
    area_m2: float = nan
    check: Check | None = None
    check_id: int | None = None
    parcel: str = ""
    finding: str = ""

    def key(self, name: str) -> str:
        """Name a widget of this file: another file must not inherit its value."""
        return f"check.{name}.{self.mark}"

    @property
    def seen(self) -> str:
        """The parcel that is looked at: the chosen one, or the chosen finding's."""
        return self.parcel or finding_of(self.finding)[0]


def laid(name: str, data: bytes) -> Desk:
    """Lay a file on the desk; its bytes are hashed now, not at each run of the page.

    Args:
        name: Its name as it was sent.
        data: Its bytes.

    Returns:
        The desk, nothing read yet.
    """
    digest = sha256(name.encode(errors="replace"))
    digest.update(data)
    return Desk(name=name, data=data, mark=digest.hexdigest()[:12])


def _nothing() -> Desk | None:
    return None


DESK: Slot[Desk | None] = Slot("check_desk", _nothing)
TRIALS: Slot[tuple[Trial, ...]] = Slot("check_trials", tuple)
"""Rules that the session tries beside those of the catalogue, or instead."""


def _no() -> bool:
    return False


ASKED: Slot[bool] = Slot("check_asked", _no)
"""Whether the land is to be checked at the next run of the page."""


def change(**changes: object) -> None:
    """Change what is on the desk; nothing where it is empty."""
    desk = DESK.get()
    if desk is not None:
        DESK.set(replace(desk, **changes))  # type: ignore[arg-type]


SEPARATOR = "\x1f"
"""Between parcel and layer in the name of a finding; no text of a file holds it."""


def finding_name(parcel: str, layer: str) -> str:
    """Name a finding."""
    return f"{parcel}{SEPARATOR}{layer}"


def finding_of(name: str) -> tuple[str, str]:
    """Return parcel and layer of a finding by its name."""
    parcel, _, layer = name.partition(SEPARATOR)
    return parcel, layer
