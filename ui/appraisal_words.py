"""An appraisal in words and HTML: figures, answers, gates, opinions."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from gis.words import Title
from ledger.appraisal_checklist import Found
from ledger.appraisal_figures import Ratio
from ledger.appraisals import Card
from ledger.casework import Appraisal, Opinion, View
from ledger.model import Role
from ledger.unit_of_work import CHINA
from ui.i18n import language, t

GATE_WORDS: Final[Mapping[Found, Title]] = {
    Found.UNCLEAR: Title("Not checked"),
    Found.FINE: Title("Does not fall under it"),
    Found.CONCERN: Title("Falls under it"),
}
VIEW_CSS: Final = {View.FOR: "held", View.CONDITIONS: "", View.AGAINST: "amber"}


def state_text(appraisal: Appraisal | Card) -> str:
    """Tell the state of an appraisal; of a decided one, what it came to."""
    if appraisal.decision is not None:
        return t(appraisal.decision.label)
    return t(appraisal.state.label)


def figures_html(ratios: Sequence[Ratio]) -> str:
    """Write the figures by land and by money, encoded; "—" where parts are missing."""
    return (
        '<dl class="lm-facts">'
        + "".join(
            f"<dt>{escape(t(one.title))}</dt><dd>{escape(_ratio(one))}</dd>"
            for one in ratios
        )
        + "</dl>"
    )


def opinions_html(said: Sequence[Opinion], asked: Sequence[Role]) -> str:
    """List the opinions, and the roles that are asked and have given none.

    Args:
        said: The opinions.
        asked: Roles whose opinion is asked.

    Returns:
        HTML, encoded.
    """
    lines = [
        f'<li><span class="chip {VIEW_CSS[one.view]}">'
        f"{escape(t(one.view.label))}</span>"
        f"<b>{escape(t(one.role.label))}</b> {escape(one.text)}"
        f"<small>{escape(t(Title(one.said_by)))} · "
        f"{one.said_at.astimezone(CHINA):%Y-%m-%d %H:%M}</small></li>"
        for one in said
    ]
    given = {one.role for one in said}
    lines += [
        f'<li><span class="chip amber">{escape(t("No opinion yet"))}</span>'
        f"<b>{escape(t(role.label))}</b></li>"
        for role in asked
        if role not in given
    ]
    return f'<ul class="lines">{"".join(lines)}</ul>'


def lines_html(lines: Sequence[tuple[str, str, str, str]]) -> str:
    """List answers: css of the chip, what was found, the line, the words; encoded."""
    return (
        '<ul class="lines">'
        + "".join(
            f'<li><span class="chip {css}">{escape(found)}</span><b>{escape(title)}</b>'
            f"<small>{escape(text)}</small></li>"
            for css, found, title, text in lines
        )
        + "</ul>"
    )


def item_line(one: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Describe the answer to an item, as it was frozen or is now."""
    found = Found(one["found"])
    css = {Found.FINE: "held", Found.CONCERN: "amber"}.get(found, "")
    return css, t(found.label), _name(one), str(one["text"])


def gate_line(one: Mapping[str, Any], place: int) -> tuple[str, str, str, str]:
    """Describe the answer to a gate; one that no office filled in is not checked."""
    if not one["filled"]:
        return (
            "amber",
            t("Not filled in, not checked"),
            t("“Do not bring in”, item {number}", number=place),
            t(
                "No source writes it out: the office fills it in, in the rule table "
                "“appraisal”, before using it."
            ),
        )
    found = Found(one["found"])
    css = "held" if found is Found.FINE else "amber"
    return css, t(GATE_WORDS[found]), _name(one), str(one["text"])


def answers_html(
    items: Sequence[Mapping[str, Any]], gates: Sequence[Mapping[str, Any]]
) -> str:
    """Write the answered checklist: items, then what is not brought in; encoded.

    Args:
        items: Items with what was found and said.
        gates: Gates with the same, and whether an office filled them in.

    Returns:
        HTML.
    """
    gate_lines = [gate_line(one, place) for place, one in enumerate(gates, start=1)]
    return (
        part_html(t("Checklist"))
        + lines_html([item_line(one) for one in items])
        + part_html(t("Four “do not bring in” items"))
        + lines_html(gate_lines)
    )


def part_html(title: str) -> str:
    """Write the heading of a part, encoded."""
    return f'<h3 class="part">{escape(title)}</h3>'


def _name(one: Mapping[str, Any]) -> str:
    return str(one["english"] if language() == "en" else one["title"])


def _ratio(one: Ratio) -> str:
    if one.value is None:
        return "—"
    return f"{one.value:,.2f} {t(one.unit)}（{one.share}）"
