"""What the operator's commands on the ledger's workbooks do and print."""

from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table

from gis.errors import LedgerError
from ledger import accounts, intake, projects
from ledger.intake import Action
from ledger.model import Actor, Role
from ui import start
from ui.handed_workbook import TITLES, planned, read, summary, what
from ui.i18n import language, t
from ui.ledger_files import projects_xlsx
from ui.ledger_words import guess
from ui.settings import Settings

Told = dict[str, Any]
Who = tuple[Role, str]
SHOWN = 50


def export(chosen: Settings, file: Path, who: Who) -> Told:
    """Write all projects that an office may see into a workbook.

    Args:
        chosen: Settings of the app.
        file: Where it goes; what is there is left alone.
        who: Role and place of the office.

    Returns:
        The file, and how many projects it holds.

    Raises:
        LedgerError: There is a file of that name.
    """
    if file.exists():
        raise LedgerError("{file} is there: name another file.", file=file)
    with start.open_ledger(chosen).read(_actor(who)) as work:
        found = projects.find(work)
    file.write_bytes(projects_xlsx(found, language()))
    return {"file": str(file), "count": len(found)}


def take_in(
    chosen: Settings, file: Path, who: Who, *, apply: bool, clears: bool
) -> Told:
    """Plan a workbook row by row; take it in where that is asked and no row is faulty.

    Args:
        chosen: Settings of the app.
        file: The workbook.
        who: Role and place of the office that hands it in.
        apply: Whether it is taken in.
        clears: Whether an empty cell empties its field.

    Returns:
        Counts, and each row that asks for a look.

    Raises:
        LedgerError: It cannot be read, or no head is known.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise LedgerError(
            "{file} cannot be read ({why}).", file=file, why=error.strerror or error
        ) from error
    handed = read(file.name, data)
    mapping = guess(list(handed.columns))
    if not {"code", "title"} & set(mapping.values()):
        raise LedgerError(
            "No head of {file} is the title or the code of a project. Read were: "
            "{heads}. Known are the heads of the template.",
            file=file,
            heads=", ".join(handed.columns),
        )
    with start.open_ledger(chosen).begin(_actor(who)) as work:
        made = planned(work, handed, mapping, clears=clears)
        written = 0
        if apply and made.good:
            written = intake.apply(work, made)
            work.commit()
    return {
        "not_read": [head for head in handed.columns if head not in mapping],
        "new": made.count(Action.NEW),
        "changed": made.count(Action.CHANGE),
        "same": made.count(Action.SAME),
        "faulty": made.count(Action.FAULT),
        "written": written,
        "told": summary(made).replace("**", ""),
        "rows": [
            {
                "row": step.line,
                "does": step.action.value,
                "project": step.title or step.code,
                "what": what(step),
            }
            for step in made.steps
            if step.action is not Action.SAME
        ],
    }


def table(told: Told) -> RenderableType:
    """Lay out what the rows of a workbook do, the faulty ones first."""
    rows = sorted(told["rows"], key=lambda row: row["does"] != Action.FAULT)
    listed = Table(t("Row"), t("Does"), t("Project"), t("What"))
    for row in rows[:SHOWN]:
        does = t(TITLES[Action(row["does"])])
        listed.add_row(str(row["row"]), does, row["project"], row["what"])
    said = [told["told"]]
    if told["not_read"]:
        heads = ", ".join(told["not_read"])
        said.append(t("Columns that were not read: {heads}.", heads=heads))
    if len(rows) > SHOWN:
        said.append(t("{shown} of {total} rows", shown=SHOWN, total=len(rows)))
    if told["written"]:
        said.append(t("The table was taken in."))
    elif told["faulty"]:
        said.append(
            t("Rows are taken in together or not at all: mend the faulty ones.")
        )
    elif rows:
        said.append(t("Nothing is written yet: give --apply to take it in."))
    return Group(*(listed,) if rows else (), *said)


def _actor(who: Who) -> Actor:
    role, region = who
    return Actor(name=accounts.OPERATOR.name, role=role, region=region)
