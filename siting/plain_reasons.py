"""Why land suits, in sentences for who has never read a planning table.

A reason is told from the figures that decided it: it can say nothing else than the
screening did. What is not known is said as such and is never a reason.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from gis.words import Title
from siting.answer import Answer
from siting.explain import Reason, why
from siting.note import Note
from siting.screen import Screening
from siting.sentences import distance, figure
from siting.words import SERVICES, STOCK_STATUSES

GOOD: Final = "good"
BAD: Final = "bad"
UNKNOWN: Final = "unknown"
STATES: Final = {"pass": GOOD, "fail": BAD, "not_checked": UNKNOWN}
_ORDER: Final = (BAD, GOOD, UNKNOWN)


@dataclass(frozen=True)
class Plain:
    """One reason.

    Attributes:
        state: "good", "bad" or "unknown".
        note: The sentence; a value that is a `Title` is to be translated too.
        listed: What fills its hole `{listed}`, English msgids.
    """

    state: str
    note: Note
    listed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Called:
    """What things are called, in the reader's language.

    Attributes:
        layers: Title of each layer, by its name.
        industry: The industry that was asked for.
    """

    layers: Mapping[str, str] = field(default_factory=dict)
    industry: str = ""


def plain_reasons(
    screening: Screening, parcel_id: str, called: Called
) -> tuple[Plain, ...]:
    """Say why a parcel suits, and what speaks against it.

    Args:
        screening: The answer to a need.
        parcel_id: The parcel.
        called: What things are called.

    Returns:
        What speaks against it first, then what speaks for it, then what is not known.

    Raises:
        LayerMissingError: There is no such parcel.
    """
    criteria = why(screening, parcel_id).criteria
    decided = {(one.use, one.layer) for one in criteria}
    told = [
        plain
        for one, answer in zip(criteria, screening.answers, strict=True)
        if one.use in _SAYS and _is_new(one, decided)
        for plain in _SAYS[one.use](one, answer, called)
    ]
    return tuple(sorted(told, key=lambda one: _ORDER.index(one.state)))


def _is_new(one: Reason, decided: set[tuple[str, str]]) -> bool:
    """Tell whether a criterion says more than another one does."""
    if one.use == "near":
        return ("within_distance", one.layer) not in decided
    if one.use == "services_level":
        return ("services_at_least", "") not in decided
    # Outside a zone of the trade, land is no worse for it.
    return one.use != "zone_matches_industry" or one.state == "pass"


def _area(one: Reason, answer: Answer, _called: Called) -> Iterator[Plain]:
    if one.value is None:
        yield Plain(UNKNOWN, Note(Title("Its area is not known.")))
        return
    unit = Title(one.unit)
    area, low, high = (
        "" if value is None else figure(float(value), one.unit)
        for value in (one.value, answer.verdict.low, answer.verdict.high)
    )
    if low and high:
        asked = Title("{area} {unit}; you asked for {low} to {high}.")
    elif low:
        asked = Title("{area} {unit}; you asked for {low} or more.")
    else:
        asked = Title("{area} {unit}; you asked for {high} at most.")
    yield Plain(
        STATES[one.state], Note(asked, area=area, unit=unit, low=low, high=high)
    )


def _use(one: Reason, _answer: Answer, called: Called) -> Iterator[Plain]:
    words = {
        "pass": Title("The plan permits it: {industry}."),
        "fail": Title("The plan does not permit it: {industry}."),
        "not_checked": Title("Whether the plan permits it is not known: {industry}."),
    }
    yield Plain(STATES[one.state], Note(words[one.state], industry=called.industry))


def _near(one: Reason, answer: Answer, called: Called) -> Iterator[Plain]:
    what = called.layers.get(one.layer, one.layer)
    if one.state == "not_checked" or one.value is None:
        note = Note(Title("{what}: how far it is, is not known."), what=what)
        yield Plain(UNKNOWN, note)
        return
    away, most = distance(float(one.value)), answer.verdict.high
    words = {
        "pass": Title("{what}: {away} in a straight line."),
        "fail": Title("{what}: {away} in a straight line; you asked for {most}."),
    }
    yield Plain(
        STATES[one.state],
        Note(words[one.state], what=what, away=away, most=distance(most or 0.0)),
    )


def _available(one: Reason, _answer: Answer, _called: Called) -> Iterator[Plain]:
    if one.value is None or one.state == "not_checked":
        note = Note(Title("When it can be had is not known: ask the office."))
        yield Plain(UNKNOWN, note)
        return
    note = Note(Title("To be had from {day} on."), day=str(one.value))
    yield Plain(STATES[one.state], note)


def _stock(one: Reason, _answer: Answer, _called: Called) -> Iterator[Plain]:
    kind = STOCK_STATUSES.get(str(one.value or ""))
    if kind is None:
        note = Note(Title("How ready the land is, is not known: ask the office."))
        yield Plain(UNKNOWN, note)
        return
    yield Plain(STATES[one.state], Note(Title("How ready it is: {kind}."), kind=kind))


def _services(one: Reason, _answer: Answer, _called: Called) -> Iterator[Plain]:
    states = one.value if isinstance(one.value, Mapping) else {}
    groups: dict[str, list[str]] = {GOOD: [], BAD: [], UNKNOWN: []}
    for name, level in states.items():
        title = SERVICES.get(name) or name
        groups[_SERVED.get(str(level), UNKNOWN)].append(title)
    words = {
        GOOD: Title("On the land or at its boundary: {listed}."),
        BAD: Title("Not there yet: {listed}."),
        UNKNOWN: Title("Not known: {listed}."),
    }
    for state, listed in groups.items():
        if listed:
            yield Plain(state, Note(words[state]), tuple(listed))


_SERVED: Final = {"present": GOOD, "at_boundary": GOOD, "planned": BAD, "none": BAD}


def _clear(one: Reason, _answer: Answer, called: Called) -> Iterator[Plain]:
    words = {
        "pass": Title("Clear of {what}."),
        "fail": Title("A part of it lies in {what}."),
        "not_checked": Title("{what}: not checked here."),
    }
    what = called.layers.get(one.layer, one.layer)
    yield Plain(STATES[one.state], Note(words[one.state], what=what))


def _trade(one: Reason, _answer: Answer, _called: Called) -> Iterator[Plain]:
    note = Note(Title("Your industry is a leading one of its development zone."))
    yield Plain(STATES[one.state], note)


_Says = Callable[[Reason, Answer, Called], Iterator[Plain]]
# The place is not among them: every card tells where its land lies.
_SAYS: Final[Mapping[str, _Says]] = {
    "area_between": _area,
    "land_use_permitted": _use,
    "within_distance": _near,
    "near": _near,
    "available_by": _available,
    "stock_status_in": _stock,
    "services_at_least": _services,
    "services_level": _services,
    "clear_of": _clear,
    "zone_matches_industry": _trade,
}
