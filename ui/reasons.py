"""Why a parcel is in or out, criterion by criterion, put into words and bars.

Pure: what `siting.explain` tells comes in. State is told by icon and word, never by
colour alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from gis.units import DECIMALS
from gis.words import Title
from layers.layer import Layer
from ledger.holdings import APART
from siting.answer import Answer
from siting.explain import Reason, Why, why
from siting.screen import Screening
from siting.sentences import figure
from siting.words import SERVICE_LEVELS, SERVICES, STOCK_STATUSES
from ui.answer import criterion_title
from ui.figures import industries_text, metres, unit_after
from ui.i18n import t
from ui.need_words import Names, summary

ICONS: Final = {"pass": "✓", "fail": "✕", "not_checked": "!"}
WORDS: Final = {
    "pass": Title("passes"),
    "fail": Title("fails"),
    "not_checked": Title("not checked"),
}
UNITS: Final = {"share": "%", "d": Title("days")}
ROOM: Final = 1.25
UNKNOWN: Final = Title("unknown")


@dataclass(frozen=True)
class Bar:
    """A criterion's answer as a bar.

    Attributes:
        fill: Length, 0 to 1.
        ticks: Where the limits are, 0 to 1.
    """

    fill: float
    ticks: tuple[float, ...] = ()


@dataclass(frozen=True)
class Told:
    """One criterion's answer for one parcel, in words.

    Attributes:
        state: pass, fail or not_checked.
        title: The criterion.
        value: What the parcel has, with unit.
        asked: What was asked, with unit.
        gap: How far it is from what was asked, as a sentence.
        notes: What else to know.
        bar: None where there is no measure.
        factor: Whether it counts for the score instead of deciding.
    """

    state: str
    title: str
    value: str
    asked: str
    gap: str
    notes: tuple[str, ...]
    bar: Bar | None
    factor: bool


def told(
    screening: Screening, parcel_id: str, *, layers: Mapping[str, Layer], names: Names
) -> tuple[Why, list[Told]]:
    """Tell why a parcel is in or out.

    Args:
        screening: The answer to a need.
        parcel_id: The parcel.
        layers: Declarations by name.
        names: Titles by value for a source of choices.

    Returns:
        The figures, and each criterion in words: failing constraints first, then what
        was not checked, what passes, and the factors.
    """
    explained = why(screening, parcel_id)
    each = [
        _told(reason, answer, layers, names)
        for reason, answer in zip(explained.criteria, screening.answers, strict=True)
    ]
    order = ("fail", "not_checked", "pass")
    each.sort(key=lambda one: (one.factor, not one.factor and order.index(one.state)))
    return explained, each


def reasons_html(each: Sequence[Told]) -> str:
    """Write reasons as a list.

    Args:
        each: Criteria in words.

    Returns:
        HTML for `st.html`; every text is escaped.
    """
    lines = "".join(_line(one) for one in each)
    return f'<ul class="reasons">{lines}</ul>'


def value_text(reason: Reason, names: Names) -> str:
    """Write what a parcel has for a criterion.

    Args:
        reason: The criterion's answer.
        names: Titles by value for a source of choices.

    Returns:
        Value and unit; "" where there is none to write.
    """
    value = reason.value
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return with_unit(float(value), reason.unit)
    if isinstance(value, Mapping):
        return ", ".join(filter(None, (_pair(*pair) for pair in value.items())))
    return _word(str(value), reason.use, names)


def holders_text(codes: str, names: Mapping[str, str]) -> str:
    """Write who holds a parcel.

    Args:
        codes: Codes of projects, as `ledger.holdings` tells them; "" for nobody.
        names: What people call the projects, by code.

    Returns:
        Their names; a code without one stays.
    """
    return APART.join(names.get(code, code) for code in codes.split(APART))


def with_unit(value: float, unit: str) -> str:
    """Write a figure with its unit in the reader's language."""
    if unit == "m":
        return metres(value)
    known = unit if unit in DECIMALS or unit in UNITS else ""
    word = UNITS.get(known, known)
    return f"{figure(value, known)} {unit_after(word) if word else ''}".strip()


def _told(
    reason: Reason, answer: Answer, layers: Mapping[str, Layer], names: Names
) -> Told:
    """Put one criterion's answer into words."""
    factor = reason.kind == "factor"
    asked = summary(answer.criterion, answer.asked.settings, names)
    notes = tuple(t(note.msgid, **note.values) for note in reason.notes)
    if reason.state == "not_checked" and reason.evidence_title:
        notes = (t(reason.evidence_title), *notes)
    gap = t(reason.sentence.msgid, **reason.sentence.values)
    if reason.use == "clear_of" and reason.value == 0 and reason.state == "pass":
        gap = t("clear")
    if factor:
        gap = t("{points} points", points=f"{reason.points:.1f}")
    return Told(
        state=reason.state,
        title=criterion_title(answer, layers),
        value=value_text(reason, names),
        asked=asked,
        gap=gap,
        notes=notes,
        bar=_bar(reason, answer),
        factor=factor,
    )


def _bar(reason: Reason, answer: Answer) -> Bar | None:
    """Measure the bar: of a factor its share, else the value against the limits."""
    if reason.kind == "factor":
        return None if reason.share is None else Bar(reason.share)
    limits = [one for one in (answer.verdict.low, answer.verdict.high) if one]
    value = reason.value
    if not limits or not isinstance(value, int | float) or reason.unit == "d":
        return None
    whole = 1.0 if reason.unit == "share" else ROOM * max(*limits, float(value))
    return Bar(float(value) / whole, tuple(limit / whole for limit in limits))


def _line(one: Told) -> str:
    """Write one criterion."""
    notes = "".join(f"<small>{escape(note)}</small>" for note in one.notes)
    icon = ICONS[one.state]
    asked = f'<span class="r-asked">{escape(one.asked)}</span>' if one.asked else ""
    return (
        f'<li class="r-{one.state}{" r-factor" if one.factor else ""}">'
        f'<span class="r-icon" title="{escape(t(WORDS[one.state]))}">{icon}</span>'
        f'<span class="r-title">{escape(one.title)}{asked}</span>'
        f'<span class="r-value" title="{escape(one.value)}">{escape(one.value)}</span>'
        f'{_bar_html(one.bar)}<span class="r-gap">{escape(one.gap)}</span>{notes}</li>'
    )


def _bar_html(bar: Bar | None) -> str:
    """Draw a bar with its limits."""
    if bar is None:
        return ""
    ticks = "".join(f'<b style="left:{min(tick, 1):.1%}"></b>' for tick in bar.ticks)
    return (
        f'<span class="r-bar"><i style="width:{min(max(bar.fill, 0), 1):.1%}"></i>'
        f"{ticks}</span>"
    )


def _pair(name: str, value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write one of several values: a service's level, an end of a range."""
    if value is None:
        return ""
    title = t(SERVICES[name]) if name in SERVICES else ""
    level = {**SERVICE_LEVELS, "unknown": UNKNOWN}.get(str(value))
    shown = t(level) if level else f"{value:g}" if isinstance(value, float) else value
    return f"{title} {shown}".strip()


def _word(word: str, use: str, names: Names) -> str:
    """Write a word of the data in the reader's language where it has one."""
    if use == "zone_matches_industry":
        return industries_text(word)
    if use == "not_claimed":
        return holders_text(word, names("project"))
    sources = {
        "region_in": "region",
        "in_development_zone": "zone",
        "in_key_zone": "zone",
    }
    if use in sources:
        return names(sources[use]).get(word, word) if word else t("none")
    return t(STOCK_STATUSES[word]) if word in STOCK_STATUSES else word
