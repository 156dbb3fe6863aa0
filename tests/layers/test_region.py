"""A region other than Guizhou is one settings file."""

from pathlib import Path

import pytest

from gis.crs import equal_area
from gis.errors import LayerError
from layers.catalog import SHIPPED
from layers.region import read_region

CAMBRIDGE = """
name = "cambridge"
title = "Cambridge"
box = [-71.3, 42.2, -70.9, 42.5]
plane = "EPSG:26986"
"""


def test_guizhou_is_shipped() -> None:
    region = read_region()

    assert region.name == "guizhou"
    assert region.plane == "gauss_kruger_3"
    told = [part.value for part in region.equal_area_crs.coordinate_operation.params]
    assert {25.4, 28.4, 106.5} <= set(told)
    assert region.outline.bounds == region.box


def test_elsewhere_the_equal_area_plane_is_fitted_to_the_box(tmp_path: Path) -> None:
    file = tmp_path / "cambridge.toml"
    file.write_text(CAMBRIDGE, "utf-8")

    region = read_region(file)

    assert region.equal_area_crs == equal_area((-71.3, 42.2, -70.9, 42.5))


def test_a_region_brings_the_layers_declared_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "region.toml"
    file.write_text(CAMBRIDGE, "utf-8")

    assert read_region(file).catalog == (tmp_path.resolve(),)
    assert read_region().catalog == (SHIPPED.resolve(),)


def test_where_its_layers_are_declared_changes_no_fact(tmp_path: Path) -> None:
    here, there = tmp_path / "region.toml", tmp_path / "elsewhere" / "region.toml"
    there.parent.mkdir()
    for file in (here, there):
        file.write_text(CAMBRIDGE, "utf-8")

    assert read_region(here).digest() == read_region(there).digest()


def test_every_fault_of_a_region_is_told(tmp_path: Path) -> None:
    file = tmp_path / "region.toml"
    file.write_text(
        'name = "Far Away"\nbox = [10, 20, 5, 30]\nplane = "EPSG:none"\nhills = 5\n'
    )

    with pytest.raises(LayerError) as caught:
        read_region(file)
    told = str(caught.value)

    assert "`name` is 'Far Away'" in told
    assert "`title` is required" in told
    assert "`box` is [10, 20, 5, 30]" in told
    assert "`plane` is 'EPSG:none'" in told
    assert "`hills` is unknown; known here: box, catalog, equal_area" in told


@pytest.mark.parametrize("text", [None, "box = ["])
def test_a_region_file_that_cannot_be_read_is_named(
    tmp_path: Path, text: str | None
) -> None:
    file = tmp_path / "region.toml"
    if text is not None:
        file.write_text(text)

    with pytest.raises(LayerError, match=r"region\.toml cannot be read"):
        read_region(file)


def test_what_changes_facts_changes_the_digest() -> None:
    region = read_region()

    assert region.model_copy(update={"title": "x"}).digest() == region.digest()
    moved = region.model_copy(update={"plane": "EPSG:4544"})
    assert moved.digest() != region.digest()
