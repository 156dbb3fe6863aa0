"""A criterion is one function: its signature is the form."""

from dataclasses import replace
from typing import Annotated

import numpy as np
import pytest

from gis.words import Title, Unit
from siting.columns import Figures
from siting.compare import Verdict, within
from siting.criteria import CONSTRAINTS, FACTORS
from siting.criterion import Fact
from siting.need import read_need
from siting.parameter import Bounds
from siting.register import constraint
from siting.screen import screen

ALL = {**CONSTRAINTS, **FACTORS}


@pytest.fixture
def slope():
    """Add a criterion as CONTRIBUTING says: one function."""

    @constraint(Title("Slope"), high="at_most_deg")
    def slope_at_most(
        slope_deg: Annotated[Figures, Fact("slope_deg")],
        *,
        at_most_deg: Annotated[
            float, Title("At most"), Unit("m"), Bounds(0, 90)
        ] = 15.0,
    ) -> Verdict:
        """Keep parcels that are not steep.

        Returns:
            Slopes to 0.1 degrees.
        """
        return within(slope_deg.shown(1), high=at_most_deg, unit="m", decimals=1)

    yield CONSTRAINTS["slope_at_most"]
    del CONSTRAINTS["slope_at_most"]


def test_one_function_makes_a_criterion_with_form_and_help(slope, parcels) -> None:
    (parameter,) = slope.parameters
    facts = parcels({"slope_deg": 15.0}, {"slope_deg": 15.1}, {"slope_deg": np.nan})
    need = read_need({"constraints": [{"use": "slope_at_most"}]})

    assert (slope.title, slope.help) == ("Slope", "Keep parcels that are not steep.")
    assert (parameter.kind, parameter.default, parameter.required) == (
        "number",
        15,
        False,
    )
    assert (parameter.minimum, parameter.maximum) == (0, 90)
    assert screen(need, facts).answers[0].state.tolist() == [1, 0, -1]


@pytest.mark.parametrize("criterion", ALL.values(), ids=lambda one: one.name)
def test_a_form_can_be_drawn_from_the_parameters_alone(criterion) -> None:
    for one in criterion.parameters:
        assert one.title
        assert one.required == (one.default is None) or one.default is None
        if one.kind in {"area", "price"}:
            assert one.units
        if one.kind == "levels":
            assert one.levels is not None
            assert one.levels.of
        if one.kind in {"choice", "choices", "zones"}:
            assert one.choices.titles or one.choices.source
        if one.default is not None:
            assert one.write(one.read(one.default)) == one.default


@pytest.mark.parametrize("criterion", ALL.values(), ids=lambda one: one.name)
def test_what_may_be_relaxed_is_a_parameter(criterion) -> None:
    names = {one.name for one in criterion.parameters} | {""}

    assert {criterion.low, criterion.high, criterion.members} <= names
    assert {criterion.levels, criterion.within} <= names
    assert not (criterion.control_line and not criterion.firm)


def test_lines_drawn_by_law_are_control_lines() -> None:
    assert {name for name, one in CONSTRAINTS.items() if one.control_line} == {
        "clear_of",
        "inside",
    }


def test_every_constraint_has_a_policy_for_what_was_not_checked() -> None:
    policy = CONSTRAINTS["clear_of"].parameter("not_checked")

    assert list(policy.choices.titles) == ["keep", "exclude"]


def test_a_layer_is_asked_of_those_of_its_role() -> None:
    sources = {
        use: ALL[use].parameters[0].choices.source
        for use in ("clear_of", "within_distance", "near")
    }

    assert sources == {
        "clear_of": "layer:constraint",
        "within_distance": "layer:infrastructure",
        "near": "layer:infrastructure",
    }


def test_no_two_criteria_are_called_the_same() -> None:
    titles = [one.title for one in ALL.values()]

    assert len(titles) == len(set(titles))


def test_a_loaded_layer_is_never_called_not_loaded(parcels) -> None:
    need = read_need({"constraints": [{"use": "clear_of", "layer": "interchange"}]})
    facts = parcels({})

    def told(facts) -> str:
        (note,) = screen(need, facts).answers[0].remarks
        return str(note)

    assert "interchange is not loaded" in told(facts)
    loaded = replace(facts, layers={"interchange": "i1"})
    assert "interchange is loaded, but" in told(loaded)
