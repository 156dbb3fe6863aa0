"""The rule tables that screening and casework read: edition, days, source, uses."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Final

import streamlit as st

from gis.words import Title
from ledger import rules
from ledger.access import Verb, may
from ledger.policy_uses import living
from siting.industries import permitted, table
from ui import access, resources
from ui.i18n import t
from ui.rule_tables import title_of

SITING: Final = ("industry_land_use", "industries", "land_use_classes")
_TITLES: Final = {
    "industry_land_use": Title("Land-use classes that industries may stand on"),
    "industries": Title("Classification of industries"),
    "land_use_classes": Title("Classification of land use"),
}
_USES: Final = {
    "industry_land_use": Title(
        "Screening: planned land use of a need that names an industry; cards cite it."
    ),
    "industries": Title("Names and codes in needs, projects and conditions."),
    "land_use_classes": Title(
        "Names and codes in needs, parcels, zoning and conditions."
    ),
}
_CONFIDENCE: Final = {
    "confirmed": Title("Confirmed"),
    "unconfirmed": Title("Not confirmed"),
}


@dataclass(frozen=True)
class RuleHead:
    """What the head of a rule table tells.

    Attributes:
        title: What it is called.
        edition: Its edition.
        since: Since when it holds; "" where nothing is told.
        source: Where it comes from.
        confidence: Whether somebody confirmed it.
        uses: What reads it.
    """

    title: str
    edition: str
    since: str
    source: str
    confidence: str
    uses: str


def rules_part() -> None:
    """Draw the tables with what they are, and what is missing."""
    st.caption(
        t(
            "What screening and casework decide by. A table that nobody confirmed is "
            "shown and decides only on your word."
        )
    )
    heads = [siting_head(name) for name in SITING]
    if may(access.current_actor(), Verb.PROJECT_READ):
        said = f"{heads[0].uses} {projects_under()}"
        heads[0] = replace(heads[0], uses=said)
    st.html(heads_html(heads))
    if may(access.current_actor(), Verb.RULE_READ):
        st.html(f'<h3 class="part">{escape(t("Rule tables of casework"))}</h3>')
        st.html(heads_html(ledger_heads()))
    st.caption(
        t(
            "Control indicators and price floors are not on the desk as tables: no "
            "confirmed values are at hand. Their documents are in the library."
        )
    )


def projects_under() -> str:
    """Say how many projects name an industry that the table of land use knows."""
    with resources.ledger().read(access.current_actor()) as work:
        found = Counter(one.industry for one in living(work) if one.industry)
    known = {code: permitted(code) for code in found}
    return t(
        "{known} projects name an industry it knows; for {unconfirmed} of them what it "
        "says is not confirmed.",
        known=sum(found[code] for code, rule in known.items() if rule),
        unconfirmed=sum(
            found[code] for code, rule in known.items() if rule and not rule.confirmed
        ),
    )


def siting_head(name: str) -> RuleHead:
    """Read the head of a table that screening reads.

    Args:
        name: Its name in `siting/tables`.

    Returns:
        What it tells of itself.
    """
    data = table(name)
    told = data.get("confidence") or data.get("refinements_confidence") or ""
    return RuleHead(
        title=t(_TITLES[name]),
        edition=str(data["edition"]),
        since=str(data.get("effective_from") or ""),
        source=str(data["source"]),
        confidence=t(_CONFIDENCE[told]) if told in _CONFIDENCE else str(told),
        uses=t(_USES[name]),
    )


def ledger_heads() -> Sequence[RuleHead]:
    """Read the heads of the tables that casework reads, as they are in force."""
    found = []
    with resources.ledger().read(access.current_actor()) as work:
        for name in rules.names():
            now = rules.in_force(work, name)
            since = [
                one.effective_on
                for one in rules.editions(work, name)
                if one.edition == now.edition
            ]
            found.append(
                RuleHead(
                    title=title_of(name),
                    edition=now.edition,
                    since=str(since[0]) if since else "",
                    source=now.source,
                    confidence=now.confidence,
                    uses=t("LandMap, as shipped")
                    if now.shipped
                    else t("an edition of this office"),
                )
            )
    return found


def heads_html(heads: Sequence[RuleHead]) -> str:
    """Write heads of tables as a table, encoded."""
    names = (
        t("Rule table"),
        t("Edition"),
        t("In force from"),
        t("Source"),
        t("Confidence"),
        t("Used by"),
    )
    lines = "".join(
        "<tr>"
        + "".join(
            f"<td>{escape(said) or '—'}</td>"
            for said in (
                one.title,
                one.edition,
                one.since,
                one.source,
                one.confidence,
                one.uses,
            )
        )
        + "</tr>"
        for one in heads
    )
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    return (
        '<div class="case-scroll"><table class="case-plain policies-wide"><thead><tr>'
        f"{head}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def cited_html() -> str:
    """Write the rule that a card's answer on planned land use rests on, encoded."""
    head = siting_head("industry_land_use")
    said = t(
        "Rule of planned land use: {title}, edition {edition}. Source: {source}.",
        title=head.title,
        edition=head.edition,
        source=head.source,
    )
    return f'<p class="card-rule">{escape(said)}</p>'
