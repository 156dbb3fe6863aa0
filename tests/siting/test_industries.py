"""Rule tables: what they tell of themselves, and that they hold together."""

import pytest

from siting.industries import (
    industry_name,
    is_industry,
    is_land_use,
    land_use_name,
    permitted,
    table,
)
from siting.words import is_part_of, region_prefix

TABLES = ("industries", "land_use_classes", "industry_land_use")


@pytest.mark.parametrize("name", TABLES)
def test_every_table_tells_edition_date_and_source(name) -> None:
    told = table(name)

    assert all(told[key] for key in ("edition", "effective_from", "source"))


def test_every_row_of_the_mapping_tells_source_and_confidence() -> None:
    told = table("industry_land_use")

    for row in told["rows"]:
        assert row["confidence"] in {"confirmed", "unconfirmed"}
        assert row["source"]
    assert told["refinements_confidence"] == "unconfirmed"
    assert told["refinements_source"]


def test_the_mapping_names_only_industries_and_classes_that_exist() -> None:
    told = table("industry_land_use")
    rows = [*told["rows"], *told["refinements"]]

    assert [row for row in rows if not is_industry(row["industry"])] == []
    assert [c for row in rows for c in row["codes"] if not land_use_name(c)] == []
    industries = [row["industry"] for row in told["rows"]]
    assert len(set(industries)) == len(industries)


def test_a_refinement_lies_within_what_it_refines() -> None:
    for row in table("industry_land_use")["refinements"]:
        base = permitted(row["industry"])

        assert base is not None
        assert all(
            any(is_part_of(code, whole) for whole in base.codes)
            for code in row["codes"]
        )


def test_there_are_20_sections_and_97_divisions() -> None:
    names = table("industries")["names"]

    assert sum(len(code) == 1 for code in names) == 20
    divisions = sorted(code[1:] for code in names if len(code) == 3)
    assert divisions == [f"{n:02d}" for n in range(1, 98)]


def test_a_class_stands_below_a_class_that_exists() -> None:
    names = table("land_use_classes")["names"]

    assert [code for code in names if len(code) > 2 and code[:-2] not in names] == []
    assert sum(len(code) == 2 for code in names) == 24


def test_the_same_digits_are_read_as_the_system_of_the_table() -> None:
    assert land_use_name("1001") == "工业用地"
    assert land_use_name("9999") == ""


def test_the_longest_row_decides() -> None:
    assert permitted("C384").refined == ("100102", "100103")
    assert permitted("C3821").refined == ("100101", "100102")
    assert permitted("C").refined == ()
    assert permitted("D45").codes == ("1304",)
    assert permitted("D4420").confirmed is False
    assert permitted("D") is None


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("C3849", "其他电池制造"),
        ("C3821", "电气机械和器材制造业"),
        ("I", "信息传输、软件和信息技术服务业"),
        ("Z", ""),
    ],
)
def test_an_industry_is_named_by_itself_or_by_what_holds_it(code, name) -> None:
    assert industry_name(code) == name


def test_codes_that_cannot_be_are_refused() -> None:
    assert [
        is_industry(code) for code in ("C38", "C3", "38", "C99", "c38", "C38491")
    ] == [
        True,
        False,
        False,
        False,
        False,
        False,
    ]
    assert [is_land_use(code) for code in ("1001", "100109", "M1", " ")] == [
        True,
        False,
        True,
        False,
    ]


def test_a_region_is_the_digits_its_counties_begin_with() -> None:
    assert [region_prefix(c) for c in ("520000", "520100", "5201", "520115", "52")] == [
        "52",
        "5201",
        "5201",
        "520115",
        "52",
    ]


def test_every_class_and_industry_has_an_english_name_and_no_other() -> None:
    english = table("english")
    for name in ("industries", "land_use_classes"):
        assert set(english[name]) == set(table(name)["names"])
    assert industry_name("C3849", english=True) == "Other batteries"
    assert industry_name("C3600", english=True) == "Motor vehicles"
    assert land_use_name("100102", english=True) == "Industrial land, class 2"
    assert land_use_name("9", english=True) == ""
