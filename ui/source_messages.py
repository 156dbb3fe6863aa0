"""Find every sentence of the house that a person may read.

The same as `pybabel extract -k t -k Title -k say ...` would find, and what stands in
data: titles and clauses of layers, units, the help of criteria and commands. The
translations of `ui/locales/` are held complete against it.
"""

import ast
import tomllib
from collections.abc import Iterator

from jinja2 import Environment, nodes

from gis.units import CNY_M2_IN, M2_IN
from ui.settings import ROOT

ROOMS = ("gis", "layers", "siting", "ledger", "reports", "sample_data", "ui")
# Calls that say a sentence, and which argument is the sentence.
MARKS = {"t": 0, "Title": 0, "Unit": 0, "say": 0, "Note": 0, "_refuse": 0, "say_in": 1}
KEYWORDS = {"what", "msgid"}
TEMPLATES = "ui/light_pages/*.html"
DATA = (
    "layers/catalog/*.toml",
    "layers/catalog/rasters/*.toml",
    "layers/regions/*.toml",
)
SPOKEN_KEYS = {"title", "clause", "effect_by", "source", "licence"}
HELPED = {"constraint", "factor", "command"}  # their docstring is the help


def source_messages() -> set[str]:
    """List the English sentences of code and data.

    Returns:
        Every msgid; each needs its words in every language.
    """
    found = {
        msgid
        for room in ROOMS
        for file in sorted((ROOT / room).rglob("*.py"))
        for msgid in _of_code(ast.parse(file.read_text("utf-8")))
    }
    for pattern in DATA:
        for file in sorted(ROOT.glob(pattern)):
            found.update(_of_data(tomllib.loads(file.read_text("utf-8"))))
    for file in sorted(ROOT.glob(TEMPLATES)):
        found.update(_of_template(file.read_text("utf-8")))
    return found | {*M2_IN, *CNY_M2_IN}


def _of_code(tree: ast.AST) -> Iterator[str]:
    """Find marked sentences, errors and the help in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _speaks(_name(node.func)):
            yield from _words(node)
        elif isinstance(node, ast.FunctionDef) and _shows_help(node):
            yield help_of(node)


def _speaks(name: str) -> bool:
    return name in MARKS or (name.endswith("Error") and name != "Error")


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _words(call: ast.Call) -> Iterator[str]:
    """Yield the sentences a call says: by its place, or by its name."""
    named = [word.value for word in call.keywords if word.arg in KEYWORDS]
    at = MARKS.get(_name(call.func), 0)
    for part in [*call.args[at : at + 1], *named]:
        yield from _texts(part)


def _texts(value: ast.expr) -> Iterator[str]:
    """Yield a text, or both texts of a choice between two."""
    if isinstance(value, ast.IfExp):
        yield from _texts(value.body)
        yield from _texts(value.orelse)
    elif isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield from [value.value] if value.value else []


def _shows_help(function: ast.FunctionDef) -> bool:
    """Tell whether a function is a criterion or a command of the terminal."""
    calls = [mark for mark in function.decorator_list if isinstance(mark, ast.Call)]
    return any(_name(mark.func) in HELPED for mark in calls)


def help_of(function: ast.FunctionDef) -> str:
    """Return the first paragraph of a docstring, on one line."""
    told = ast.get_docstring(function) or ""
    return " ".join(told.split("\n\n")[0].split())


def _of_data(value: object) -> Iterator[str]:
    """Find the spoken keys of a declaration, however deep."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key in SPOKEN_KEYS and isinstance(part, str) and part:
                yield part
            else:
                yield from _of_data(part)


def _of_template(text: str) -> Iterator[str]:
    """Find what a template says: `t("...")`."""
    tree = Environment(autoescape=True).parse(text)
    for call in tree.find_all(nodes.Call):
        named = isinstance(call.node, nodes.Name) and call.node.name == "t"
        for said in call.args[:1] if named else ():
            if isinstance(said, nodes.Const) and isinstance(said.value, str):
                yield said.value
