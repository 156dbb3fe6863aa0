"""The figures behind each chart of the dashboard, as tables that are read and taken."""

from collections.abc import Mapping, Sequence

from ledger.trends import AGES, Dashboard, Month, Place
from reports.tables_xlsx import Table
from ui.i18n import t
from ui.land_balance import Balance, class_name

Names = Mapping[str, str]


def rates_table(months: Sequence[Month]) -> Table:
    """Tell the rates month by month, both definitions with their denominators."""
    return Table(
        title=t("Rates by month"),
        head=[
            t("Month"),
            t("Signed or later"),
            t("Started or later"),
            t("In production or later"),
            t("Start rate (nested)"),
            t("Start rate (disjoint)"),
            t("Production rate"),
        ],
        rows=[
            [
                month_text(one),
                one.signed,
                one.started,
                one.in_production,
                share(one.start_rate),
                share(one.start_rate_disjoint),
                share(one.production_rate),
            ]
            for one in months
        ],
    )


def places_table(places: Sequence[Place], names: Names) -> Table:
    """Tell what each county has."""
    return Table(
        title=t("Counties"),
        head=[
            t("Region"),
            t("Number of projects"),
            t("Signed or later"),
            t("Started or later"),
            t("In production or later"),
            t("Start rate (nested)"),
            t("Production rate"),
            t("Open problems"),
            t("Overdue"),
            t("Land demand unmet (mu)"),
        ],
        rows=[
            [
                names.get(one.region, one.region),
                one.projects,
                one.signed,
                one.started,
                one.in_production,
                share(part(one.started, one.signed)),
                share(part(one.in_production, one.signed)),
                one.problems_open,
                one.problems_overdue,
                round(one.unmet_mu, 2),
            ]
            for one in places
        ],
    )


def funnel_table(found: Dashboard) -> Table:
    """Tell the stages."""
    return Table(
        title=t("Projects by stage"),
        head=[t("Stage"), t("Number of projects"), t("Investment (10,000 CNY)")],
        rows=[
            [t(one.stage.label), one.projects, one.investment_wan_cny]
            for one in found.funnel
        ],
    )


def ages_table(found: Dashboard) -> Table:
    """Tell the open problems by kind and age."""
    return Table(
        title=t("Open problems by age"),
        head=[t("Kind of problem"), *age_names(), t("Together"), t("Overdue")],
        rows=[
            [t(one.kind.label), *one.by_age, one.total, one.overdue]
            for one in found.ages
        ],
    )


def balance_table(balances: Sequence[Balance], names: Names) -> Table:
    """Tell the land wanted beside the land at hand."""
    return Table(
        title=t("Land wanted and at hand"),
        head=[
            t("Region"),
            t("Class of land"),
            t("Land demand unmet (mu)"),
            t("Land at hand (mu)"),
        ],
        rows=[
            [
                names.get(one.region, one.region),
                class_name(one.land_class),
                round(one.unmet_mu, 2),
                round(one.available_mu, 2),
            ]
            for one in balances
        ],
    )


def stuck_table(found: Dashboard, names: Names) -> Table:
    """Tell the projects that are stuck."""
    return Table(
        title=t("Stuck projects"),
        head=[
            t("Project"),
            t("Code"),
            t("Region"),
            t("Stage"),
            t("In this stage since"),
            t("Overdue"),
            t("Open problems"),
        ],
        rows=[
            [
                one.title,
                one.code,
                names.get(one.region, one.region),
                t(one.stage.label),
                str(one.since or ""),
                one.problems_overdue,
                one.problems_open,
            ]
            for one in found.stuck
        ],
    )


def age_names() -> list[str]:
    """Name the ages that problems are counted by."""
    first, *others = AGES
    spans = zip((first, *others), others, strict=False)
    return [
        t("up to {days} days", days=first),
        *(t("{low} to {high} days", low=low + 1, high=high) for low, high in spans),
        t("over {days} days", days=AGES[-1]),
    ]


def month_text(month: Month) -> str:
    """Write a month."""
    return f"{month.first:%Y-%m}"


def part(some: int, of: int) -> float | None:
    """Return a share; None where there is nothing to take a share of."""
    return some / of if of else None


def share(value: float | None) -> str:
    """Write a share to a tenth of a per cent; a dash where there is none."""
    return "—" if value is None else f"{value:.1%}"
