"""Make the shipped DOCX template anew: `python -m reports.check_template`.

An office opens it in any word processor, changes what it likes around the marks, and
hands it in as its own.
"""

from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from reports.check_docx import TEMPLATE

ACCENT = RGBColor(0x0F, 0x6E, 0x8C)
AMBER = RGBColor(0x92, 0x40, 0x0E)
QUIET = RGBColor(0x5B, 0x67, 0x70)
LINE, HEAD = "CFD8DC", "EEF4F6"
FONT = "Noto Sans CJK SC"
CELL_MM = 1.1


def main() -> None:
    """Write the template."""
    document = Document()
    _page(document)
    _front(document)
    _tables(document)
    _end(document)
    document.save(str(TEMPLATE))


def _page(document: Any) -> None:  # noqa: ANN401 - python-docx's own
    """Set paper, fonts and foot."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Mm(18))
    for name, size, before, after in (
        ("Normal", 9, 0, 2),
        ("Heading 1", 12, 12, 4),
        ("Title", 20, 0, 2),
    ):
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), FONT)
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.attrib.pop(qn(f"w:{script}Theme"), None)  # a theme's font would win
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(after)
        style.paragraph_format.line_spacing = 1.0
        if name != "Normal":
            style.font.color.rgb, style.font.bold = ACCENT, True
    for border in document.styles["Title"].element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
        break
    footer = section.footer.paragraphs[0]
    footer.text = "{{ number }}    {{ warning }}    {{ labels.page }} "
    _field(footer, "PAGE")
    footer.add_run(" / ")
    _field(footer, "NUMPAGES")
    for run in footer.runs:
        run.font.size, run.font.color.rgb = Pt(7.5), QUIET


def _field(paragraph: Any, code: str) -> None:  # noqa: ANN401 - python-docx's own
    """Add a number that the word processor counts itself."""
    for kind in ("begin", code, "end"):
        run = paragraph.add_run()
        inner = (
            f'<w:instrText {nsdecls("w")} xml:space="preserve"> {code} </w:instrText>'
            if kind == code
            else f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'
        )
        run._r.append(parse_xml(inner))  # noqa: SLF001 - python-docx has no fields


def _front(document: Any) -> None:  # noqa: ANN401 - python-docx's own
    """Write the title, the warning, the verdict, what was submitted, the map."""
    top = document.add_table(rows=1, cols=2)
    _widths(top, (140, 34))
    title, code = top.rows[0].cells
    title.paragraphs[0].style = document.styles["Title"]
    title.paragraphs[0].add_run("{{ title }}")
    _quiet(title.add_paragraph("{{ labels.number }} {{ number }}"), 10)
    code.paragraphs[0].add_run("{{ code }}")
    _quiet(code.add_paragraph("{{ dossier }}"), 6.5)
    for paragraph in code.paragraphs:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph("{%p if warning %}")
    _ink(document.add_paragraph("! {{ warning }}"), AMBER)
    document.add_paragraph("{%p endif %}")
    document.add_heading("{{ labels.verdict }}", 1)
    verdicts = document.add_paragraph("{{ verdicts }}").runs[0]
    verdicts.font.bold, verdicts.font.size = True, Pt(11)
    document.add_heading("{{ labels.submitted }}", 1)
    table = document.add_table(rows=3, cols=2)
    _widths(table, (26, 148))
    table.cell(0, 0).text = "{%tr for name, said in facts %}"
    table.cell(1, 0).text, table.cell(1, 1).text = "{{ name }}", "{{ said }}"
    _quiet(table.cell(1, 0).paragraphs[0], 9)
    table.cell(2, 0).text = "{%tr endfor %}"
    document.add_heading("{{ labels.map }}", 1)
    document.add_paragraph("{{ whole }}")


def _tables(document: Any) -> None:  # noqa: ANN401 - python-docx's own
    """Write the loop over the tables."""
    document.add_paragraph("{%p for section in sections %}")
    document.add_heading("{{ section.title }}", 1)
    document.add_paragraph("{%p if section.note %}")
    note = document.add_paragraph("{{ section.note }}")
    _ink(note, AMBER)
    note.paragraph_format.keep_with_next = True
    document.add_paragraph("{%p endif %}")
    table = document.add_table(rows=4, cols=3)
    _widths(table, (58, 58, 58))
    _ruled(table)
    _columns(table.rows[0], "head in section.heads", "{{r head }}")
    _head_row(table.rows[0])
    table.cell(1, 0).text = "{%tr for row in section.rows %}"
    _columns(table.rows[2], "cell in row.cells", "{{r cell }}")
    _whole(table.rows[2])
    table.cell(3, 0).text = "{%tr endfor %}"
    document.add_paragraph("{%p endfor %}")


def _columns(row: Any, loop: str, cell: str) -> None:  # noqa: ANN401 - python-docx's own
    """Write the loop over the cells of a row."""
    row.cells[0].text = f"{{%tc for {loop} %}}"
    row.cells[1].text = cell
    row.cells[2].text = "{%tc endfor %}"


def _end(document: Any) -> None:  # noqa: ANN401 - python-docx's own
    """Write the insets, the hash, and the place for signature and seal."""
    document.add_paragraph("{%p if insets %}")
    document.add_heading("{{ labels.insets }}", 1)
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p for inset in insets %}")
    title = document.add_paragraph("{{ inset.title }}")
    title.runs[0].font.bold = True
    title.paragraph_format.keep_with_next = True
    document.add_paragraph("{{ inset.map }}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p if not_drawn %}")
    document.add_paragraph("{{ labels.not_drawn }}: {{ not_drawn }}")
    document.add_paragraph("{%p endif %}")
    last = document.add_paragraph(
        "{{ labels.dossier }} {{ dossier }} · {{ labels.hash }} {{ result_hash }}"
    )
    _quiet(last, 7.5)
    last.paragraph_format.space_before = Pt(18)
    last.paragraph_format.space_after = Pt(18)
    last.paragraph_format.keep_with_next = True
    _signing(document)


def _signing(document: Any) -> None:  # noqa: ANN401 - python-docx's own
    """Write the place for signatures and the seal."""
    table = document.add_table(rows=2, cols=3)
    _widths(table, (58, 58, 58))
    for at, name in enumerate(("signature", "reviewed", "date")):
        table.cell(0, at).text = f"{{{{ labels.{name} }}}}: ______________"
        table.cell(0, at).paragraphs[0].paragraph_format.keep_with_next = True
    _whole(table.rows[1])
    table.rows[1].height = Mm(38)
    seal = table.cell(1, 2).paragraphs[0]
    seal.text = "({{ labels.seal }})"
    seal.alignment = WD_ALIGN_PARAGRAPH.CENTER
    seal.paragraph_format.space_before = Pt(45)
    _quiet(seal, 9)


def _widths(table: Any, widths_mm: tuple[float, ...]) -> None:  # noqa: ANN401 - python-docx's own
    """Set the widths of a table's columns, whatever they hold, and its cells' room."""
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    side = round(CELL_MM * 1440 / 25.4)
    _tell(
        table,
        f'<w:tblCellMar {nsdecls("w")}><w:top w:w="20" w:type="dxa"/>'
        f'<w:left w:w="{side}" w:type="dxa"/><w:bottom w:w="20" w:type="dxa"/>'
        f'<w:right w:w="{side}" w:type="dxa"/></w:tblCellMar>',
    )


def _ruled(table: Any) -> None:  # noqa: ANN401 - python-docx's own
    """Draw thin quiet lines."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/>'
        for side in sides
    )
    _tell(table, f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>")


def _tell(table: Any, xml: str) -> None:  # noqa: ANN401 - python-docx's own
    """Add a property of a table where the order of properties wants it."""
    properties = table._tbl.tblPr  # noqa: SLF001 - python-docx has no words for it
    told = parse_xml(xml)
    later = {qn(f"w:{name}") for name in ("tblCellMar", "tblLook")}
    if told.tag.endswith("}tblBorders"):
        later.update({qn("w:shd"), qn("w:tblLayout")})
    before = next((one for one in properties if one.tag in later), None)
    if before is None:
        properties.append(told)
    else:
        before.addprevious(told)


def _head_row(row: Any) -> None:  # noqa: ANN401 - python-docx's own
    """Shade a row of heads and repeat it on each page; it stays with what follows."""
    told = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no words for it
    told.append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    told.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    for cell in row.cells:
        shade = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{HEAD}"/>'
        cell._tc.get_or_add_tcPr().append(parse_xml(shade))  # noqa: SLF001 - as above
        cell.paragraphs[0].paragraph_format.keep_with_next = True


def _whole(row: Any) -> None:  # noqa: ANN401 - python-docx's own
    """Keep a row on one page."""
    told = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no words for it
    told.append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))


def _quiet(paragraph: Any, size: float) -> None:  # noqa: ANN401 - python-docx's own
    """Write a paragraph small and grey."""
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(size), QUIET


def _ink(paragraph: Any, colour: RGBColor) -> None:  # noqa: ANN401 - python-docx's own
    """Colour a paragraph."""
    paragraph.runs[0].font.color.rgb = colour
    paragraph.runs[0].font.bold = True


if __name__ == "__main__":
    main()
