"""Words of the policy desk: days, conditions and what was found, line by line."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from typing import Final

from gis.words import Title
from layers.facts_schema import fact_column
from ledger.applicability import Kind, Limits
from ledger.model import Stage
from ledger.policy import Edition, Held, Standing, ends_on
from ledger.policy_conditions import Answer, Asked
from ledger.policy_match import Reason
from ledger.policy_uses import Under
from siting.industries import industry_name
from siting.words import STOCK_STATUSES
from ui import resources
from ui.figures import land_use_text
from ui.i18n import language, t
from ui.page_parts import asset

Found = tuple[Held, Answer, Sequence[Reason]]

MARKS: Final[Mapping[Answer, tuple[str, str]]] = {
    Answer.YES: ("✓", "good"),
    Answer.UNKNOWN: ("?", "unknown"),
    Answer.NO: ("✕", "bad"),
}
CHIPS: Final[Mapping[Standing, str]] = {
    Standing.IN_FORCE: "held",
    Standing.UNDATED: "amber",
}
_EVIDENCE: Final[Mapping[str, Title]] = {
    "hit": Title("touched"),
    "clear": Title("not touched"),
    "partly_covered": Title("only part of it was checked"),
    "not_checked": Title("not checked"),
}


def name_line(edition: Edition) -> str:
    """Say what a document is known by: number and issuer."""
    said = (
        edition.document_number or t("number not known"),
        edition.issuer or t("issuer not known"),
    )
    return " · ".join(said)


def days_line(held: Held) -> str:
    """Say since when and until when a document holds; what is not known says so."""
    begun, end = held.edition.effective_on, ends_on(held)
    first = t("since {day}", day=begun) if begun else t("first day not known")
    last = t("until {day}", day=end) if end else t("no last day told")
    return f"{first} · {last}"


def wanted_text(asked: Asked, places: Mapping[str, str]) -> str:
    """Say what a condition wants, in the reader's language.

    Args:
        asked: The condition.
        places: Names of places by code, as `place_names` tells them.

    Returns:
        Words or limits.
    """
    if asked.kind is Kind.INVESTMENT:
        return t("{range} × 10,000 CNY", range=limits_text(asked.limits))
    if asked.kind is Kind.FACT and not asked.wanted:
        return limits_text(asked.limits)
    return ", ".join(word_text(asked, word, places) for word in asked.wanted)


def limits_text(limits: Limits) -> str:
    """Say from how much to how much."""
    least, most = limits.least, limits.most
    if least is None:
        return t("at most {most}", most=f"{most:,.10g}")
    if most is None:
        return t("at least {least}", least=f"{least:,.10g}")
    return t("{least} to {most}", least=f"{least:,.10g}", most=f"{most:,.10g}")


def word_text(asked: Asked, word: str, places: Mapping[str, str]) -> str:
    """Name a word of a condition: a code with its name, a status in words."""
    if asked.kind is Kind.REGION:
        return places.get(word, word)
    return _NAMES.get(asked.kind, _as_it_is)(word)


def condition_name(asked: Asked) -> str:
    """Name what a condition asks; a fact by its column's title and layer."""
    if asked.kind is not Kind.FACT:
        return t(asked.kind.label)
    catalog = resources.catalog()
    told = fact_column(asked.column, layers=catalog)
    if told is None:
        return asked.column
    layer = t(Title(catalog[told.layer].title)) if told.layer in catalog else ""
    if layer and told.fact == "evidence":
        return layer
    return " · ".join(filter(None, (layer, t(told.title))))


def found_text(reason: Reason, places: Mapping[str, str]) -> str:
    """Say what a subject has; that nobody knows it, where nothing is known."""
    if reason.asked.kind is Kind.TOLD:
        return t("to be judged by a person")
    if not reason.found:
        return t("not known")
    if reason.asked.kind is Kind.INVESTMENT:
        return t("{range} × 10,000 CNY", range=reason.found)
    return word_text(reason.asked, reason.found, places)


def reason_html(reason: Reason, places: Mapping[str, str]) -> str:
    """Write a condition with its answer, encoded."""
    sign, css = MARKS[reason.answer]
    return (
        f'<li><b class="f-{css}">{sign}</b> {escape(condition_name(reason.asked))}: '
        f"{escape(wanted_text(reason.asked, places))} "
        f"<em>({escape(found_text(reason, places))})</em></li>"
    )


def place_names() -> Mapping[str, str]:
    """Name places by code in the reader's language, the whole region among them."""
    names = resources.office_names(language())
    whole = {f"{code[:2]}0000" for code in names}
    return dict.fromkeys(whole, t(Title(resources.region().title))) | names


def why_open(held: Held) -> list[str]:
    """Say why a document may apply only, apart from its conditions."""
    said = []
    if held.standing is Standing.UNDATED:
        said.append(t("The first day it holds is not known."))
    if held.edition.confidence.value != "source":
        said.append(t("What stands here is not confirmed."))
    return said


def match_html(
    found: Found, offices: Mapping[str, str], places: Mapping[str, str]
) -> str:
    """Write a document that applies or may: why, since, until, what to do, whom to ask.

    Args:
        found: The document, its answer and why.
        offices: Names of departments by code.
        places: Names of places by code.

    Returns:
        A line of a list, encoded.
    """
    held, answer, reasons = found
    edition = held.edition
    sure = answer is Answer.YES
    chip = t("Applies") if sure else t("May apply: not checked")
    lines = "".join(
        f"<small>{escape(name)}: {escape(said)}</small>"
        for name, said in (
            (t("What to do"), edition.to_do or t("not told yet")),
            (
                t("Whom to ask"),
                offices.get(edition.ask, edition.ask) or t("not told yet"),
            ),
        )
    )
    notes = "".join(f"<li>{escape(one)}</li>" for one in why_open(held))
    whys = "".join(reason_html(one, places) for one in reasons)
    return (
        f'<li><span class="policy-chip{" sure" if sure else ""}">{escape(chip)}</span>'
        f"<b>{escape(edition.title)}</b>"
        f"<small>{escape(name_line(edition))} · {escape(days_line(held))}</small>"
        f'<ul class="policy-why">{whys}{notes}</ul>{lines}</li>'
    )


def matches_html(found: Sequence[Found], offices: Mapping[str, str]) -> str:
    """Write documents that apply or may, the sure ones first, encoded.

    Args:
        found: The documents.
        offices: Names of departments by code.

    Returns:
        HTML; those that may apply are folded away behind their number.
    """
    sure = [one for one in found if one[1] is Answer.YES]
    maybe = [one for one in found if one[1] is Answer.UNKNOWN]
    look = f"<style>{asset('policies.css')}</style>"
    if not found:
        return look + none_html(t("No policy on the desk applies here."))
    places = place_names()
    told = "".join(match_html(one, offices, places) for one in sure)
    head = f'<ul class="policies-list">{told}</ul>'
    if not sure:
        head = none_html(t("None applies for sure."))
    if not maybe:
        return look + head
    name = t("{count} more may apply: something is not known", count=len(maybe))
    opened = "" if sure else " open"
    more = "".join(match_html(one, offices, places) for one in maybe)
    return (
        f'{look}{head}<details class="policies-more"{opened}><summary>{escape(name)}'
        f'</summary><ul class="policies-list">{more}</ul></details>'
    )


def none_html(said: str) -> str:
    """Write that there is nothing, encoded."""
    return f'<p class="policies-none">{escape(said)}</p>'


def caution_text(under: Under) -> str:
    """Say why a promise under a document is to be looked at; "" where nothing is."""
    caution = under.caution
    if caution is None:
        return ""
    if caution.gone:
        return t("Its policy was taken off the desk: look where the promise stands.")
    said = []
    if caution.changed:
        said.append(t("Its policy has a newer edition: look whether the terms hold."))
    if caution.ends is not None:
        said.append(t("Its policy ends on {day}.", day=caution.ends))
    return " ".join(said)


def _as_it_is(word: str) -> str:
    return word


def _named(titles: Mapping[str, Title], word: str) -> str:
    return t(titles[word]) if word in titles else word


_STAGES: Final = {stage.value: stage.label for stage in Stage}
_NAMES: Final[Mapping[Kind, Callable[[str], str]]] = {
    Kind.INDUSTRY: lambda word: " ".join(filter(None, (word, industry_name(word)))),
    Kind.LAND_CLASS: land_use_text,
    Kind.STOCK: partial(_named, STOCK_STATUSES),
    Kind.STAGE: partial(_named, _STAGES),
    Kind.FACT: partial(_named, _EVIDENCE),
}
