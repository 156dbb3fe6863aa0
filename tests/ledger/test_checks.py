"""Land checks that were kept, and words against their findings."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from gis.errors import AccessError, LedgerError, StaleError
from ledger import audit, checks
from ledger.model import Actor, LandCheck, Project, Role, Says
from ledger.unit_of_work import Ledger

HASH = "4ce558cc" + "0" * 56


@pytest.fixture
def planner() -> Actor:
    return Actor("规划 赵", Role.PLANNER, "520000")


@pytest.fixture
def kept(ledger: Ledger, planner: Actor) -> LandCheck:
    with ledger.begin(planner) as work:
        check = keep(work)
        work.commit()
    return check


def keep(work: Any, **told: Any) -> LandCheck:
    given = {
        "file_name": "界址点.txt",
        "sha256": "a" * 64,
        "result_hash": HASH,
        "verdicts": {"conflict": 2, "clear": 1},
        "area_m2": 66_666.67,
        "region": "520304",
    }
    return checks.keep(work, **(given | told))


def test_a_check_is_numbered_by_its_day_and_what_it_found(kept: LandCheck) -> None:
    assert kept.dossier == "HC-20260520-4CE558CC"
    assert (kept.parcels, json.loads(kept.verdicts)) == (3, {"clear": 1, "conflict": 2})
    assert (kept.project_id, kept.region, kept.made_by) == (None, "520304", "规划 赵")


def test_the_same_result_on_the_same_day_is_kept_once(
    ledger: Ledger, planner: Actor, kept: LandCheck, now: Any
) -> None:
    with ledger.begin(planner) as work:
        assert keep(work) == kept
        now.pass_days(1)
        assert keep(work).dossier == "HC-20260521-4CE558CC"


def test_a_check_goes_into_the_file_of_one_project(
    ledger: Ledger,
    province: Actor,
    planner: Actor,
    kept: LandCheck,
    add: Callable[..., Project],
) -> None:
    first, second = add(title="一"), add(title="二")
    with ledger.begin(planner) as work:
        put = checks.to_project(
            work, kept.id, project_id=first.id, version=kept.version
        )
        assert checks.of_project(work, first.id) == [put]
        assert checks.of_project(work, second.id) == []
        with pytest.raises(LedgerError, match="belongs to another project"):
            checks.to_project(work, kept.id, project_id=second.id, version=put.version)
        work.commit()
    with ledger.begin(province) as work:
        assert "check.to_project" in {
            row.verb for row in audit.history(work, "project", first.id)
        }


def test_who_saw_an_older_version_is_told_so(
    ledger: Ledger, planner: Actor, kept: LandCheck, add: Callable[..., Project]
) -> None:
    project = add()
    with ledger.begin(planner) as work:
        checks.to_project(work, kept.id, project_id=project.id, version=1)
        with pytest.raises(StaleError):
            checks.to_project(work, kept.id, project_id=project.id, version=1)


def test_words_against_a_finding_stay_beside_each_other(
    ledger: Ledger, planner: Actor, kept: LandCheck
) -> None:
    with ledger.begin(planner) as work:
        for says in (Says.NO_CONFLICT, Says.CONFLICT):
            checks.overrule(
                work,
                kept.id,
                parcel_id="1",
                layer="farmland",
                says=says,
                reason=f" 现场核实：{says.value} ",
            )
        work.commit()
        told = checks.overrules(work, kept.id)
    assert [one.says for one in told] == [Says.NO_CONFLICT, Says.CONFLICT]
    assert told[0].reason == "现场核实：no_conflict"


OVER = {
    "sqlite": "INSERT OR REPLACE INTO check_overrule SELECT * FROM check_overrule",
    "postgresql": "INSERT INTO check_overrule SELECT * FROM check_overrule"
    " ON CONFLICT (id) DO UPDATE SET reason = 'x'",
}


@pytest.mark.parametrize(
    "statement",
    ["UPDATE check_overrule SET reason = 'x'", "DELETE FROM check_overrule", "over"],
)
def test_a_word_cannot_be_taken_back_even_in_the_database(
    ledger: Ledger, planner: Actor, kept: LandCheck, raw: Any, kind: str, statement: str
) -> None:
    with ledger.begin(planner) as work:
        checks.overrule(
            work,
            kept.id,
            parcel_id="1",
            layer="farmland",
            says=Says.CONFLICT,
            reason="现场核实",
        )
        work.commit()
    statement = OVER[kind] if statement == "over" else statement
    with pytest.raises(IntegrityError, match="stays"), raw() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize("reason", ["", "  ", "长" * 2001])
def test_a_finding_is_overruled_with_a_reason_or_not_at_all(
    ledger: Ledger, planner: Actor, kept: LandCheck, reason: str
) -> None:
    with ledger.begin(planner) as work, pytest.raises(LedgerError):
        checks.overrule(
            work,
            kept.id,
            parcel_id="1",
            layer="farmland",
            says=Says.CONFLICT,
            reason=reason,
        )


def test_only_the_offices_of_the_place_overrule(
    ledger: Ledger, kept: LandCheck
) -> None:
    elsewhere = Actor("绥阳 张", Role.COUNTY, "520323")
    with ledger.begin(elsewhere) as work, pytest.raises(AccessError):
        checks.overrule(
            work,
            kept.id,
            parcel_id="1",
            layer="farmland",
            says=Says.CONFLICT,
            reason="现场核实",
        )


@pytest.mark.parametrize("role", [Role.INVESTOR, Role.PUBLIC])
def test_investors_and_the_public_check_no_land(ledger: Ledger, role: Role) -> None:
    with ledger.begin(Actor("某人", role)) as work, pytest.raises(AccessError):
        keep(work)
