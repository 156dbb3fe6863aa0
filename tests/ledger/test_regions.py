"""Management regions: who rules in what, and which projects they may run."""

from collections.abc import Callable
from typing import Any

import pytest

from gis.errors import AccessError, LedgerError
from ledger import owned, projects, regions, rules, undo
from ledger.access import Verb, is_managed
from ledger.model import Actor, Project, Role
from ledger.regions import Matter
from ledger.unit_of_work import Ledger

AREA = Actor("贵安新区", Role.COUNTY, "52M001")
HUAXI = Actor("花溪", Role.COUNTY, "520111")
ADMIN = Actor("管理员", Role.ADMINISTRATOR, "520000")


def test_a_county_may_belong_to_management_regions(
    ledger: Ledger, province: Actor
) -> None:
    with ledger.read(province) as work:
        reached = {
            county: [one.code for one in regions.belonging(work, county)]
            for county in ("520111", "522730", "520304")
        }
    assert reached == {"520111": ["52M001"], "522730": ["52M002"], "520304": []}


def test_what_a_source_says_is_told_apart(ledger: Ledger, province: Actor) -> None:
    with ledger.read(province) as work:
        (guian, _) = regions.regions(work)
    assert not guian.confirmed
    assert {one.matter: one.confirmed for one in guian.rules} == {
        Matter.APPROVAL: True,
        Matter.STAFF: False,
    }


@pytest.mark.parametrize(
    ("region", "managed_by", "approval", "staff"),
    [
        ("520111", "", "520111", "520111"),
        ("520111", "52M001", "52M001", "52M001"),
        ("522730", "52M002", "522730", "52M002"),
    ],
)
def test_the_place_that_rules_is_data(
    ledger: Ledger,
    province: Actor,
    add: Callable[..., Project],
    region: str,
    managed_by: str,
    approval: str,
    staff: str,
) -> None:
    project = add(region=region, managed_by=managed_by)
    with ledger.read(province) as work:
        assert regions.ruling(work, project, Matter.APPROVAL) == approval
        assert regions.ruling(work, project, Matter.STAFF) == staff
        assert owned.ruling_region(project, work) == staff


@pytest.mark.parametrize(
    ("region", "managed_by", "sentence"),
    [
        ("520111", "52M999", "no management region 52M999: choose one of 52M001"),
        ("520304", "52M001", "贵安新区 does not reach into 520304"),
        ("52M001", "", "not a six-digit region code"),
    ],
)
def test_a_project_names_a_region_that_reaches_into_its_county(
    add: Callable[..., Project], region: str, managed_by: str, sentence: str
) -> None:
    with pytest.raises(LedgerError) as refused:
        add(region=region, managed_by=managed_by)
    assert any(sentence in str(fault) for fault in refused.value.faults)


def test_a_region_that_the_table_forgot_keeps_its_projects(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    project = add(region="520111", managed_by="52M001")
    with ledger.begin(ADMIN) as work:
        put(work, lambda text: text.replace('"52M001"', '"52M009"'))
        work.commit()
    with ledger.read(province) as work:
        assert regions.ruling(work, project, Matter.STAFF) == "52M001"


def test_an_edition_decides_whose_entries_a_project_s_are(
    ledger: Ledger, add: Callable[..., Project]
) -> None:
    project = add(region="520111", managed_by="52M001")
    with ledger.begin(HUAXI) as work:
        with pytest.raises(AccessError, match="52M001"):
            owned.project_for(work, project.id, Verb.PROBLEM_EDIT)
        assert owned.project_for(work, project.id, Verb.PROJECT_READ) == project
    with ledger.begin(ADMIN) as work:
        put(
            work,
            lambda text: text.replace(
                'matter = "staff"\nwins = "region"', 'matter = "staff"\nwins = "county"'
            ),
        )
        work.commit()
    with ledger.begin(HUAXI) as work:
        assert owned.project_for(work, project.id, Verb.PROBLEM_EDIT) == project
        changed = projects.edit(work, project.id, version=1, jobs=30)
        last = undo.last_own(work, project.id)
        assert last is not None
        undo.take_back(work, project.id, seq=last.row.seq, version=changed.version)
        projects.create(work, title="新", region="520111", managed_by="52M001")
    with ledger.begin(AREA) as work, pytest.raises(AccessError, match="520111"):
        owned.project_for(work, project.id, Verb.PROBLEM_EDIT)


def test_the_region_s_office_adds_projects_that_it_runs(ledger: Ledger) -> None:
    with ledger.begin(AREA) as work:
        made = projects.create(
            work, title="数据中心", region="520111", managed_by="52M001"
        )
        with pytest.raises(AccessError):
            projects.create(work, title="别处", region="520111")
    assert made.managed_by == "52M001"


def put(work: Any, changed: Callable[[str], str]) -> None:
    """Put a changed edition of the table in force."""
    text = changed(rules.text_of(work, "management_regions"))
    rules.put_in_force(
        work,
        "management_regions",
        text.replace("2026-11 (LandMap)", "测试版"),
        effective_on=work.today(),
        check=regions.faults,
    )


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('code = "52M001"', 'code = "520111"', "needs a code such as 52M001"),
        ('counties = ["520111"', 'counties = ["52M002"', "needs a code such as"),
        ('wins = "region"', 'wins = "both"', "who wins"),
        ('code = "52M001"', 'code = "52M002"', "a code of its own"),
    ],
)
def test_a_faulty_table_is_not_put_in_force(
    ledger: Ledger, before: str, after: str, sentence: str
) -> None:
    with ledger.begin(ADMIN) as work, pytest.raises(LedgerError) as refused:
        put(work, lambda text: text.replace(before, after, 1))
    assert any(sentence in str(fault) for fault in refused.value.faults)


def test_codes_of_management_regions_are_told_apart() -> None:
    told = {code: is_managed(code) for code in ("52M001", "520111", "52M0", "52MM01")}
    assert told == {"52M001": True, "520111": False, "52M0": False, "52MM01": False}
