"""The dashboard on one page for leaders: the same figures, in the same words."""

from collections.abc import Mapping, Sequence
from typing import Final

from gis.words import Title
from ledger.model import Actor
from ledger.trends import Dashboard
from reports.leaders_page import Drawing, LeadersPage, Series, Told
from ui import dashboard_tables as tables
from ui.i18n import language, t
from ui.land_balance import Balance
from ui.ledger_figures import definitions, figures

PLACES: Final = 10
PREFECTURE: Final = 4

Names = Mapping[str, str]


def leaders_page(
    found: Dashboard,
    balances: Sequence[Balance],
    *,
    names: Names,
    actor: Actor,
    scope: str,
    synthetic: bool,
) -> LeadersPage:
    """Write down what the page for leaders says.

    Args:
        found: The figures, as the dashboard shows them.
        balances: Land wanted and at hand, as the dashboard shows it.
        names: Names of places by code.
        actor: Who makes it.
        scope: The places it is of.
        synthetic: Whether any of it is made up.

    Returns:
        The page, in the reader's language.
    """
    about = (
        t("Scope: {scope}", scope=scope),
        t("As of {day}", day=found.today),
        t("Made by {who}", who=Title(actor.name)),
    )
    warning = t("Synthetic data: made up for the demonstration, not for decisions.")
    overdue = Told(
        t("Problems overdue"),
        f"{found.overdue:,}",
        t("of {total} open", total=f"{found.kpis.problems_open:,}"),
        amber=found.overdue > 0,
    )
    told = [
        Told(one.name, one.value, one.about, amber=one.tone == "amber")
        for one in figures(found.kpis)
    ]
    return LeadersPage(
        title=t("Investment projects on one page"),
        about=" · ".join(about),
        warning=warning if synthetic else "",
        figures=[*told, overdue],
        definitions=definitions(found.kpis),
        rates=_rates(found),
        land=_land(balances, names),
        overdue=tables.ages_table(found),
        stuck=tables.stuck_table(found, names),
        lang="en" if language() == "en" else "zh",
    )


def _rates(found: Dashboard) -> Drawing:
    return Drawing(
        title=t("Rates by month (nested)"),
        names=[tables.month_text(one) for one in found.months],
        first=Series(t("Start rate"), [one.start_rate for one in found.months]),
        second=Series(
            t("Production rate"), [one.production_rate for one in found.months]
        ),
    )


def _land(balances: Sequence[Balance], names: Names) -> Drawing:
    """Add up land by prefecture, or by county where all lies in one prefecture."""
    many = len({one.region[:PREFECTURE] for one in balances}) > 1
    sums: dict[str, list[float]] = {}
    for one in balances:
        place = f"{one.region[:PREFECTURE]}00" if many else one.region
        both = sums.setdefault(place, [0.0, 0.0])
        both[0] += one.unmet_mu
        both[1] += one.available_mu
    most = sorted(sums.items(), key=lambda pair: (-pair[1][0], pair[0]))[:PLACES]
    return Drawing(
        title=t("Land wanted and at hand (mu)"),
        names=[names.get(place, place) for place, _ in most],
        first=Series(t("Land demand unmet"), [both[0] for _, both in most]),
        second=Series(t("Land at hand"), [both[1] for _, both in most]),
    )
