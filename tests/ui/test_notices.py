"""Text of data in labels and messages is read as it is, never as Markdown."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ui.page_parts import plain

UNSEEN = "\u2060"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("第1宗 试验地块", "第1宗 试验地块"),
        ("*b* _i_ `c`", r"\*b\* \_i\_ \`c\`"),
        ("[x](y)", r"\[x\]\(y\)"),
        ("http://a.example", rf"http\:{UNSEEN}//a.example"),
        ("www.a.example", rf"www{UNSEEN}.a.example"),
        ("a@b.example", rf"a@{UNSEEN}b.example"),
        (":material/home:", rf"\:{UNSEEN}material/home\:"),
        ("a -> b <- c -- d", rf"a -{UNSEEN}\> b \<{UNSEEN}- c -{UNSEEN}- d"),
        ("- a", r"\- a"),
        ("  12. a", r"  12\. a"),
        ("1.2.3", r"1\.2.3"),
        ("# a", r"\# a"),
    ],
)
def test_every_sign_of_markdown_is_taken_as_a_sign(text: str, escaped: str) -> None:
    assert plain(text) == escaped


def test_an_error_is_shown_with_its_faults_a_line_each_and_no_markdown() -> None:
    def page() -> None:
        from gis.errors import LayerError  # noqa: PLC0415 - a page of its own
        from ui.notices import show_error  # noqa: PLC0415 - the same

        faults = (LayerError("{x}", x="[l](http://a.example)"),)
        show_error(LayerError("*{file}*", file="www.a.example", faults=faults))

    app = AppTest.from_function(page).run()
    (shown,) = app.error
    assert shown.value == (
        rf"\*www{UNSEEN}.a.example\*"
        "  \n"
        rf"\- \[l\]\(http\:{UNSEEN}//a.example\)"
    )


PAGES = Path(plain.__code__.co_filename).parent
READ_AS_MARKDOWN = {
    "button",
    "caption",
    "checkbox",
    "expander",
    "form_submit_button",
    "markdown",
    "popover",
    "subheader",
    "write",
}
FROM_DATA = {"title", "note", "project", "investor", "firm", "person", "edition"}


def bare(node: ast.AST) -> Iterator[str]:
    """Find texts of data that are not kept from being read as Markdown."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", "")
        if name == "plain":
            return
        if name == "tell":
            yield ast.unparse(node)
        said = [*(node.args[1:] if name == "t" else node.args), *node.keywords]
        for one in said:
            yield from bare(one)
        return
    if isinstance(node, ast.Attribute) and node.attr in FROM_DATA:
        yield ast.unparse(node)
    for child in ast.iter_child_nodes(node):
        yield from bare(child)


def test_no_page_lets_a_text_of_data_be_read_as_markdown() -> None:
    found = [
        f"{file.name}:{node.lineno} {text}"
        for file in sorted(PAGES.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "st"
        and node.func.attr in READ_AS_MARKDOWN
        and node.args
        for text in bare(node.args[0])
    ]
    assert found == []
