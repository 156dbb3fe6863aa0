"""Tables of a written DOCX: columns as wide as they need, figures to the right.

A template repeats one cell for all columns; how wide each must be is known only when
the words are. Tables that are none of ours (an office's own) are left alone.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

TWIPS_PER_MM: Final = 1440 / 25.4
MM_PER_HALF_POINT: Final = 25.4 / 144
ROOM_MM: Final = 174.0
PADDING_MM: Final = 2.4  # of a cell, both sides
LEAST_MM: Final = 7.0
MANY_COLUMNS: Final = 9
SMALL, PLAIN = 13, 16  # half points

Section = dict[str, Any]


def dress(document: Any, sections: Sequence[Section]) -> None:  # noqa: ANN401 - python-docx's own
    """Give the tables of a report their widths.

    Args:
        document: The document, its tables filled.
        sections: What they were filled with, in order; tables are known by their heads.
    """
    waiting = list(sections)
    for table in document.element.body.iter(qn("w:tbl")):
        rows = table.findall(qn("w:tr"))
        heads = _texts(rows[0]) if rows else []
        found = next((one for one in waiting if list(one["heads"]) == heads), None)
        if found is not None:
            waiting.remove(found)
            _dress(table, rows, found)


def text_size(section: Section) -> int:
    """Return the size of a table's text, in half points: wide tables are smaller."""
    return SMALL if len(section["heads"]) > MANY_COLUMNS else PLAIN


def widths_mm(section: Section) -> list[float]:
    """Share the width of the page among columns; figures are never broken.

    Args:
        section: A table, with `widths` in ems and the places that are `fixed`.

    Returns:
        Millimetres of each column; all together as wide as the text of a page.
    """
    em_mm = text_size(section) * MM_PER_HALF_POINT
    needed = [width * em_mm + PADDING_MM for width in section["widths"]]
    fixed = set(section["fixed"])
    left = ROOM_MM - sum(needed[at] for at in fixed)
    free = sum(width for at, width in enumerate(needed) if at not in fixed)
    if not free or left < LEAST_MM * (len(needed) - len(fixed)):
        whole = sum(needed)
        return [ROOM_MM * width / whole for width in needed]
    return [
        width if at in fixed else left * width / free for at, width in enumerate(needed)
    ]


def _dress(table: Any, rows: Sequence[Any], section: Section) -> None:  # noqa: ANN401 - lxml's own
    twips = [round(width * TWIPS_PER_MM) for width in widths_mm(section)]
    for column, width in zip(table.iter(qn("w:gridCol")), twips, strict=False):
        column.set(qn("w:w"), str(width))
    for number, row in enumerate(rows):
        for at, cell in enumerate(row.findall(qn("w:tc"))):
            _set_width(cell, twips[at])
            if number and at in section["figures"]:
                _to_the_right(cell)


def _set_width(cell: Any, twips: int) -> None:  # noqa: ANN401 - lxml's own
    properties = cell.get_or_add_tcPr()
    for old in properties.findall(qn("w:tcW")):
        properties.remove(old)
    width = OxmlElement("w:tcW")
    width.set(qn("w:w"), str(twips))
    width.set(qn("w:type"), "dxa")
    properties.insert(0, width)


def _to_the_right(cell: Any) -> None:  # noqa: ANN401 - lxml's own
    for paragraph in cell.findall(qn("w:p")):
        properties = paragraph.get_or_add_pPr()
        side = OxmlElement("w:jc")
        side.set(qn("w:val"), "right")
        properties.append(side)


def _texts(row: Any) -> list[str]:  # noqa: ANN401 - lxml's own
    """Read the words of a row's cells."""
    return ["".join(_words(cell)) for cell in row.findall(qn("w:tc"))]


def _words(cell: Any) -> Iterator[str]:  # noqa: ANN401 - lxml's own
    for text in cell.iter(qn("w:t")):
        yield text.text or ""
