"""The rules of the house that no linter knows."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from layers.catalog import SHIPPED, read_catalog
from siting.criteria import CONSTRAINTS, FACTORS
from ui.i18n import LANGUAGES, read_messages, source_messages
from ui.settings import Settings

HOUSE = Path(__file__).resolve().parents[1]
ROOMS = ("gis", "layers", "siting", "ledger", "reports", "ui", "sample_data")
HOLE = re.compile(r"{(\w+)[^{}]*}")


def tracked(*patterns: str) -> list[Path]:
    """List files of the repository, those not yet committed among them."""
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", *patterns],
        cwd=HOUSE,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\n")
    return [HOUSE / name for name in names if name and (HOUSE / name).exists()]


def test_every_screen_is_listed_in_the_navigation() -> None:
    screens = {path.name for path in (HOUSE / "ui/screens").glob("[a-z]*.py")}
    listed = (HOUSE / "ui/page_list.py").read_text("utf-8")

    assert screens
    assert {name for name in screens if f"{name}" not in listed} == set()


@pytest.mark.parametrize("layer", read_catalog(SHIPPED).values(), ids=lambda x: x.name)
def test_every_layer_names_its_source_and_licence(layer: object) -> None:
    assert str(layer.source).strip()  # type: ignore[attr-defined]
    assert str(layer.licence).strip()  # type: ignore[attr-defined]


def test_every_criterion_has_a_title_a_help_and_titled_parameters() -> None:
    bare = [
        name
        for name, criterion in {**CONSTRAINTS, **FACTORS}.items()
        if not criterion.title
        or not criterion.help
        or not all(parameter.title for parameter in criterion.parameters)
    ]

    assert len(CONSTRAINTS) >= 15
    assert len(FACTORS) >= 6
    assert bare == []


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_every_sentence_is_translated(language: str) -> None:
    translated = read_messages(language)
    missing = sorted(msgid for msgid in source_messages() if not translated.get(msgid))

    assert missing == []


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_a_translation_keeps_the_holes_of_its_source(language: str) -> None:
    broken = {
        msgid: said
        for msgid, said in read_messages(language).items()
        if msgid and set(HOLE.findall(msgid)) != set(HOLE.findall(said))
    }

    assert broken == {}


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_no_translation_is_left_of_a_sentence_that_is_gone(language: str) -> None:
    left = set(read_messages(language)) - set(source_messages()) - {""}

    assert sorted(left) == []


def test_every_error_is_one_of_the_tree() -> None:
    tree = {
        node.name
        for node in ast.parse((HOUSE / "gis/errors.py").read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
    }
    built_in = {"KeyError", "AssertionError", "NotImplementedError", "StopIteration"}
    strangers = []
    for path in tracked(*(f"{room}/**.py" for room in ROOMS), "app.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and any(
                isinstance(base, ast.Name) and base.id.endswith(("Error", "Exception"))
                for base in node.bases
            ):
                if path.name != "errors.py":
                    strangers.append(f"{path.relative_to(HOUSE)}: {node.name}")
            elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                name = ast.unparse(node.exc.func).rpartition(".")[2]
                if name in built_in:
                    strangers.append(f"{path.relative_to(HOUSE)}: raise {name}")

    assert "NeedError" in tree
    assert strangers == []


def test_every_setting_stands_in_the_readme() -> None:
    readme = (HOUSE / "README.md").read_text("utf-8")
    silent = [
        name
        for name in Settings.model_fields
        if f"`LANDMAP_{name.upper()}`" not in readme
    ]

    assert silent == []


def test_only_the_settings_read_the_environment() -> None:
    reader = re.compile(r"os\.environ|os\.getenv|getenv\(")
    readers = [
        str(path.relative_to(HOUSE))
        for path in tracked(*(f"{room}/**.py" for room in ROOMS), "app.py")
        if path.name != "settings.py" and reader.search(path.read_text("utf-8"))
    ]

    assert readers == []


def test_what_the_browser_gets_names_no_other_host() -> None:
    foreign = re.compile(
        r"(?:\bsrc|<link[^>]*href|url|@import|fetch|import)\W{1,4}https?://",
        re.IGNORECASE,
    )
    # Geoman tells its maker's addresses as values that nothing loads.
    told = re.compile(r'url:"https?://(github\.com/geoman-io|geoman\.io)[^"]*"')
    own = [
        path
        for path in tracked("ui/assets/**")
        if path.suffix in {".js", ".css", ".html", ".svg"}
    ]
    loads = {
        path.name: found.group()
        for path in own
        if (found := foreign.search(told.sub("", path.read_text("utf-8"))))
    }

    assert own
    assert loads == {}


def test_no_text_reaches_a_template_or_raw_html_by_the_back_door() -> None:
    door = re.compile(r"\bElement\(|import Element\b|parse_html=True")
    doors = [
        str(path.relative_to(HOUSE))
        for path in tracked("ui/**.py", "reports/**.py")
        if path.name not in {"map_text.py", "offline_map.py"}
        and door.search(path.read_text("utf-8"))
    ]

    assert doors == []


def test_messages_of_a_page_are_shown_in_one_place_that_reads_no_markdown() -> None:
    message = re.compile(r"\bst\.(error|warning|info|success|exception|toast)\b")
    shown = {
        path.name
        for path in (HOUSE / "ui").rglob("*.py")
        if message.search(path.read_text("utf-8"))
    }
    assert shown == {"notices.py"}


def test_the_readme_begins_with_the_two_commands() -> None:
    block = (HOUSE / "README.md").read_text("utf-8").split("```")[1]

    assert "pip install uv && uv run app.py" in block
    assert "pip install uv && uv run pytest" in block
