"""A visitor's address: what it tells comes back, what is wrong in it is left out."""

import pytest

from siting.four_questions import Answers
from ui.land_link import (
    MOST_LISTED,
    LandLink,
    params_of,
    query,
    read,
    tidy,
    toggled,
)

LAYERS = ("interchange", "railway")


@pytest.mark.parametrize(
    "link",
    [
        LandLink(),
        LandLink(answers=Answers()),
        LandLink(
            answers=Answers(
                industry="C3849",
                least_mu=60.5,
                most_mu=200,
                near=("railway", "interchange"),
                within_km=5,
                when="year",
                place="520300",
                zone="52101001",
            ),
            listed=("GZ-520102-000001", "GZ_odd_001"),
            parcel_id="地块 7",
            zone="52101001",
            language="en",
        ),
        LandLink(answers=Answers(most_mu=80)),
    ],
)
def test_an_address_tells_again_what_it_was_made_of(link: LandLink) -> None:
    assert read(params_of(link), LAYERS) == link


@pytest.mark.parametrize(
    "params",
    [
        {"industry": "Z99"},
        {"area": "nan-inf"},
        {"area": "-1--5"},
        {"area": "x" * 9_000},
        {"near": "farmland,<script>,", "km": "-3"},
        {"when": "yesterday", "where": "Guizhou"},
    ],
)
def test_what_nobody_offered_is_left_out(params: dict[str, str]) -> None:
    assert read(params, LAYERS).answers == Answers()


def test_figures_are_held_to_what_there_can_be() -> None:
    found = read({"area": "1-1e300", "km": "1e9", "near": "railway"}, LAYERS).answers
    assert found is not None
    assert (found.most_mu, found.within_km) == (100_000, 200)


def test_a_short_list_is_short_and_names_each_parcel_once() -> None:
    many = [f"P{n}" for n in range(50)]
    assert tidy(["A", "A", " ", "B\x00", "x" * 81, "B"]) == ("A", "B")
    assert len(tidy(many)) == MOST_LISTED
    full = tidy(many)
    assert toggled(full, "new") == full
    assert toggled(toggled((), "A"), "A") == ()
    assert read({"list": ",".join(many)}, LAYERS).listed == full


def test_nothing_in_an_address_needs_trust() -> None:
    hostile = "<img src=x onerror=alert(1)>&list=Q"
    assert query(LandLink(parcel_id=hostile)).count("&") == 0
    assert "<" not in query(LandLink(listed=(hostile,)))
