"""What a project promises for its land and its money: pure figures of an appraisal."""

from dataclasses import dataclass
from math import isfinite

from gis.words import Title
from ledger.model import Project


@dataclass(frozen=True)
class Ratio:
    """A figure of a project by its land or its investment.

    Attributes:
        code: Its code.
        title: What it tells.
        unit: In which unit.
        value: The figure; None where a part of it is not known.
        share: The same as a text that tells how it came about.
    """

    code: str
    title: Title
    unit: Title
    value: float | None
    share: str


_PER_MU = (
    ("investment_per_mu", Title("Investment per mu"), "investment_wan_cny"),
    ("output_per_mu", Title("Yearly output per mu"), "output_wan_cny"),
    ("tax_per_mu", Title("Yearly tax per mu"), "tax_wan_cny"),
)
_PER_MONEY = (
    ("output_per_investment", Title("Yearly output per 10,000 CNY invested")),
    ("tax_per_investment", Title("Yearly tax per 10,000 CNY invested")),
)
_MONEY_PER_MU = Title("10,000 CNY/mu")
_MONEY = Title("10,000 CNY")


def figures(project: Project) -> list[Ratio]:
    """Compute what a project brings by mu of land and by 10,000 CNY invested.

    Args:
        project: The project; its land is the demand it states, in mu.

    Returns:
        The figures; one whose parts are not both known, or whose divisor is 0, has
        no value.
    """
    land, invested = project.land_demand_mu, project.investment_wan_cny
    per_mu = [
        _ratio(code, title, _MONEY_PER_MU, getattr(project, name), land)
        for code, title, name in _PER_MU
    ]
    per_money = [
        _ratio(code, title, _MONEY, money, invested)
        for (code, title), money in zip(
            _PER_MONEY, (project.output_wan_cny, project.tax_wan_cny), strict=True
        )
    ]
    jobs = project.jobs
    return [
        *per_mu,
        _ratio("jobs_per_mu", Title("Jobs per mu"), Title("jobs/mu"), jobs, land),
        *per_money,
        _ratio(
            "jobs_per_investment",
            Title("Jobs per 10,000 CNY invested"),
            Title("jobs"),
            jobs,
            invested,
        ),
    ]


def _ratio(
    code: str,
    title: Title,
    unit: Title,
    above: float | None,
    below: float | None,
) -> Ratio:
    if above is None or not below:
        return Ratio(code, title, unit, None, "")
    value = above / below
    if not isfinite(value):
        return Ratio(code, title, unit, None, "")
    return Ratio(code, title, unit, value, f"{above:,.2f} / {below:,.2f}")
