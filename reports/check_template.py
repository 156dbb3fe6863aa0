"""Make the shipped DOCX template anew: `python -m reports.check_template`.

An office opens it in any word processor, changes what it likes around the marks, and
hands it in as its own.
"""

from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from reports.check_docx import TEMPLATE

ACCENT = RGBColor(0x0F, 0x6E, 0x8C)
AMBER = RGBColor(0x92, 0x40, 0x0E)
FONT = "Noto Sans CJK SC"


def main() -> None:
    """Write the template."""
    document = Document()
    _page(document)
    _front(document)
    _tables(document)
    _end(document)
    document.save(str(TEMPLATE))


def _page(document: Any) -> None:  # noqa: ANN401 - python-docx's own
    """Set paper and fonts."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Mm(18))
    for name, size in (("Normal", 9), ("Heading 1", 13), ("Title", 20)):
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
        if name != "Normal":
            style.font.color.rgb = ACCENT
        else:
            style.paragraph_format.space_after = Pt(2)
    footer = section.footer.paragraphs[0]
    footer.text = "{{ number }}    {{ warning }}"
    footer.runs[0].font.size = Pt(7.5)


def _front(document: Any) -> None:  # noqa: ANN401 - python-docx's own
    """Write the title, the warning, the verdict, what was submitted, the map."""
    document.add_paragraph("{{ title }}", style="Title")
    document.add_paragraph("{{ labels.number }} {{ number }}")
    document.add_paragraph("{{ code }}").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph("{%p if warning %}")
    _ink(document.add_paragraph("! {{ warning }}"), AMBER)
    document.add_paragraph("{%p endif %}")
    document.add_heading("{{ labels.verdict }}", 1)
    document.add_paragraph("{{ verdicts }}").runs[0].font.bold = True
    document.add_heading("{{ labels.submitted }}", 1)
    table = document.add_table(rows=3, cols=2)
    table.cell(0, 0).text = "{%tr for name, said in facts %}"
    table.cell(1, 0).text, table.cell(1, 1).text = "{{ name }}", "{{ said }}"
    table.cell(2, 0).text = "{%tr endfor %}"
    table.autofit = False
    for row in table.rows:
        row.cells[0].width, row.cells[1].width = Mm(34), Mm(140)
    document.add_heading("{{ labels.map }}", 1)
    document.add_paragraph("{{ whole }}")


def _tables(document: Any) -> None:  # noqa: ANN401 - python-docx's own
    """Write the loop over the tables."""
    document.add_paragraph("{%p for section in sections %}")
    document.add_heading("{{ section.title }}", 1)
    document.add_paragraph("{%p if section.note %}")
    _ink(document.add_paragraph("{{ section.note }}"), AMBER)
    document.add_paragraph("{%p endif %}")
    table = document.add_table(rows=4, cols=3, style="Table Grid")
    _columns(table.rows[0], "head in section.heads", "{{r head }}")
    table.cell(1, 0).text = "{%tr for row in section.rows %}"
    _columns(table.rows[2], "cell in row.cells", "{{r cell }}")
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
    document.add_paragraph("{{ inset.title }}").runs[0].font.bold = True
    document.add_paragraph("{{ inset.map }}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p if not_drawn %}")
    document.add_paragraph("{{ labels.not_drawn }}: {{ not_drawn }}")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph(
        "{{ labels.dossier }} {{ dossier }} · {{ labels.hash }} {{ result_hash }}"
    ).runs[0].font.size = Pt(7.5)
    table = document.add_table(rows=2, cols=3)
    for at, name in enumerate(("signature", "reviewed", "date")):
        table.cell(0, at).text = f"{{{{ labels.{name} }}}}: ______________"
    table.cell(1, 2).text = "\n\n{{ labels.seal }}\n\n"


def _ink(paragraph: Any, colour: RGBColor) -> None:  # noqa: ANN401 - python-docx's own
    """Colour a paragraph."""
    paragraph.runs[0].font.color.rgb = colour
    paragraph.runs[0].font.bold = True


if __name__ == "__main__":
    main()
