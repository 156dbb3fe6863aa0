"""Which stage may follow which, and the dates a stage asks for: pure rules."""

from gis.words import Title
from ledger.model import Stage

ROAD = (
    Stage.LEAD,
    Stage.NEGOTIATION,
    Stage.SIGNED,
    Stage.SITING,
    Stage.APPROVAL,
    Stage.STARTED,
    Stage.PRODUCTION,
    Stage.FULL_CAPACITY,
)
"""The stages in order; `ended` leaves the road from anywhere."""

SIGNED_OR_LATER = ROAD[ROAD.index(Stage.SIGNED) :]
STARTED_OR_LATER = ROAD[ROAD.index(Stage.STARTED) :]
PRODUCTION_OR_LATER = ROAD[ROAD.index(Stage.PRODUCTION) :]

STAGE_DATES = {
    Stage.SIGNED: "signed_on",
    Stage.STARTED: "started_on",
    Stage.PRODUCTION: "production_on",
}
"""The date field that reaching a stage fills."""

DATE_TITLES = {
    "signed_on": Title("Signed on"),
    "started_on": Title("Started on"),
    "production_on": Title("In production on"),
}


def next_stages(stage: Stage) -> tuple[Stage, ...]:
    """List the stages a project may move to.

    One step on; one step back, to correct; from signed also straight to start,
    for a project that rents or already has its land; ended from anywhere, and
    from ended back to negotiation.

    Args:
        stage: The stage it is at.

    Returns:
        The stages, the usual next one first.
    """
    if stage is Stage.ENDED:
        return (Stage.NEGOTIATION,)
    at = ROAD.index(stage)
    on = list(ROAD[at + 1 : at + 2])
    if stage in {Stage.SIGNED, Stage.SITING}:
        on = list(ROAD[at + 1 : ROAD.index(Stage.STARTED) + 1])
    return (*on, *ROAD[max(at - 1, 0) : at], Stage.ENDED)


def needs_reason(stage: Stage, to: Stage) -> bool:
    """Tell whether a move must say why: every step back, ending and reopening."""
    if Stage.ENDED in {stage, to}:
        return True
    return ROAD.index(to) < ROAD.index(stage)


def dates_asked(stage: Stage) -> tuple[str, ...]:
    """List the date fields that a project at a stage must have."""
    if stage is Stage.ENDED:
        return ()
    passed = ROAD[: ROAD.index(stage) + 1]
    return tuple(field for reached, field in STAGE_DATES.items() if reached in passed)
