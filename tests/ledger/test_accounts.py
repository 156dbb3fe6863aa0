"""Accounts: who may sign in and as what, looked up again inside every write."""

from collections.abc import Callable
from typing import Any

import pytest

from gis.errors import AccessError, LedgerError, StaleError
from ledger import accounts, audit, offices, projects, rules
from ledger.casework import Account
from ledger.model import Actor, Project, Role
from ledger.unit_of_work import Ledger

ISSUER = "https://login.example.cn"


@pytest.fixture
def account(ledger: Ledger) -> Callable[..., Account]:
    """Return a maker of accounts, each committed."""

    def make(**given: Any) -> Account:
        fields: dict[str, Any] = {
            "issuer": ISSUER,
            "subject": "u-1",
            "name": "播州 李",
            "role": Role.COUNTY,
            "region": "520304",
        }
        with ledger.begin(accounts.OPERATOR) as work:
            made = accounts.add(work, **(fields | given))
            work.commit()
        return made

    return make


def test_who_signs_in_is_found_by_provider_and_subject(
    ledger: Ledger, account: Callable[..., Account], province: Actor
) -> None:
    made = account()
    with ledger.read(province) as work:
        assert accounts.signed_in(work, ISSUER, "u-1") == made
        assert accounts.signed_in(work, "https://other.cn", "u-1") is None
        assert accounts.signed_in(work, ISSUER, "u-2") is None
        assert accounts.signed_in(work, ISSUER, "") is None


def test_an_address_is_tied_to_the_first_person_and_opens_nothing_afterwards(
    ledger: Ledger, account: Callable[..., Account]
) -> None:
    waiting = account(subject="", email="Li@Example.cn")
    assert waiting.subject == "email:li@example.cn"
    with ledger.begin(accounts.actor_of(waiting)) as work:
        found = accounts.signed_in(work, ISSUER, "u-7", "li@example.cn")
        assert found == waiting
        tied = accounts.bind(work, found, "u-7")
        work.commit()
    with ledger.begin(accounts.actor_of(tied)) as work:
        assert accounts.signed_in(work, ISSUER, "u-7") == tied
        assert accounts.signed_in(work, ISSUER, "u-8", "li@example.cn") is None
        with pytest.raises(LedgerError, match="tied already"):
            accounts.bind(work, tied, "u-8")


def test_an_account_disabled_a_moment_ago_cannot_write(
    ledger: Ledger, account: Callable[..., Account], add: Callable[..., Project]
) -> None:
    project = add()
    made = account()
    asks = accounts.actor_of(made)
    with ledger.begin(asks) as work:
        projects.edit(work, project.id, version=1, title="改名")
        work.commit()
    with ledger.begin(accounts.OPERATOR) as work:
        accounts.edit(
            work,
            made.id,
            version=1,
            name=made.name,
            role=made.role,
            region=made.region,
            disabled=True,
        )
        work.commit()
    with pytest.raises(AccessError, match="disabled"), ledger.begin(asks):
        pytest.fail("a disabled account began a unit of work")
    with pytest.raises(AccessError, match="disabled"), ledger.read(asks):
        pytest.fail("a disabled account read")


def test_changed_rights_hold_from_the_next_write_on(
    ledger: Ledger, account: Callable[..., Account]
) -> None:
    made = account()
    asks = accounts.actor_of(made)
    with ledger.begin(accounts.OPERATOR) as work:
        accounts.edit(
            work, made.id, version=1, name=made.name, role=made.role, region="520322"
        )
        work.commit()
    with pytest.raises(AccessError, match="changed a moment ago"), ledger.begin(asks):
        pytest.fail("old rights began a unit of work")


def test_a_stale_change_is_refused(
    ledger: Ledger, account: Callable[..., Account]
) -> None:
    made = account()
    change: dict[str, Any] = {"role": made.role, "region": made.region}
    with ledger.begin(accounts.OPERATOR) as work:
        accounts.edit(work, made.id, version=1, name="甲", **change)
        with pytest.raises(StaleError):
            accounts.edit(work, made.id, version=1, name="乙", **change)


def test_the_last_administrator_stays_and_nobody_locks_themselves_out(
    ledger: Ledger, account: Callable[..., Account]
) -> None:
    only = account(subject="a-1", role=Role.ADMINISTRATOR, region="")
    off: dict[str, Any] = {
        "version": 1,
        "name": only.name,
        "role": Role.ADMINISTRATOR,
        "disabled": True,
    }
    with (
        ledger.begin(accounts.OPERATOR) as work,
        pytest.raises(LedgerError, match="last administrator"),
    ):
        accounts.edit(work, only.id, **off)
    account(subject="a-2", name="王", role=Role.ADMINISTRATOR, region="")
    with (
        ledger.begin(accounts.actor_of(only)) as work,
        pytest.raises(AccessError, match="another administrator"),
    ):
        accounts.edit(work, only.id, **off)
    with ledger.begin(accounts.OPERATOR) as work:
        assert accounts.edit(work, only.id, **off).disabled


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"subject": ""}, "subject or address"),
        ({"issuer": " "}, "provider"),
        ({"name": ""}, "name"),
        ({"region": "52"}, "not a region code"),
        ({"role": Role.DEPARTMENT, "office": "land"}, "no office of the kind"),
        ({"role": Role.FACTOR, "office": ""}, "no office of the kind"),
    ],
)
def test_every_fault_is_told(
    account: Callable[..., Account], given: dict[str, Any], said: str
) -> None:
    with pytest.raises(LedgerError) as refused:
        account(**given)
    assert any(said in str(fault) for fault in refused.value.faults)


def test_a_department_sits_in_an_office_of_its_kind(
    account: Callable[..., Account],
) -> None:
    made = account(role=Role.DEPARTMENT, region="520000", office="energy")
    assert accounts.actor_of(made).office == "energy"


def test_one_person_has_one_account(account: Callable[..., Account]) -> None:
    account()
    with pytest.raises(LedgerError, match="has an account already"):
        account()


def test_accounts_are_seen_by_administrators_alone_and_leave_their_trace(
    ledger: Ledger, account: Callable[..., Account], province: Actor
) -> None:
    made = account()
    with ledger.read(province) as work, pytest.raises(AccessError):
        accounts.find(work)
    with ledger.read(accounts.OPERATOR) as work:
        assert accounts.find(work, "播州 5203") == [made]
        assert accounts.find(work, "遵义") == []
        (row,) = audit.history(work, "account", made.id)
    assert (row.verb, row.project_id) == ("account.add", None)


def test_who_sits_in_an_office_that_is_gone_can_be_locked_out(
    ledger: Ledger, account: Callable[..., Account]
) -> None:
    made = account(role=Role.DEPARTMENT, region="520000", office="energy")
    text = rules.shipped_text("offices").replace('code = "energy"', 'code = "power"')
    with ledger.begin(accounts.OPERATOR) as work:
        rules.put_in_force(
            work,
            "offices",
            text.replace("2026-11 (LandMap)", "机构改革后"),
            effective_on=work.today(),
            check=offices.faults,
        )
        assert accounts.disable(work, made.id).disabled


def test_two_people_of_one_name_are_told_apart(account: Callable[..., Account]) -> None:
    # By it the history knows whose last change may be taken back, and by whom.
    account(name="播州 张伟")
    with pytest.raises(LedgerError) as refused:
        account(name="播州 张伟", subject="u-2")
    assert "called 播州 张伟 already" in str(refused.value)
    assert account(name="播州 张伟（2）", subject="u-2").id == 2


def test_a_subject_that_looks_like_an_address_opens_no_account(
    ledger: Ledger, account: Callable[..., Account], province: Actor
) -> None:
    waiting = account(subject="", email="li@example.cn")
    with ledger.read(province) as work:
        assert accounts.signed_in(work, ISSUER, waiting.subject) is None
