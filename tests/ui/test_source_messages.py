"""Every way a sentence is marked is found by the search for sentences."""

import ast

import pytest

from ui.source_messages import _of_code, _of_data, source_messages


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('t("Area")', {"Area"}),
        ('t("a" if x == "c" else "b", n=1)', {"a", "b"}),
        ('t(\n "one "\n "sentence"\n)', {"one sentence"}),
        ('x = Title("Area")', {"Area"}),
        ('say("Loading {n}", {"n": 1})', {"Loading {n}"}),
        ('say_in("en", "Area")', {"Area"}),
        ('raise errors.NeedError("No {x}.", x="y", faults=[LayerError("F")])', None),
        ('Note(key="k", what="mended")', {"mended"}),
        ('print("not for people")', set()),
        ("t(name)", set()),
        ('t("")', set()),
    ],
)
def test_a_marked_sentence_is_found_and_nothing_else(
    code: str, found: set[str] | None
) -> None:
    expected = {"No {x}.", "F"} if found is None else found
    assert set(_of_code(ast.parse(code))) == expected


def test_the_help_of_a_criterion_is_its_first_paragraph() -> None:
    code = (
        '@factor(Title("Near"))\n'
        'def near(d):\n    """Score by\n    distance.\n\n    More."""\n'
    )
    assert set(_of_code(ast.parse(code))) == {"Near", "Score by distance."}


def test_titles_of_data_are_found_however_deep() -> None:
    told = {"title": "Parcels", "crs": "EPSG:4490", "columns": {"a": {"title": "Name"}}}
    assert set(_of_data(told)) == {"Parcels", "Name"}


def test_sentences_of_every_room_are_among_them() -> None:
    found = source_messages()
    for sentence in (
        "Construction-land parcels",  # a catalogue file
        "You may not see this.",  # nobody says this
        "Find a site",  # a page
        "No parcels are loaded: run `landmap ingest {layer}`.",  # an error
        "mu",  # a unit
    ):
        assert (sentence in found) is (sentence != "You may not see this.")
