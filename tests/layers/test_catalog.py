"""Declarations: data that anyone can add, with every fault told at once."""

from pathlib import Path

import pytest

from gis.errors import LayerError, LayerMissingError
from layers.catalog import SHIPPED, read_catalog, read_layer

WHOLE = """
title = "Farmland"
role = "constraint"
source = "survey office"
licence = "internal use"
data_date = 2025-12-31
"""


def write(folder: Path, text: str | None, name: str = "farmland") -> Path:
    file = folder / f"{name}.toml"
    file.write_text(text, "utf-8")
    return file


def faults(folder: Path) -> list[str]:
    with pytest.raises(LayerError) as caught:
        read_catalog(folder)
    return [str(fault) for fault in caught.value.faults]


def test_every_layer_of_the_contract_is_shipped() -> None:
    assert set(read_catalog()) == {
        *("parcels", "zoning", "farmland", "redline", "urban_boundary", "geohazard"),
        *("water_source", "development_zone", "county", "prefecture", "province"),
        *("interchange", "freight_yard", "substation", "water_plant", "gas_station"),
        *("expressway", "railway", "river", "road", "settlement"),
    }


@pytest.mark.parametrize("name", sorted(read_catalog()))
def test_a_shipped_layer_tells_where_it_is_from_and_how_it_is_drawn(name: str) -> None:
    layer = read_catalog(SHIPPED)[name]

    assert layer.source
    assert layer.licence
    assert layer.data_date
    assert layer.path.name == f"{name}.parquet"
    assert layer.path.is_absolute()
    assert layer.style.z != 0
    assert layer.coverage or name in {"geohazard", "substation", "zoning"}
    assert layer.synthetic == ("Synthetic" in layer.source)


def test_a_control_line_names_its_rule_and_how_sure_that_is() -> None:
    lines = read_catalog().with_role("constraint")

    assert len(lines) == 5
    assert all(line.clause and line.clause_confidence for line in lines)
    sure = {line.name for line in lines if line.clause_confidence == "confirmed"}
    assert sure == {"farmland", "redline", "geohazard"}


def test_a_declaration_is_named_after_its_file(tmp_path: Path) -> None:
    layer = read_layer(write(tmp_path, WHOLE))

    assert layer.name == "farmland"
    assert layer.data_date == "2025-12-31"
    assert layer.measured == ("overlap",)
    assert layer.key_column == "feature_id"


@pytest.mark.parametrize("field", ["title", "role", "source", "licence", "data_date"])
def test_what_is_required_is_asked_for(tmp_path: Path, field: str) -> None:
    lines = [line for line in WHOLE.splitlines() if not line.startswith(field)]
    write(tmp_path, "\n".join(lines))

    assert faults(tmp_path) == [f"farmland.toml: `{field}` is required."]


def test_no_licence_no_layer(tmp_path: Path) -> None:
    write(tmp_path, WHOLE.replace("internal use", ""))

    assert faults(tmp_path) == ["farmland.toml: `licence` must not be empty."]


def test_an_unknown_role_is_refused_with_those_allowed(tmp_path: Path) -> None:
    write(tmp_path, WHOLE.replace("constraint", "obstacle"))

    (told,) = faults(tmp_path)

    assert "`role` is 'obstacle'" in told
    assert "'infrastructure'" in told


def test_an_unknown_key_is_refused_with_those_known(tmp_path: Path) -> None:
    write(tmp_path, WHOLE + 'color = "#fff"\n[style]\ncolor = "#ffffff"\n')

    told = faults(tmp_path)

    assert any("`color` is unknown" in fault and "licence" in fault for fault in told)
    assert any(
        "`style.color` is unknown" in fault and "fill_opacity" in fault
        for fault in told
    )


def test_an_unknown_key_of_a_column_is_refused_with_those_known(tmp_path: Path) -> None:
    write(tmp_path, WHOLE + '[columns.name]\nfrom = "NAME"\n')

    (told,) = faults(tmp_path)

    assert "`columns.name.from` is unknown; known here: allowed, lookup" in told


def test_one_error_lists_every_fault_of_every_file(tmp_path: Path) -> None:
    write(tmp_path, "title = 5\nrole = 'constraint'\n", "one")
    write(tmp_path, "this is no toml", "two")
    write(tmp_path, WHOLE + "sliver_m2 = -1\nsynthetic = 'perhaps'\n", "three")
    write(tmp_path, WHOLE + "style = 5\ncolumns = 5\nmeasure = 5\n", "four")
    write(tmp_path, WHOLE + "max_refused_share = 2\nmin_zoom = 'far'\n", "five")
    write(tmp_path, WHOLE + "sliver_m2 = []\n[style]\ncolour = 'red'\n", "six")

    told = "\n".join(faults(tmp_path))

    for expected in [
        "one.toml: `title` is 5; it must be text.",
        "one.toml: `source` is required.",
        "one.toml: `licence` is required.",
        "two.toml is not TOML",
        "three.toml: `sliver_m2` is -1; it must be 0.0 or more.",
        "three.toml: `synthetic` is 'perhaps'; it must be true or false.",
        "four.toml: `style` is 5; it must be a table.",
        "four.toml: `columns` is 5; it must be a table.",
        "four.toml: `measure` is 5; it must be a list.",
        "five.toml: `max_refused_share` is 2; it must be 1.0 or less.",
        "five.toml: `min_zoom` is 'far'; it must be a whole number.",
        "six.toml: `sliver_m2` is []; it must be a number.",
        "six.toml: `style.colour` is 'red'; it must match",
    ]:
        assert expected in told


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ('source = "A"\nvalue = "b"', "it has both `source` and `value`"),
        ("minimum = 5\nmaximum = 4", "`minimum` is greater than `maximum`"),
        ('type = "colour"', "'text', 'number' or 'date'"),
    ],
)
def test_a_column_cannot_contradict_itself(
    tmp_path: Path, column: str, told: object
) -> None:
    write(tmp_path, f"{WHOLE}[columns.a]\n{column}\n")

    assert told in faults(tmp_path)[0]


def test_a_column_may_not_be_called_geometry(tmp_path: Path) -> None:
    write(tmp_path, f'{WHOLE}[columns]\ngeometry = "shape"\n')

    assert "geometry" in faults(tmp_path)[0]


def test_what_is_carried_must_be_declared(tmp_path: Path) -> None:
    write(tmp_path, f'{WHOLE}fact = "zone"\ncarry = {{ lead = "leading" }}\n')
    write(tmp_path, f'{WHOLE}carry = {{ lead = "leading" }}\n', "other")

    told = faults(tmp_path)

    assert "leading" in told[0]
    assert "`carry` needs `fact`" in told[1]


@pytest.mark.parametrize("day", ["2025", "2025-06", "2025-06-30", "unknown"])
def test_a_data_date_is_a_day_a_month_a_year_or_unknown(
    tmp_path: Path, day: str
) -> None:
    layer = read_layer(write(tmp_path, WHOLE.replace("2025-12-31", f'"{day}"')))

    assert layer.data_date == day


@pytest.mark.parametrize("day", ["last year", "2025-13", "20250630", ""])
def test_any_other_data_date_is_refused(tmp_path: Path, day: str) -> None:
    write(tmp_path, WHOLE.replace("2025-12-31", f'"{day}"'))

    assert "`data_date`" in faults(tmp_path)[0]


def test_a_later_folder_overrides_an_earlier_one(tmp_path: Path) -> None:
    for name, title in [("first", "Old"), ("second", "New")]:
        (tmp_path / name).mkdir()
        write(tmp_path / name, WHOLE.replace("Farmland", title))

    catalog = read_catalog(tmp_path / "first", tmp_path / "second")

    assert [layer.title for layer in catalog.values()] == ["New"]
    assert len(catalog) == 1


def test_a_region_file_beside_the_declarations_is_no_layer(tmp_path: Path) -> None:
    write(tmp_path, WHOLE)
    write(tmp_path, 'name = "elsewhere"', "region")

    assert list(read_catalog(tmp_path)) == ["farmland"]


def test_an_undeclared_name_is_answered_with_those_declared(tmp_path: Path) -> None:
    write(tmp_path, WHOLE)

    with pytest.raises(LayerMissingError, match=r"`redline`.*declared: farmland"):
        read_catalog(tmp_path)["redline"]


def test_a_change_of_colour_changes_no_data_but_a_change_of_unit_does(
    tmp_path: Path,
) -> None:
    plain = read_layer(write(tmp_path, WHOLE))
    painted = read_layer(write(tmp_path, WHOLE + '[style]\ncolour = "#123456"\n'))
    measured = read_layer(write(tmp_path, WHOLE + "sliver_m2 = 5\n"))

    assert painted.digest() == plain.digest()
    assert measured.digest() != plain.digest()
