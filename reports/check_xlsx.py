"""The report of a land check as a workbook: a sheet a table, text stays text."""

import re
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from layers.check import Check
from reports.candidates import Say
from reports.check_cells import SIGNS, Cell, Mark
from reports.check_evidence import all_findings
from reports.check_told import Section, Told, told_of
from reports.workbook import SAFE

COLOURS: Final[dict[Mark, tuple[str, str]]] = {
    "red": ("#b91c1c", "#fde8e8"),
    "amber": ("#92400e", "#fdf0dc"),
    "good": ("#0f6e8c", "#ffffff"),
    "plain": ("#4b5563", "#eef0f1"),
}
LONGEST_NAME: Final = 31  # Excel's limit
MOST_DIGITS: Final = 7  # of degrees
_FIGURE: Final = re.compile(r"[-+]?[\d,]+(\.\d+)?%?")
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_WIDEST: Final = 48


def check_xlsx(check: Check, *, number: str, dossier: str, say: Say) -> bytes:
    """Write a check as a workbook.

    Args:
        check: The check.
        number: Number of the report.
        dossier: Number of the check.
        say: Translates an English msgid.

    Returns:
        The file's bytes (.xlsx).
    """
    told = told_of(check, number=number, dossier=dossier, say=say)
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, SAFE) as book:
        formats = _formats(book)
        _front(book, told, formats)
        whole = Section(**all_findings(check, say))
        for place, section in enumerate([*told.sections, whole], start=1):
            _sheet(book, section, place, formats)
    return buffer.getvalue()


def _formats(book: Any) -> dict[str, Any]:  # noqa: ANN401 - xlsxwriter's own
    """Make the formats of cells, once."""
    made = {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
        "title": book.add_format({"bold": True, "font_size": 15}),
        "warning": book.add_format({"bold": True, "font_color": "#92400e"}),
        "": book.add_format({"valign": "top"}),
    }
    for digits in range(MOST_DIGITS + 1):
        shape = "#,##0" if not digits else f"#,##0.{'0' * digits}"
        for name in ("", "%"):
            made[f"{digits}{name}"] = book.add_format({
                "num_format": f"{shape}{name}",
                "valign": "top",
            })
    for mark, (ink, paper) in COLOURS.items():
        made[mark] = book.add_format({
            "font_color": ink,
            "bg_color": paper,
            "valign": "top",
        })
    return made


def _front(book: Any, told: Told, formats: dict[str, Any]) -> None:  # noqa: ANN401
    """Write the first sheet: what was checked, and what it came to."""
    sheet = book.add_worksheet(_name(told.title, 0))
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 90)
    lines = [
        (told.labels["number"], told.number),
        (told.labels["dossier"], told.dossier),
        (told.labels["verdict"], told.verdicts),
        *told.facts,
        (told.labels["hash"], told.result_hash),
    ]
    sheet.write_string(0, 0, told.title, formats["title"])
    if told.warning:
        sheet.write_string(1, 0, told.warning, formats["warning"])
    for at, (name, said) in enumerate(lines, start=2):
        sheet.write_string(at, 0, name, formats["head"])
        sheet.write_string(at, 1, said, formats[""])


def _sheet(book: Any, section: Section, place: int, formats: dict[str, Any]) -> None:  # noqa: ANN401
    """Write a table as a sheet."""
    sheet = book.add_worksheet(_name(section.title, place))
    top = 0
    if section.note:
        sheet.write_string(0, 0, section.note, formats["warning"])
        top = 1
    widths = [_width(head) for head in section.heads]
    for column, head in enumerate(section.heads):
        sheet.write_string(top, column, head, formats["head"])
    for row, cells in enumerate(section.rows, start=top + 1):
        for column, cell in enumerate(cells):
            widths[column] = max(widths[column], _width(cell.text))
            _write(sheet, (row, column), cell, formats, column in section.figures)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width + 2, _WIDEST))
    sheet.freeze_panes(top + 1, 0)


def _write(
    sheet: Any,  # noqa: ANN401 - xlsxwriter's own
    at: tuple[int, int],
    cell: Cell,
    formats: dict[str, Any],
    figure: bool,  # noqa: FBT001 - a column of figures
) -> None:
    """Write a cell: figures as figures, all else as text, marks with their sign."""
    if figure and (value := _number(cell.text)) is not None:
        sheet.write_number(*at, value, formats[_shape(cell.text)])
        return
    sign = f"{SIGNS[cell.mark]} " if cell.mark else ""
    sheet.write_string(*at, f"{sign}{cell.text}", formats[cell.mark])


def _number(text: str) -> float | None:
    """Read a figure that we wrote ourselves; None where there is none."""
    if not _FIGURE.fullmatch(text):
        return None  # a dash, a range, an angle
    value = float(text.replace(",", "").rstrip("%"))
    return value / 100 if text.endswith("%") else value


def _shape(text: str) -> str:
    """Name the format that shows a figure with the digits it was told with."""
    _, _, digits = text.rstrip("%").partition(".")
    return f"{min(len(digits), MOST_DIGITS)}{'%' if text.endswith('%') else ''}"


def _name(title: str, place: int) -> str:
    """Name a sheet; Excel takes few signs and 31 of them, each name once."""
    plain = title.translate(_FORBIDDEN)
    return f"{place} {plain}"[:LONGEST_NAME]


def _width(text: str) -> int:
    """Estimate how wide a cell is: a Chinese character takes two places."""
    if text.isascii():
        return len(text)
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)  # noqa: PLR2004
