"""The report of a land check as DOCX, by a template that an office may change."""

from io import BytesIO
from pathlib import Path
from typing import Any, Final

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage, RichText

from layers.check import Check
from reports.candidates import Say
from reports.check_cells import SIGNS, Mark
from reports.check_code import code_png
from reports.check_maps import Maps
from reports.check_told import as_data, told_of

TEMPLATE: Final = Path(__file__).parent / "templates" / "check.docx"
INKS: Final[dict[Mark, str]] = {
    "red": "B91C1C",
    "amber": "92400E",
    "good": "0F6E8C",
    "plain": "4B5563",
}
WIDE_MM: Final = 170


def check_docx(
    check: Check,
    *,
    number: str,
    dossier: str,
    say: Say,
    maps: Maps,
    template: Path | None = None,
) -> bytes:
    """Write a check as DOCX.

    Args:
        check: The check.
        number: Number of the report.
        dossier: Number of the check.
        say: Translates an English msgid.
        maps: Its maps.
        template: An office's own template; the shipped one if not told.

    Returns:
        The file's bytes.
    """
    told = as_data(told_of(check, number=number, dossier=dossier, say=say))
    document = DocxTemplate(template or TEMPLATE)
    document.init_docx()
    for section in told["sections"]:
        size = 13 if len(section["heads"]) > 9 else 16  # noqa: PLR2004 - half points; a wide table
        section["heads"] = [
            RichText(head, bold=True, size=size) for head in section["heads"]
        ]
        section["rows"] = [
            {"cells": [_cell(cell, size) for cell in row]} for row in section["rows"]
        ]
    told["whole"] = _picture(document, maps.whole)
    told["insets"] = [
        {"title": one.title, "map": _picture(document, one.png)} for one in maps.insets
    ]
    told["not_drawn"] = "; ".join(maps.not_drawn)
    told["code"] = InlineImage(document, BytesIO(code_png(dossier)), width=Mm(24))
    document.render(told, autoescape=True)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _picture(document: Any, png: bytes) -> Any:  # noqa: ANN401 - docxtpl's own
    return InlineImage(document, BytesIO(png), width=Mm(WIDE_MM))


def _cell(cell: dict[str, str], size: int) -> RichText:
    """Write a cell: what is marked has its sign and its ink, never ink alone."""
    mark = cell["mark"]
    if not mark:
        return RichText(cell["text"], size=size)
    text = f"{SIGNS[mark]} {cell['text']}"
    return RichText(text, size=size, bold=True, color=INKS[mark])  # type: ignore[index]
