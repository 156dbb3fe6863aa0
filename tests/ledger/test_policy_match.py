"""Which documents apply: a truth table by hand, on each day, for each kind of land."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import numpy as np
import pytest
from pandas import DataFrame

from ledger import applicability, policy_match, policy_subjects
from ledger.applicability import About, Applicability, Kind
from ledger.model import Level, Project, Stage
from ledger.policy import (
    Confidence,
    Edition,
    EditionState,
    Held,
    Origin,
    Policy,
    PolicyLevel,
    PolicyState,
    Standing,
    Topic,
    ends_on,
)
from ledger.policy_conditions import Answer, ask, asked_of
from ledger.policy_match import Matcher, match, matched

NO, UNKNOWN, YES = Answer
THEN = datetime(2026, 1, 1, tzinfo=UTC)
DAY = date(2026, 5, 20)


def held(
    applies: Mapping[str, Any] | None,
    day: date = DAY,
    *,
    ended_on: date | None = None,
    **terms: Any,
) -> Held:
    """Return a document that holds all of 2026, as it stands on a day."""
    text = applicability.written(applicability.of_data(applies)) if applies else ""
    policy = Policy(
        1,
        "A",
        "520304",
        Origin.RECORDED,
        PolicyState.REPEALED if ended_on else PolicyState.PUBLISHED,
        1,
        ended_on,
        "",
        "",
        1,
        THEN,
        "x",
    )
    given = {
        "effective_on": date(2026, 1, 1),
        "until_on": date(2026, 12, 31),
        "confidence": Confidence.SOURCE,
    } | terms
    edition = Edition(
        id=1,
        policy_id=1,
        number=1,
        state=EditionState.PUBLISHED,
        title="办法",
        document_number="",
        issuer="",
        level=PolicyLevel.COUNTY,
        topic=Topic.SUPPLY,
        issued_on=None,
        dates_note="",
        abstract="",
        text="",
        to_do="",
        ask="",
        source="x",
        applies=text,
        checklist="",
        why="",
        published_on=DAY,
        published_by="x",
        version=1,
        updated_at=THEN,
        updated_by="x",
        **given,
    )
    found = Held.on(policy, [edition], day)
    assert found is not None
    return found


def answer(applies: Mapping[str, Any], about: About, **said: Any) -> Answer:
    """Ask one document about one subject."""
    words = {name: one for name, one in said.items() if isinstance(one, str)}
    figures = {name: one for name, one in said.items() if name not in words}
    subject = policy_subjects.one_subject(about, words, figures)
    return Answer(int(match([held(applies)], subject)[0, 0]))


def project(code: str = "P", **fields: Any) -> Project:
    given = {
        "industry": "C38",
        "region": "520304",
        "stage": Stage.SIGNED,
        "investment_wan_cny": 5_000.0,
        "managed_by": "",
    } | fields
    return Project(
        id=1,
        code=code,
        title="项目",
        investor="",
        level=Level.COUNTY,
        signed_on=None,
        started_on=None,
        production_on=None,
        output_wan_cny=None,
        tax_wan_cny=None,
        jobs=None,
        owner="",
        leader="",
        need="",
        land_demand_mu=None,
        demand_met=False,
        note="",
        synthetic=False,
        version=1,
        created_at=THEN,
        updated_at=THEN,
        updated_by="x",
        **given,
    )


# Land of class and county -> which of the rules it shows, by hand.
RULES = {
    "industrial land in the county": {
        "about": ["parcel"],
        "regions": ["520304"],
        "land_classes": ["1001"],
    },
    "all land in the prefecture": {"about": ["parcel"], "regions": ["520300"]},
    "light industry anywhere": {"about": ["parcel"], "land_classes": ["100101"]},
    "for projects alone": {"about": ["project"], "regions": ["520304"]},
}
TRUTH = {
    # class, county: the answers in the order of the rules
    ("100101", "520304"): (YES, YES, YES, NO),
    ("100102", "520304"): (YES, YES, NO, NO),
    ("1001", "520304"): (YES, YES, UNKNOWN, NO),
    ("10", "520304"): (UNKNOWN, YES, UNKNOWN, NO),
    ("0901", "520304"): (NO, YES, NO, NO),
    ("", "520304"): (UNKNOWN, YES, UNKNOWN, NO),
    ("100101", "520322"): (NO, YES, YES, NO),
    ("100101", "520115"): (NO, NO, YES, NO),
    ("100101", ""): (UNKNOWN, UNKNOWN, YES, NO),
}
DAYS = {
    date(2025, 12, 31): Standing.NOT_YET,
    date(2026, 1, 1): Standing.IN_FORCE,
    date(2026, 12, 31): Standing.IN_FORCE,
    date(2027, 1, 1): Standing.ENDED,
}


@pytest.mark.parametrize(("day", "standing"), DAYS.items())
def test_a_parcel_shows_exactly_the_rules_of_its_class_and_county_on_the_day(
    day: date, standing: Standing
) -> None:
    documents = [held(rule, day) for rule in RULES.values()]
    assert {one.standing for one in documents} == {standing}
    table = DataFrame({
        "land_use_code": [code for code, _ in TRUTH],
        "land_use_system": "用地用海2023",
        "county_code": [county for _, county in TRUTH],
    })
    found = match(documents, policy_subjects.of_parcels(table)).T.tolist()
    holds = standing is Standing.IN_FORCE
    asked = [list(row) if holds else [NO] * 4 for row in TRUTH.values()]
    assert found == asked


def test_the_same_digits_of_another_system_are_not_known() -> None:
    rule = RULES["industrial land in the county"]
    land = {"land_use_code": "1001", "region": "520304"}
    assert answer(rule, About.PARCEL, **land) is YES
    for system, told in (("用地用海2023", YES), ("三调", UNKNOWN)):
        found = answer(rule, About.PARCEL, **land, land_use_system=system)
        assert found is told


def test_a_repealed_document_applies_until_the_day_before() -> None:
    rule = {"about": ["parcel"], "regions": ["520304"]}
    land = policy_subjects.one_subject(About.PARCEL, {"region": "520304"})
    ended = date(2026, 6, 1)
    told = {
        day: int(match([held(rule, day, ended_on=ended)], land)[0, 0])
        for day in (date(2026, 5, 31), ended)
    }
    assert told == {date(2026, 5, 31): YES, ended: NO}
    assert ends_on(held(rule, ended_on=ended)) == date(2026, 5, 31)
    assert ends_on(held(rule)) == date(2026, 12, 31)
    assert ends_on(held(rule, until_on=None)) is None


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ({}, YES),
        ({"effective_on": None}, UNKNOWN),
        ({"confidence": Confidence.UNCONFIRMED}, UNKNOWN),
        ({"effective_on": None, "until_on": date(2026, 5, 19)}, NO),
    ],
)
def test_what_is_not_confirmed_or_not_dated_never_applies_for_sure(
    terms: Any, told: Answer
) -> None:
    rule = {"about": ["parcel"], "regions": ["520304"]}
    land = policy_subjects.one_subject(About.PARCEL, {"region": "520304"})
    assert match([held(rule, **terms)], land).item() == told


def test_a_document_without_conditions_is_never_matched() -> None:
    land = policy_subjects.one_subject(About.PARCEL, {"region": "520304"})
    assert match([held(None)], land).item() == NO
    assert Matcher(land).reasons(held(None)) == []
    assert match([], land).shape == (0, 1)


@pytest.mark.parametrize(
    ("asked", "code", "told"),
    [
        ("C", "C38", YES),
        ("C38", "C3841", YES),
        ("C38", "C", UNKNOWN),
        ("C38", "", UNKNOWN),
        ("C38", "C39", NO),
        ("I65", "C38", NO),
    ],
)
def test_an_industry_is_asked_by_its_prefix(asked: str, code: str, told: Any) -> None:
    rule = {"about": ["project"], "industries": [asked]}
    assert answer(rule, About.PROJECT, industry=code) is told


@pytest.mark.parametrize(
    ("invested", "told"),
    [(4_999.99, NO), (5_000.0, YES), (8_000.0, YES), (8_000.01, NO), (np.nan, UNKNOWN)],
)
def test_both_limits_of_an_investment_are_within(invested: float, told: Any) -> None:
    rule = {"about": ["project"], "investment": {"least": 5_000, "most": 8_000}}
    assert answer(rule, About.PROJECT, investment_wan_cny=invested) is told


# Overlap found and evidence; asked for at least 100 m2, and for at most 100 m2.
OVERLAPS = [
    (250.0, "hit", YES, NO),
    (100.0, "hit", YES, YES),
    (50.0, "hit", NO, YES),
    (0.0, "clear", NO, YES),
    # More may lie where nobody looked.
    (250.0, "partly_covered", YES, NO),
    (50.0, "partly_covered", UNKNOWN, UNKNOWN),
    (np.nan, "not_checked", UNKNOWN, UNKNOWN),
]


@pytest.mark.parametrize(("m2", "evidence", "at_least", "at_most"), OVERLAPS)
def test_an_overlap_is_as_sure_as_its_evidence(
    m2: float, evidence: str, at_least: Any, at_most: Any
) -> None:
    land = {"farmland_overlap_m2": m2, "farmland_evidence": evidence}
    for limit, told in (("least", at_least), ("most", at_most)):
        fact = {"column": "farmland_overlap_m2", limit: 100.0}
        rule = {"about": ["parcel"], "facts": [fact]}
        assert answer(rule, About.PARCEL, **land) is told


@pytest.mark.parametrize(
    ("fact", "land", "told"),
    [
        ({"words": ["hit"]}, {"farmland_evidence": "hit"}, YES),
        ({"words": ["hit"]}, {"farmland_evidence": "clear"}, NO),
        ({"words": ["hit"]}, {"farmland_evidence": "partly_covered"}, UNKNOWN),
        ({"words": ["hit"]}, {}, UNKNOWN),
    ],
)
def test_evidence_is_asked_by_its_word(fact: Any, land: Any, told: Any) -> None:
    rule = {"about": ["parcel"], "facts": [fact | {"column": "farmland_evidence"}]}
    assert answer(rule, About.PARCEL, **land) is told


@pytest.mark.parametrize(
    ("metres", "evidence", "told"),
    [
        (2_000.0, "measured", YES),
        (2_000.1, "measured", NO),
        (5.0, "not_checked", UNKNOWN),
    ],
)
def test_a_distance_counts_where_it_was_measured(
    metres: float, evidence: str, told: Any
) -> None:
    fact = {"column": "railway_distance_m", "most": 2_000.0}
    rule = {"about": ["parcel"], "facts": [fact]}
    for name in ("railway_evidence", "railway_distance_evidence"):
        land = {"railway_distance_m": metres, name: evidence}
        assert answer(rule, About.PARCEL, **land) is told


def test_a_figure_of_the_parcel_without_a_layer_is_compared_as_it_is() -> None:
    rule = {"about": ["parcel"], "facts": [{"column": "far_max", "least": 1.0}]}
    assert answer(rule, About.PARCEL, far_max=1.0) is YES
    assert answer(rule, About.PARCEL, far_max=0.9) is NO
    assert answer(rule, About.PARCEL) is UNKNOWN


def test_what_only_a_person_can_judge_is_never_sure() -> None:
    rule = {"about": ["project"], "industries": ["C"], "told": ["列入优先目录"]}
    assert answer(rule, About.PROJECT, industry="C38") is UNKNOWN
    assert answer(rule, About.PROJECT, industry="I65") is NO


def test_a_management_region_is_known_of_projects_and_open_for_land() -> None:
    rule = {"about": ["project", "parcel"], "regions": ["52M001"]}
    both = [project("A", managed_by="52M001"), project("B", region="520111")]
    assert match([held(rule)], policy_subjects.of_projects(both)).tolist() == [
        [YES, NO]
    ]
    reaches = {"520111": ["52M001"]}
    table = DataFrame({"county_code": ["520111", "520304"]})
    land = policy_subjects.of_parcels(table, reaches)
    assert match([held(rule)], land).tolist() == [[UNKNOWN, NO]]


def test_the_least_sure_condition_decides_whatever_the_order() -> None:
    values = {YES: "C38", UNKNOWN: "", NO: "I65"}
    stages = {YES: Stage.SIGNED, NO: Stage.LEAD}
    for (industry, code), (stage, at) in product(values.items(), stages.items()):
        rule = {"about": ["project"], "industries": ["C"], "stages": ["signed"]}
        one = policy_subjects.of_projects([project(industry=code, stage=at)])
        assert match([held(rule)], one).item() == min(industry, stage)


def test_each_condition_tells_what_it_wants_and_what_it_found() -> None:
    rule = {
        "about": ["project"],
        "industries": ["C"],
        "investment": {"least": 1_000},
        "told": ["列入优先目录"],
    }
    one = policy_subjects.of_projects([project()])
    ((document, sure, reasons),) = matched([held(rule), held(None)], one)
    assert (document.edition.title, sure) == ("办法", UNKNOWN)
    assert [(r.asked.kind, r.answer, r.found) for r in reasons] == [
        (Kind.INDUSTRY, YES, "C38"),
        (Kind.INVESTMENT, YES, "5,000"),
        (Kind.TOLD, UNKNOWN, ""),
    ]


def test_what_is_sure_is_listed_before_what_may_be() -> None:
    sure = {"about": ["project"], "regions": ["520304"]}
    maybe = sure | {"told": ["甲"]}
    documents = [held(maybe), held({"about": ["zone"]}), held(sure)]
    one = policy_subjects.of_projects([project()])
    assert [found for _, found, _ in matched(documents, one)] == [YES, UNKNOWN]


def test_conditions_are_written_and_read_back_the_same() -> None:
    data = {
        "about": ["project", "parcel"],
        "industries": ["C38"],
        "stages": ["signed"],
        "investment": {"least": 1.0, "most": None},
        "facts": [{"column": "far_max", "words": [], "least": 1.0, "most": None}],
        "told": ["甲"],
    }
    made: Applicability = applicability.of_data(data)
    assert applicability.read(applicability.written(made)) == made
    assert applicability.faults(applicability.written(made)) == []
    assert (applicability.read(""), applicability.written(None)) == (None, "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"about": []},
        {"about": ["firm"]},
        {"about": ["project"], "industry": ["C"]},
        {"about": ["project"], "industries": "C"},
        {"about": ["project"], "industries": ["C99"]},
        {"about": ["project"], "regions": ["贵阳"]},
        {"about": ["project"], "land_classes": ["9999"]},
        {"about": ["project"], "stocks": ["sold"]},
        {"about": ["project"], "told": [" "]},
        {"about": ["project"], "investment": {"least": 2, "most": 1}},
        {"about": ["project"], "investment": {"least": True}},
        {"about": ["project"], "investment": [1]},
        {"about": ["project"], "facts": [{"column": "far_max"}]},
        {"about": ["project"], "facts": [{"column": "far max", "least": 1}]},
        {"about": ["project"], "facts": [{"column": "a", "least": 1, "words": ["x"]}]},
        {"about": ["project"], "facts": [{"column": "a", "least": "1"}]},
        {"about": ["project"], "facts": [{"column": "a", "least": 1, "more": 2}]},
        {"about": ["project"], "facts": ["a"]},
        {"about": ["project"], "told": ["甲"] * 201},
    ],
)
def test_a_faulty_condition_is_refused(wrong: Any) -> None:
    assert len(applicability.faults(json.dumps(wrong))) == 1
    assert applicability.faults("[1]")


def test_what_is_read_of_a_condition_is_read_once(monkeypatch: Any) -> None:
    rule = {"about": ["project"], "industries": ["C"]}
    read: list[str] = []
    real = policy_match.read
    monkeypatch.setattr(
        policy_match, "read", lambda text: read.append(text) or real(text)
    )
    match([held(rule)] * 5, policy_subjects.of_projects([project()] * 3))
    assert len(read) == 1


def test_any_word_of_a_condition_is_enough_as_if_all_were_asked_at_once() -> None:
    rule = {
        "about": ["project"],
        "industries": ["C38", "I65"],
        "regions": ["520300", "52M001", "520115"],
        "stages": ["signed", "siting"],
    }
    asked = asked_of(applicability.of_data(rule))
    subjects = policy_subjects.of_projects([
        project("A"),
        project("B", industry="C", region="520115"),
        project("C", industry="I65", region="520111", managed_by="52M001"),
        project("D", region="520322", stage=Stage.LEAD),
        project("E", region="522700", industry=""),
    ])
    matcher = Matcher(subjects)
    for one in asked:
        assert matcher.asked(one).tolist() == ask(subjects, one).tolist()
    assert match([held(rule)], subjects).tolist() == [[YES, UNKNOWN, YES, NO, NO]]
