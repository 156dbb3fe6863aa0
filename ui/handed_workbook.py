"""A workbook that was handed in as a ledger: heads, rows, what they would do."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gis.errors import LedgerError
from gis.words import Title
from layers.readers.boundary_txt_notes import Notes
from layers.readers.coordinate_table_workbook import rows_of_workbook
from ledger import intake
from ledger.fields import FIELD_TITLES
from ledger.intake import Action, Plan, Step
from ledger.unit_of_work import Work
from ui.i18n import t, tell
from ui.ledger_words import vocabulary

MOST_BYTES: Final = 20 * 2**20
TITLES: Final[Mapping[Action, Title]] = {
    Action.NEW: Title("New row"),
    Action.CHANGE: Title("Changes"),
    Action.SAME: Title("Nothing to do"),
    Action.FAULT: Title("Faulty row"),
}


@dataclass(frozen=True)
class Handed:
    """A workbook that was dropped.

    Attributes:
        name: Name of the file.
        mark: Hash of its bytes.
        columns: Heads, in their order.
        rows: Number of each row, and its cells by head.
    """

    name: str
    mark: str
    columns: Sequence[str]
    rows: Sequence[tuple[int, Mapping[str, str]]]


def read(name: str, data: bytes) -> Handed:
    """Read a workbook's first sheet that holds anything.

    Args:
        name: Name of the file.
        data: Its bytes.

    Returns:
        Its heads and rows; rows without a cell are left out.

    Raises:
        LedgerError: It is larger than is taken, or holds nothing but blanks.
    """
    if len(data) > MOST_BYTES:
        raise LedgerError(
            "The workbook has {size} MB; at most {most} MB are taken: split it.",
            size=f"{len(data) / 2**20:.0f}",
            most=MOST_BYTES // 2**20,
        )
    found = [row for row in rows_of_workbook(data, Notes()) if row.cells]
    if not found:
        raise LedgerError("The workbook is empty: its first sheet holds only blanks.")
    head, *body = found
    columns = [cell.strip() or f"({at})" for at, cell in enumerate(head.cells, 1)]
    return Handed(
        name=name,
        mark=hashlib.sha256(data).hexdigest(),
        columns=columns,
        rows=[(row.line, dict(zip(columns, row.cells, strict=False))) for row in body],
    )


def planned(
    work: Work, handed: Handed, mapping: Mapping[str, str], *, clears: bool
) -> Plan:
    """Say what each row of a workbook would do; nothing is written.

    Args:
        work: The unit of work.
        handed: The workbook.
        mapping: Field of each head that is read.
        clears: Whether an empty cell empties its field.

    Returns:
        The plan.
    """
    table = [
        (line, {mapping[head]: text for head, text in row.items() if head in mapping})
        for line, row in handed.rows
    ]
    return intake.plan(work, table, vocabulary(), empty_clears=clears)


def summary(made: Plan) -> str:
    """Count what the rows of a plan do; in Markdown."""
    return t(
        "**{new}** new, **{changed}** changed, {same} without a change, "
        "**{faulty}** faulty.",
        new=made.count(Action.NEW),
        changed=made.count(Action.CHANGE),
        same=made.count(Action.SAME),
        faulty=made.count(Action.FAULT),
    )


def what(step: Step) -> str:
    """Say what is wrong with a row, or what changes by it."""
    if step.faults:
        return " ".join(tell(fault) for fault in step.faults)
    if step.action is not Action.CHANGE:
        return ""
    return "; ".join(
        f"{t(FIELD_TITLES[name])}: {_shown(step.before[name])} → {_shown(value)}"
        for name, value in step.values.items()
    )


def _shown(value: object) -> str:
    label = getattr(value, "label", None)
    if label is not None:
        return t(label)
    return "—" if value in {None, ""} else str(value)
