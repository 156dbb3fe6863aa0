"""Needs: read, written, refused with every fault at once."""

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gis.errors import NeedError
from siting.need import Need, check_need, read_need

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
area = st.tuples(st.integers(1, 10**6), st.sampled_from(["mu", "亩", "ha", "m2"])).map(
    lambda one: f"{one[0] / 100} {one[1]}"
)
share = st.floats(0, 1)
metres = st.floats(0, 1e6) | st.integers(0, 10**6)
policy = st.sampled_from(["keep", "exclude", None])
constraint = st.one_of(
    st.fixed_dictionaries({"use": st.just("area_between"), "minimum": area}),
    st.fixed_dictionaries({
        "use": st.just("clear_of"),
        "layer": st.just("farmland"),
        "up_to_share": share,
    }),
    st.fixed_dictionaries({
        "use": st.just("services_at_least"),
        "services": st.dictionaries(
            st.sampled_from(["power", "gas"]),
            st.sampled_from(["present", "planned"]),
            min_size=1,
        ),
    }),
    st.fixed_dictionaries({
        "use": st.just("in_development_zone"),
        "zones": st.sampled_from(["any", "none", ["52101001", "52103001"]]),
    }),
    st.fixed_dictionaries({
        "use": st.just("available_by"),
        "by": st.dates().map(date.isoformat),
    }),
    st.fixed_dictionaries({
        "use": st.just("region_in"),
        "codes": st.just(["5201", "520302"]),
    }),
)
factor = st.fixed_dictionaries({
    "use": st.just("near"),
    "layer": st.just("interchange"),
    "within_m": st.floats(1, 1e6),
    "weight": st.floats(0.001, 1e3),
})
needs = st.fixed_dictionaries({
    "title": text,
    "industry": st.sampled_from(["", "C", "C38", "C384", "C3849"]),
    "accept_unconfirmed": st.booleans(),
    "area_basis": st.sampled_from(["ellipsoidal", "plane", "declared"]),
    "not_checked": st.sampled_from(["keep", "exclude"]),
    "method": st.sampled_from(["weighted_sum", "topsis"]),
    "constraints": st.lists(
        st.tuples(constraint, policy).map(
            lambda one: one[0] | ({"not_checked": one[1]} if one[1] else {})
        ),
        max_size=4,
    ),
    "factors": st.lists(factor, max_size=3),
})


@given(needs)
def test_a_need_written_is_the_need_read(told) -> None:
    need = read_need(told)

    assert read_need(need.to_toml()) == need
    assert read_need(need.to_json()) == need
    assert Need.model_validate_json(need.model_dump_json()) == need
    assert read_need(read_need(need.to_toml()).to_json()).to_toml() == need.to_toml()


def test_a_need_is_read_from_a_file_by_its_ending(tmp_path, need_text) -> None:
    need = read_need(need_text)
    (tmp_path / "n.toml").write_text(need.to_toml(), "utf-8")
    (tmp_path / "n.json").write_text(need.to_json(), "utf-8")

    assert read_need(tmp_path / "n.toml") == need
    assert read_need(str(tmp_path / "n.json")) == need


def test_a_setting_is_kept_in_the_one_way_it_is_written() -> None:
    asked = {"use": "area_between", "minimum": "1,500 亩"}

    assert read_need({"constraints": [asked]}).constraints[0].settings == {
        "minimum": "1500 mu"
    }


def test_a_date_may_be_toml_s_own() -> None:
    need = read_need('[[constraints]]\nuse = "available_by"\nby = 2026-06-30\n')

    assert need.constraints[0].settings == {"by": "2026-06-30"}
    assert need.constraints[0].values == {"by": date(2026, 6, 30)}


def test_a_need_cannot_be_changed(need_text) -> None:
    need = read_need(need_text)

    with pytest.raises(ValidationError):
        need.title = "other"


def test_a_copy_with_other_settings_reads_its_own() -> None:
    need = read_need({"constraints": [{"use": "clear_of", "layer": "farmland"}]})
    (one,) = need.constraints
    assert one.layer == "farmland"

    assert one.model_copy(update={"settings": {"layer": "redline"}}).layer == "redline"
    assert one.layer == "farmland"


def faults(told) -> dict[str, str]:
    """Read a wrong need; return what is wrong by field."""
    with pytest.raises(NeedError) as refused:
        read_need(told)
    return {str(one.values["field"]): str(one) for one in refused.value.faults}


def test_one_message_lists_every_fault_with_field_and_what_is_allowed() -> None:
    found = faults(
        """
        indust = "C38"
        method = "best"
        industry = "X9"
        accept_unconfirmed = "perhaps"
        [[constraints]]
        use = "area_betwen"
        [[constraints]]
        use = "area_between"
        minimum = "200 mu"
        maximum = "10 ha"
        [[constraints]]
        use = "within_distance"
        layer = "interchange"
        within_m = -4
        far = 1
        [[constraints]]
        use = "services_at_least"
        services = { power = "present", sun = "present" }
        [[constraints]]
        use = "stock_status_in"
        statuses = ["net_land", "netland"]
        [[constraints]]
        use = "region_in"
        codes = ["Guiyang"]
        [[constraints]]
        use = "available_by"
        by = "2026-02-30"
        [[constraints]]
        use = "land_use_permitted"
        codes = ["100109"]
        share = 1.5
        not_checked = "drop"
        [[constraints]]
        use = "clear_of"
        [[factors]]
        use = "near"
        layer = "interchange"
        weight = 0
        [[factors]]
        use = "price_low"
        at_most = "cheap"
        """
    )
    expected = {
        "indust": "constraints, factors",
        "method": "weighted_sum",
        "industry": "C3849",
        "accept_unconfirmed": "true, false",
        "constraints[0].use": "area_between",
        "constraints[1].minimum": "200 mu is more than 10 ha",
        "constraints[2].within_m": "0 ..",
        "constraints[2].far": "layer, within_m",
        "constraints[3].services": "power",
        "constraints[4].statuses": "net_land",
        "constraints[5].codes": "GB/T 2260",
        "constraints[6].by": "YYYY-MM-DD",
        "constraints[7].not_checked": "exclude",
        "constraints[8].layer": "clear_of",
        "factors[0].weight": "> 0",
        "factors[1].at_most": "wan_cny/mu",
    }

    assert {
        field: words in found.get(field, "") for field, words in expected.items()
    } == dict.fromkeys(expected, True)
    assert set(found) == set(expected)


def test_settings_are_checked_beside_each_other() -> None:
    found = faults({
        "constraints": [{"use": "land_use_permitted", "codes": ["1"], "share": 2}]
    })

    assert set(found) == {"constraints[0].codes", "constraints[0].share"}
    assert "0 .. 1" in found["constraints[0].share"]


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"use": "area_between"}, "minimum"),
        ({"use": "area_between", "minimum": 150}, "minimum"),
        ({"use": "area_between", "minimum": "-1 mu"}, "minimum"),
        ({"use": "within_distance", "layer": "x", "within_m": "far"}, "within_m"),
        ({"use": "within_distance", "layer": "x", "within_m": True}, "within_m"),
        ({"use": "within_distance", "layer": "x", "within_m": 1e999}, "within_m"),
        ({"use": "within_distance", "layer": 3, "within_m": 1}, "layer"),
        ({"use": "stock_status_in", "statuses": []}, "statuses"),
        ({"use": "stock_status_in", "statuses": "net_land"}, "statuses"),
        ({"use": "region_in", "codes": [520115]}, "codes"),
        ({"use": "in_development_zone", "zones": "some"}, "zones"),
        ({"use": "services_at_least", "services": {}}, "services"),
        ({"use": "services_at_least", "services": {"power": "soon"}}, "services"),
        ({"use": "price_at_most", "price": "-3 cny/m2"}, "price"),
        ({"use": "not_claimed", "extra": 1}, "extra"),
    ],
)
def test_what_a_setting_cannot_be_is_refused_at_its_field(settings, field) -> None:
    assert set(faults({"constraints": [settings]})) == {f"constraints[0].{field}"}


def test_a_criterion_without_its_name_and_one_that_is_no_table_are_told() -> None:
    found = faults({"constraints": [{"minimum": "1 mu"}, "area"], "title": 3})

    assert set(found) == {"constraints[0].use", "constraints[1]", "title"}
    assert "missing" in found["constraints[0].use"]


def test_a_factor_is_no_constraint() -> None:
    assert set(faults({"constraints": [{"use": "compact"}]})) == {"constraints[0].use"}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("title = 'a'\nmethod =", "line 2"),
        ('{"title": "a",\n "method": }', "line 2"),
        ("{[]}", "JSON"),
    ],
)
def test_malformed_text_is_refused_with_its_line(told, words) -> None:
    with pytest.raises(NeedError, match=words):
        read_need(told)


def test_a_file_that_holds_no_table_or_is_not_there_is_named(tmp_path) -> None:
    (tmp_path / "list.json").write_text("[1]", "utf-8")
    (tmp_path / "latin.toml").write_bytes("title = 'é'".encode("latin-1"))

    with pytest.raises(NeedError, match="no table"):
        read_need(tmp_path / "list.json")
    with pytest.raises(NeedError, match=r"latin\.toml"):
        read_need(tmp_path / "latin.toml")
    with pytest.raises(NeedError, match=r"away\.toml"):
        read_need("away.toml")


def declared(**roles):
    """Declare layers of certain roles."""
    return {name: SimpleNamespace(role=role) for name, role in roles.items()}


LAYERS = declared(
    farmland="constraint",
    geohazard="constraint",
    urban_boundary="constraint",
    zoning="zoning",
    interchange="infrastructure",
    substation="infrastructure",
)


def test_names_and_codes_are_held_against_what_is_known_here(need_text) -> None:
    need = read_need(need_text)
    check_need(need, LAYERS)

    few = {name: LAYERS[name] for name in ("farmland", "zoning", "interchange")}
    with pytest.raises(NeedError) as refused:
        check_need(need, few)
    fields = {str(one.values["field"]) for one in refused.value.faults}
    assert fields == {"constraints[4].layer", "constraints[5].layer",
                      "constraints[7].layer"}  # fmt: skip


def test_a_layer_of_another_role_is_a_fault_that_names_those_that_fit() -> None:
    need = read_need({
        "constraints": [{"use": "clear_of", "layer": "interchange"}],
        "factors": [{"use": "near", "layer": "farmland"}],
    })

    with pytest.raises(NeedError) as refused:
        check_need(need, LAYERS)
    fits = "{}[0].layer: the layer {} does not fit {}; allowed: {}."
    assert [str(one) for one in refused.value.faults] == [
        fits.format(
            "constraints",
            "interchange",
            "clear_of",
            "farmland, geohazard, urban_boundary",
        ),
        fits.format("factors", "farmland", "near", "interchange, substation"),
    ]


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 100_000, '{"a": ' + "[" * 1_000_000], ids=["toml", "json"]
)
def test_a_need_nested_too_deeply_is_refused(text) -> None:
    with pytest.raises(NeedError, match="nested too deeply"):
        read_need(text)


def test_regions_and_zones_are_known_or_named_as_faults() -> None:
    need = read_need({
        "constraints": [
            {"use": "region_in", "codes": ["5201", "520999", "52"]},
            {"use": "in_development_zone", "zones": ["52101001", "9"]},
            {"use": "in_development_zone", "zones": "none"},
            {"use": "area_between", "minimum": "1 mu"},
        ]
    })
    check_need(need)

    with pytest.raises(NeedError) as refused:
        check_need(need, regions=["520115"], zones=["52101001"])
    assert [
        (one.values["field"], one.values["read"]) for one in refused.value.faults
    ] == [
        ("constraints[0].codes", "520999"),
        ("constraints[1].zones", "9"),
    ]


@pytest.mark.parametrize(
    "file", sorted(Path("sample_data/needs").glob("*.toml")), ids=lambda one: one.stem
)
def test_every_sample_need_is_whole(file) -> None:
    need = read_need(file)

    assert need.title
    assert json.loads(need.to_json())["constraints"]
