"""The row of figures above the ledger: counts, rates with their denominators."""

from dataclasses import dataclass
from html import escape

from ledger.indicators import Kpis, Rate
from ui.i18n import t


@dataclass(frozen=True)
class Figure:
    """One figure as it is read.

    Attributes:
        name: What it is.
        value: The figure with its unit.
        about: A short line below it: what it is a share of, how many more.
        tone: "" or "amber" where it asks for attention.
    """

    name: str
    value: str
    about: str = ""
    tone: str = ""


def figures(kpis: Kpis) -> list[Figure]:
    """Tell the figures in the order they are read.

    Args:
        kpis: What was counted.

    Returns:
        Seven figures; rates with numerator and denominator.
    """
    return [
        Figure(
            t("Signed"),
            f"{kpis.signed:,}",
            t("of {total} projects", total=f"{kpis.projects:,}"),
        ),
        Figure(
            t("Construction started"),
            f"{kpis.started:,}",
            t("of {total} signed", total=f"{kpis.signed:,}"),
        ),
        Figure(
            t("In production"),
            f"{kpis.in_production:,}",
            t("of {total} signed", total=f"{kpis.signed:,}"),
        ),
        _rate(kpis.start_rate),
        _rate(kpis.production_rate),
        Figure(
            t("Open problems"),
            f"{kpis.problems_open:,}",
            t("{closed} closed", closed=f"{kpis.problems_closed:,}"),
            "amber" if kpis.problems_open else "",
        ),
        Figure(
            t("Land demand unmet"),
            t("{area} mu", area=f"{kpis.demand_unmet_mu:,.0f}"),
            t("{count} projects wait", count=f"{kpis.demand_unmet_projects:,}"),
            "amber" if kpis.demand_unmet_projects else "",
        ),
    ]


def definitions(kpis: Kpis) -> list[str]:
    """Tell both published definitions of the rates, with their figures."""
    rates = (
        kpis.start_rate,
        kpis.production_rate,
        kpis.start_rate_disjoint,
        kpis.production_rate_disjoint,
    )
    return [
        f"{t(rate.name)} = {t(rate.definition)} = {shares(rate)} = {percent(rate)}"
        for rate in rates
    ]


def shares(rate: Rate) -> str:
    """Write what a rate is made of: 67/94."""
    return f"{rate.numerator:,}/{rate.denominator:,}"


def percent(rate: Rate) -> str:
    """Write a rate to a tenth of a per cent; a dash where there is none."""
    return "—" if rate.value is None else f"{rate.value:.1%}"


def figures_html(shown: list[Figure], told: list[str]) -> str:
    """Write the row, encoded.

    Args:
        shown: The figures.
        told: The definitions, folded below.

    Returns:
        HTML.
    """
    cells = "".join(
        f'<div class="kpi {one.tone}"><dt>{escape(one.name)}</dt>'
        f"<dd><b>{escape(one.value)}</b> <span>{escape(one.about)}</span></dd></div>"
        for one in shown
    )
    lines = "".join(f"<li>{escape(line)}</li>" for line in told)
    return (
        f'<dl class="kpis">{cells}</dl><details class="kpi-defs">'
        f"<summary>{escape(t('How the rates are counted'))}</summary>"
        f"<ul>{lines}</ul></details>"
    )


def _rate(rate: Rate) -> Figure:
    return Figure(t(rate.name), percent(rate), shares(rate))
