"""Zones: figures of years, recognitions, a score only where weights are stated."""

from datetime import date, timedelta
from typing import Any

import pytest

from gis.errors import AccessError, LedgerError, StaleError
from ledger import rules, zone_rules, zones
from ledger.model import Actor, Role
from ledger.unit_of_work import Ledger
from ledger.zones import Zone

ZONE = Zone("52201028", "520304")
TODAY = date(2026, 5, 20)
TABLE = """
edition = "黔南 2026"
source = "示例"
confidence = "示例"
[[criterion]]
code = "output"
title = "产值"
better = "more"
weight = 3
worst = 0
best = 100
[[criterion]]
code = "idle"
title = "闲置土地"
better = "less"
weight = 1
worst = 200
best = 0
[[criterion]]
code = "firms"
title = "企业数"
better = "more"
[[recognition]]
code = "key"
title = "重点开发区"
"""


def put(work: Any, **fields: Any) -> Any:
    told: dict[str, Any] = {
        "year": 2025,
        "code": "tax_per_mu",
        "value": 8.5,
        "source": "年报",
    }
    return zones.put_figure(work, fields.pop("zone", ZONE), **(told | fields))


def recognise(work: Any, **fields: Any) -> Any:
    told: dict[str, Any] = {
        "title": zones.KEY,
        "basis": "黔投提复字〔2024〕63号",
        "since": date(2024, 6, 24),
    }
    return zones.recognise(work, fields.pop("zone", ZONE), **(told | fields))


def test_a_figure_is_entered_once_and_then_corrected(
    ledger: Ledger, province: Actor
) -> None:
    with ledger.begin(province) as work:
        first = put(work)
        assert (first.zone, first.region, first.value) == ("52201028", "520304", 8.5)
        with pytest.raises(StaleError, match="changed this figure of a zone"):
            put(work, value=9.0)
        second = put(work, value=9.0, source="更正", version=first.version)
        assert (second.id, second.value, second.version) == (first.id, 9.0, 2)
        put(work, year=2024)
        assert [one.year for one in zones.figures(work)] == [2025, 2024]
        assert [one.value for one in zones.figures(work, 2025)] == [9.0]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "happiness"}, "has no criterion happiness"),
        ({"year": 2027}, "from 1990 to 2026, not 2027"),
        ({"value": float("nan")}, "must be a number"),
        ({"source": " "}, "where the figure was taken"),
        ({"zone": Zone("", "520304")}, "its code and its county"),
        ({"zone": Zone("52201028", "")}, "its code and its county"),
    ],
)
def test_a_figure_that_says_too_little_is_refused(
    ledger: Ledger, province: Actor, wrong: Any, said: str
) -> None:
    with ledger.begin(province) as work, pytest.raises(LedgerError, match=said):
        put(work, **wrong)


def test_counties_look_and_prefectures_enter_in_their_own_places(
    ledger: Ledger, county: Actor
) -> None:
    zunyi = Actor("遵义 吴", Role.CITY, "520300")
    with ledger.begin(zunyi) as work:
        put(work)
        with pytest.raises(AccessError):
            put(work, zone=Zone("52201006", "522701"))
        made = recognise(work)
        work.commit()
    with ledger.begin(county) as work:
        assert len(zones.figures(work)) == 1
        for deed in (
            lambda: put(work),
            lambda: recognise(work),
            lambda: zones.end(work, made.id, until=TODAY, version=1),
        ):
            with pytest.raises(AccessError):
                deed()
    with ledger.read(Actor("都匀 韦", Role.COUNTY, "522701")) as work:
        assert zones.figures(work) == []
        # What a zone is recognised as is public, wherever it lies.
        assert zones.recognised(work) == {"52201028"}


def test_a_recognition_holds_from_its_first_day_to_its_last(
    ledger: Ledger, province: Actor, now: Any
) -> None:
    with ledger.begin(province) as work:
        made = recognise(work, since=TODAY)
        assert zones.recognised(work) == {"52201028"}
        ended = zones.end(work, made.id, until=TODAY, version=made.version)
        assert zones.recognised(work) == {"52201028"}
        assert zones.titles_of(work, "52201028") == [ended]
        work.commit()
    assert not zones.holds(ended, TODAY - timedelta(days=1))
    now.pass_days(1)
    with ledger.read(province) as work:
        assert zones.recognised(work) == frozenset()
        assert zones.titles(work) == [ended]


def test_a_recognition_is_not_given_twice_for_the_same_days(
    ledger: Ledger, province: Actor
) -> None:
    with ledger.begin(province) as work:
        made = recognise(work)
        with pytest.raises(LedgerError, match="since 2024-06-24 already"):
            recognise(work, since=TODAY)
        recognise(work, since=date(2020, 1, 1), until=date(2022, 1, 1))
        zones.end(work, made.id, until=date(2025, 1, 1), version=1)
        recognise(work, since=date(2025, 1, 2))
        for wrong in ({"title": ""}, {"basis": " "}):
            with pytest.raises(LedgerError, match="by which document"):
                recognise(work, zone=Zone("52201006", "522701"), **wrong)
        with pytest.raises(LedgerError, match="before it begins"):
            zones.end(work, made.id, until=date(2024, 1, 1), version=2)


def test_the_shipped_table_is_sound_and_states_no_weights(
    ledger: Ledger, province: Actor
) -> None:
    shipped = rules.shipped(zone_rules.TABLE)
    assert zone_rules.faults(shipped.data) == []
    with ledger.read(province) as work:
        table = zone_rules.evaluation(work)
    assert table.weighed == ()
    assert zone_rules.score(table, {"tax_per_mu": 8.0}).points is None
    assert {one.confidence for one in table.criteria} == {"unconfirmed"}
    assert [one.code for one in table.recognitions] == [zones.KEY]


def test_a_score_is_a_fixed_worth_by_weight_and_none_where_one_is_missing(
    ledger: Ledger,
) -> None:
    administrator = Actor("管理员", Role.ADMINISTRATOR, "520000")
    with ledger.begin(administrator) as work:
        rules.put_in_force(
            work,
            zone_rules.TABLE,
            TABLE,
            effective_on=TODAY,
            check=zone_rules.faults,
        )
        table = zone_rules.evaluation(work)
    # 0.5 of 3 parts, and 0.25 of 1 part: 1.75 of 4.
    assert zone_rules.score(table, {"output": 50, "idle": 150}).points == 43.8
    assert zone_rules.score(table, {"output": 900, "idle": -1}).points == 100.0
    assert zone_rules.score(table, {"output": -5, "idle": 500}).points == 0.0
    lacks = zone_rules.score(table, {"output": 50, "firms": 3})
    assert lacks.points is None
    assert [one.code for one in lacks.missing] == ["idle"]
    assert table.criteria[2].english == "企业数"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "output"', 'code = ""', "Criterion 1 needs a code"),
        ('better = "less"', 'better = "nicer"', "Criterion 2 needs a code"),
        ("worst = 0\n", "", "states weight, best alone"),
        ("best = 100", "best = -100", "best lies beyond"),
        ("weight = 3", "weight = true", "best lies beyond"),
        ("weight = 3", "weight = -3", "best lies beyond"),
        ('code = "idle"', 'code = "output"', "Each criterion needs a code"),
        ('code = "key"', 'code = ""', "Recognition 1 needs a code"),
    ],
)
def test_a_faulty_table_is_not_put_in_force(
    ledger: Ledger, old: str, new: str, said: str
) -> None:
    assert old in TABLE
    administrator = Actor("管理员", Role.ADMINISTRATOR, "520000")
    with (
        ledger.begin(administrator) as work,
        pytest.raises(LedgerError, match=said),
    ):
        rules.put_in_force(
            work,
            zone_rules.TABLE,
            TABLE.replace(old, new, 1),
            effective_on=TODAY,
            check=zone_rules.faults,
        )


def test_a_table_without_criteria_is_faulty() -> None:
    (fault,) = zone_rules.faults({})
    assert "no criterion" in str(fault)
