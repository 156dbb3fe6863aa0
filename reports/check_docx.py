"""The report of a land check as DOCX, by a template that an office may change."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage, RichText
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from gis.errors import SettingsError
from layers.check import Check
from reports.candidates import Say
from reports.check_cells import SIGNS, Mark
from reports.check_code import code_png
from reports.check_docx_tables import dress, text_size
from reports.check_maps import Maps
from reports.check_told import as_data, printable, told_of

TEMPLATE: Final = Path(__file__).parent / "templates" / "check.docx"
INKS: Final[dict[Mark, str]] = {
    "red": "B91C1C",
    "amber": "92400E",
    "good": "0F6E8C",
    "plain": "4B5563",
}
WIDE_MM: Final = 174  # as wide as a map is drawn, so that its scale is true
# What an office's template may be wrong in: no document, no template, no such part.
_BROKEN: Final = (
    *(TemplateError, PackageNotFoundError, BadZipFile, OSError),
    *(KeyError, ValueError, TypeError, SyntaxError),
)


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

    Raises:
        SettingsError: The template cannot be filled.
    """
    told = as_data(told_of(check, number=number, dossier=dossier, say=say))
    chosen = template or TEMPLATE
    try:
        document = DocxTemplate(chosen)
        document.init_docx()
        # An office's template fills in words: it reaches nothing of this program.
        document.render(
            _values(document, told, maps), SandboxedEnvironment(), autoescape=True
        )
    except _BROKEN as error:
        raise SettingsError(
            "The template of the check report, {file}, cannot be filled: {why}. Take"
            " the shipped one as a model, or name none.",
            file=str(chosen),
            why=str(error)[:200],
        ) from error
    dress(document.docx, told["sections"])
    _sign(document, told, check)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _values(document: Any, told: dict[str, Any], maps: Maps) -> dict[str, Any]:  # noqa: ANN401 - docxtpl's own
    """Return what a template can name."""
    sections = []
    for one in told["sections"]:
        size = text_size(one)
        sections.append({
            **one,
            "heads": [RichText(head, bold=True, size=size) for head in one["heads"]],
            "rows": [
                {"cells": [_cell(cell, size) for cell in row]} for row in one["rows"]
            ],
        })
    return {
        **told,
        "sections": sections,
        "whole": _picture(document, maps.whole),
        "insets": [
            {"title": printable(one.title), "map": _picture(document, one.png)}
            for one in maps.insets
        ],
        "not_drawn": printable("; ".join(maps.not_drawn)),
        "code": InlineImage(document, BytesIO(code_png(told["dossier"])), width=Mm(22)),
    }


def _sign(document: Any, told: dict[str, Any], check: Check) -> None:  # noqa: ANN401 - docxtpl's own
    """Say in the file's own properties what it is and when it was made."""
    about = document.docx.core_properties
    about.title = f"{told['title']} {told['number']}"[:255]
    about.author = about.last_modified_by = f"LandMap {check.software}"
    made = datetime.fromisoformat(check.made_at).astimezone(UTC)
    about.created = about.modified = made
    about.comments = told["warning"][:255]


def _picture(document: Any, png: bytes) -> Any:  # noqa: ANN401 - docxtpl's own
    return InlineImage(document, BytesIO(png), width=Mm(WIDE_MM))


def _cell(cell: dict[str, str], size: int) -> RichText:
    """Write a cell: what is marked has its sign and its ink, never ink alone."""
    mark = cell["mark"]
    if not mark:
        return RichText(cell["text"], size=size)
    text = f"{SIGNS[mark]} {cell['text']}"
    return RichText(text, size=size, bold=True, color=INKS[mark])  # type: ignore[index]
