"""The ledger as workbooks: a template, all projects, the monthly report."""

from collections.abc import Callable, Sequence
from datetime import date

from ledger import monthly, projects
from ledger.intake import VERSION
from ledger.intake_cells import FIELDS
from ledger.model import Actor, Level, Project, Stage
from ledger.monthly import Line, Monthly
from reports.sheets import Cell, Sheet, sheets_xlsx
from siting.industries import industry_name
from ui import resources
from ui.case_words import category_name
from ui.i18n import language, speaking, t
from ui.ledger_words import heads

_SHARES = (4, 6)


def template_xlsx(spoken: str) -> bytes:
    """Write an empty table to fill in, with what its cells may hold.

    Args:
        spoken: Language of the file.

    Returns:
        The file's bytes.
    """
    with speaking(spoken):
        return sheets_xlsx([_projects([], versions=False), _help()])


def ledger_xlsx(spoken: str, actor: Actor) -> bytes:
    """Write all projects that an actor may see, ready to be changed and handed in.

    Args:
        spoken: Language of the file.
        actor: Who takes it: a file is made when no page is drawn that could tell.

    Returns:
        The file's bytes.
    """
    with resources.ledger().read(actor) as work:
        found = projects.find(work)
    return projects_xlsx(found, spoken)


def projects_xlsx(found: Sequence[Project], spoken: str) -> bytes:
    """Write projects, ready to be changed and handed in.

    Args:
        found: The projects.
        spoken: Language of the file.

    Returns:
        The file's bytes.
    """
    with speaking(spoken):
        return sheets_xlsx([_projects(found, versions=True), _help()])


def monthly_xlsx(spoken: str, actor: Actor) -> bytes:
    """Write the monthly report of today.

    Args:
        spoken: Language of the file.
        actor: Who takes it: the report is of their places.

    Returns:
        The file's bytes.
    """
    with resources.ledger().read(actor) as work:
        told = monthly.monthly(work)
    with speaking(spoken):
        names = resources.place_names(spoken)
        return sheets_xlsx([
            _totals(
                t("By place"),
                told.places,
                lambda key: names.get(key, key) if key else t("Total"),
                told,
            ),
            _totals(
                t("By industry"),
                told.industries,
                lambda key: f"{key} {industry_name(key)}".strip() or t("not stated"),
                told,
            ),
            _problems(told),
            _promises(told),
        ])


def _projects(found: Sequence[Project], *, versions: bool) -> Sheet:
    named = heads(language())
    columns = [*FIELDS, VERSION] if versions else list(FIELDS)
    return Sheet(
        name=t("Projects"),
        head=[named[name] for name in columns],
        rows=[[_cell(getattr(one, name)) for name in columns] for one in found],
        hidden=[len(FIELDS)] if versions else (),
        choices=(
            (FIELDS.index("level"), [t(one.label) for one in Level]),
            (FIELDS.index("stage"), [t(one.label) for one in Stage]),
        ),
    )


def _cell(value: object) -> Cell:
    if isinstance(value, Level | Stage):
        return t(value.label)
    if isinstance(value, int | float | date):
        return value
    return str(value) if value else None


def _help() -> Sheet:
    names = resources.place_names(language())
    rows: list[list[Cell]] = [
        [t("Region"), t("Code or name of the county"), None],
        [t("Industry"), t("Code of GB/T 4754, such as C3841"), None],
        [t("Dates"), t("Such as 2026-01-05"), None],
        [
            t("Code"),
            t("Empty for a new project: a code is made. A known code changes it."),
            None,
        ],
    ]
    rows += [[t("Region"), name, code] for code, name in sorted(names.items())]
    return Sheet(
        name=t("How to fill in"),
        head=[t("Column"), t("What it may hold"), t("Code")],
        rows=rows,
    )


def _totals(
    name: str, lines: Sequence[Line], title: Callable[[str], str], told: Monthly
) -> Sheet:
    return Sheet(
        name=name,
        title=t(
            "{name}, as of {day} (rates: of the projects signed or further on)",
            name=name,
            day=told.on,
        ),
        head=[
            name,
            t("Projects"),
            t("Signed"),
            t("Started"),
            t("Start rate"),
            t("In production"),
            t("Production rate"),
            t("Investment (10,000 CNY)"),
            t("Demand unmet (mu)"),
            t("Open problems"),
            t("Overdue problems"),
        ],
        rows=[
            [
                title(one.key),
                one.projects,
                one.signed,
                one.started,
                one.start_rate,
                one.in_production,
                one.production_rate,
                round(one.investment_wan_cny, 2),
                round(one.demand_unmet_mu, 2),
                one.problems_open,
                one.problems_overdue,
            ]
            for one in lines
        ],
        shares=_SHARES,
        bold=[
            at for at, one in enumerate(lines) if not one.key or one.key.endswith("00")
        ],
    )


def _problems(told: Monthly) -> Sheet:
    return Sheet(
        name=t("Overdue problems"),
        head=[
            t("Code"),
            t("Project"),
            t("Region"),
            t("Problem"),
            t("Category"),
            t("Level"),
            t("Due on"),
            t("Days overdue"),
        ],
        rows=[
            [
                project.code,
                project.title,
                _place(project.region),
                problem.title,
                category_name(problem.category),
                t(problem.level.label),
                problem.due_on,
                (told.on - problem.due_on).days if problem.due_on else None,
            ]
            for project, problem in told.overdue_problems
        ],
    )


def _promises(told: Monthly) -> Sheet:
    return Sheet(
        name=t("Overdue promises"),
        head=[
            t("Code"),
            t("Project"),
            t("Region"),
            t("Promise"),
            t("Amount (10,000 CNY)"),
            t("Paid (10,000 CNY)"),
            t("Due on"),
            t("Days overdue"),
        ],
        rows=[
            [
                project.code,
                project.title,
                _place(project.region),
                promise.title,
                promise.amount_wan_cny,
                promise.paid_wan_cny,
                promise.due_on,
                (told.on - promise.due_on).days if promise.due_on else None,
            ]
            for project, promise in told.overdue_promises
        ],
    )


def _place(code: str) -> str:
    return resources.place_names(language()).get(code, code)
