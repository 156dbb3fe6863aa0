"""Promises: written down, paid in parts, kept, settled by law, overdue, counted."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from gis.errors import AccessError, LedgerError, StaleError
from ledger import audit, promise_figures, promises, tables
from ledger.casework import Promise, PromiseState
from ledger.casework_tables import payment
from ledger.list_part import Part, Wanted
from ledger.model import Actor, Project, Role
from ledger.promises import Ground
from ledger.unit_of_work import Ledger

LAWFUL = Ground("条例第三十一条", "常务会议审定", "补偿 20 万元")
TODAY = date(2026, 5, 20)
Write = Callable[..., Promise]


@pytest.fixture
def project(add: Callable[..., Project]) -> Project:
    return add()


@pytest.fixture
def write(ledger: Ledger, province: Actor, project: Project) -> Write:
    """Return a maker of promises, each committed."""

    def make(title: str = "设备补助", **fields: Any) -> Promise:
        told: dict[str, Any] = {"basis": "协议第六条", "amount_wan_cny": 100.0}
        told |= {"project_id": project.id} | fields
        with ledger.begin(province) as work:
            made = promises.write(work, title=title, **told)
            work.commit()
        return made

    return make


def test_a_promise_is_due_as_it_was_written_down(write: Write) -> None:
    made = write(" 设备补助 ", condition=" 设备到厂 ", due_on=TODAY, office="finance")
    assert (made.title, made.condition, made.office) == (
        "设备补助",
        "设备到厂",
        "finance",
    )
    assert (made.state, made.paid_wan_cny, made.version) == (PromiseState.OPEN, 0.0, 1)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": " "}, "what was promised"),
        ({"basis": ""}, "where the promise stands"),
        ({"amount_wan_cny": 0.0}, "more than 0"),
        ({"amount_wan_cny": 0.00001}, "more than 0"),
        ({"amount_wan_cny": float("nan")}, "more than 0"),
    ],
)
def test_a_promise_says_what_and_where(write: Write, wrong: Any, said: str) -> None:
    with pytest.raises(LedgerError, match=said):
        write(**wrong)


def test_money_is_counted_in_yuan_so_that_all_of_it_can_be_paid(
    ledger: Ledger, province: Actor, project: Project, write: Write
) -> None:
    made = write(amount_wan_cny=333.33333)
    assert made.amount_wan_cny == 333.3333
    with ledger.begin(province) as work:
        for version, (paid, booked) in enumerate(
            ((0.12345, 0.1235), (333.2098, 333.2098)), start=1
        ):
            now = promises.pay(
                work, made.id, amount_wan_cny=paid, evidence="凭证", version=version
            )
            last = promises.payments(work, project.id)[made.id][-1]
            assert last.amount_wan_cny == booked
    assert (now.state, now.paid_wan_cny) == (PromiseState.KEPT, 333.3333)


def test_it_is_kept_the_moment_all_of_it_is_paid(
    ledger: Ledger, province: Actor, write: Write
) -> None:
    made = write(amount_wan_cny=100.0)
    with ledger.begin(province) as work:
        part = promises.pay(
            work, made.id, amount_wan_cny=60.1, evidence="凭证1", version=1
        )
        assert (part.state, part.paid_wan_cny) == (PromiseState.OPEN, 60.1)
        whole = promises.pay(
            work,
            made.id,
            amount_wan_cny=39.9,
            evidence="凭证2",
            version=part.version,
            on=date(2026, 5, 18),
        )
        booked = promises.payments(work, made.project_id)[made.id]
    assert (whole.state, whole.paid_wan_cny) == (PromiseState.KEPT, 100.0)
    assert (whole.settled_on, whole.evidence) == (date(2026, 5, 18), "凭证2")
    assert [(one.amount_wan_cny, one.evidence) for one in booked] == [
        (60.1, "凭证1"),
        (39.9, "凭证2"),
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount_wan_cny": 100.01}, "more than the 100.0 that are left"),
        ({"amount_wan_cny": 0.0}, "more than 0"),
        ({"amount_wan_cny": float("inf")}, "more than 0"),
        ({"evidence": " "}, "what proves the payment"),
        ({"on": date(2026, 5, 21)}, "in the future"),
    ],
)
def test_a_payment_is_proven_past_and_within_what_is_left(
    ledger: Ledger, province: Actor, write: Write, wrong: Any, said: str
) -> None:
    told: dict[str, Any] = {"amount_wan_cny": 1.0, "evidence": "凭证", "version": 1}
    made = write()
    with ledger.begin(province) as work, pytest.raises(LedgerError, match=said):
        promises.pay(work, made.id, **(told | wrong))


def test_what_is_no_money_is_kept_with_evidence(
    ledger: Ledger, province: Actor, write: Write
) -> None:
    made = write("接入供水", amount_wan_cny=None)
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="names no amount"):
            promises.pay(work, made.id, amount_wan_cny=1.0, evidence="凭证", version=1)
        with pytest.raises(LedgerError, match="kept with evidence"):
            promises.keep(work, made.id, evidence="", version=1)
        kept = promises.keep(work, made.id, evidence="验收单", version=1)
    assert (kept.state, kept.settled_on) == (PromiseState.KEPT, TODAY)


def test_a_payment_is_taken_back_once_by_one_below_zero(
    ledger: Ledger, province: Actor, write: Write
) -> None:
    made = write()
    with ledger.begin(province) as work:
        promises.pay(work, made.id, amount_wan_cny=40.0, evidence="误记", version=1)
        (first,) = promises.payments(work, made.project_id)[made.id]
        with pytest.raises(LedgerError, match="why the payment"):
            promises.take_back(work, first.id, why=" ", version=2)
        back = promises.take_back(work, first.id, why="记错项目", version=2)
        assert back.paid_wan_cny == 0.0
        first, second = promises.payments(work, made.project_id)[made.id]
        assert second.amount_wan_cny == -40.0
        assert second.evidence == f"#{first.id} 记错项目"
        for one in (first, second):
            with pytest.raises(LedgerError, match="taken back already"):
                promises.take_back(work, one.id, why="再冲", version=3)


def test_a_payment_is_never_changed_in_the_database(
    ledger: Ledger, province: Actor, write: Write
) -> None:
    made = write()
    with ledger.begin(province) as work:
        promises.pay(work, made.id, amount_wan_cny=40.0, evidence="凭证", version=1)
        for deed in (payment.update().values(amount_wan_cny=1.0), payment.delete()):
            with (
                pytest.raises(sa.exc.DBAPIError, match="stay as they were written"),
                work.connection.begin_nested(),
            ):
                work.connection.execute(deed)


@pytest.mark.parametrize("missing", ["ground", "procedure", "compensation"])
def test_by_law_needs_ground_procedure_and_compensation(
    ledger: Ledger, province: Actor, write: Write, missing: str
) -> None:
    made = write()
    lawful = Ground(**(vars(LAWFUL) | {missing: " "}))
    with ledger.begin(province) as work, pytest.raises(LedgerError, match="all three"):
        promises.settle_by_law(
            work, made.id, to=PromiseState.REFUSED, lawful=lawful, version=1
        )


def test_by_law_a_promise_is_changed_or_refused_and_nothing_else(
    ledger: Ledger, province: Actor, write: Write
) -> None:
    first, second = write(), write("租金减免")
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="changed or refused"):
            promises.settle_by_law(
                work, first.id, to=PromiseState.KEPT, lawful=LAWFUL, version=1
            )
        for made, to in ((first, PromiseState.CHANGED), (second, PromiseState.REFUSED)):
            done = promises.settle_by_law(
                work, made.id, to=to, lawful=LAWFUL, version=1
            )
            assert (done.state, done.settled_on) == (to, TODAY)
            assert done.compensation == "补偿 20 万元"


def test_a_settled_promise_is_left_alone_until_it_is_reopened(
    ledger: Ledger, province: Actor, write: Write
) -> None:
    made = write()
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="due already"):
            promises.reopen(work, made.id, why="复核", version=1)
        kept = promises.keep(work, made.id, evidence="验收单", version=1)
        with pytest.raises(LedgerError, match=r"settled on 2026-05-20 \(Kept\)"):
            promises.pay(
                work, made.id, amount_wan_cny=1.0, evidence="凭证", version=kept.version
            )
        with pytest.raises(LedgerError, match="taken up again"):
            promises.reopen(work, made.id, why="", version=kept.version)
        again = promises.reopen(work, made.id, why="验收有误", version=kept.version)
    assert (again.state, again.settled_on) == (PromiseState.OPEN, None)
    assert again.evidence == "验收有误\n验收单"


def test_the_amount_stays_above_what_is_paid(
    ledger: Ledger, province: Actor, write: Write
) -> None:
    made = write()
    told: dict[str, Any] = {
        "title": "设备补助",
        "basis": "补充协议",
        "condition": "",
        "due_on": TODAY,
        "office": "",
    }
    with ledger.begin(province) as work:
        promises.pay(work, made.id, amount_wan_cny=40.0, evidence="凭证", version=1)
        for amount in (40.0, None):
            with pytest.raises(LedgerError, match="paid already"):
                promises.edit(work, made.id, version=2, amount_wan_cny=amount, **told)
        done = promises.edit(work, made.id, version=2, amount_wan_cny=50.0, **told)
    assert (done.amount_wan_cny, done.basis, done.due_on) == (50.0, "补充协议", TODAY)


def test_a_save_on_an_outdated_promise_says_who_was_first(
    ledger: Ledger, province: Actor, write: Write
) -> None:
    made = write()
    with ledger.begin(province) as work:
        promises.pay(work, made.id, amount_wan_cny=40.0, evidence="凭证", version=1)
        with pytest.raises(StaleError, match="王 changed this promise"):
            promises.keep(work, made.id, evidence="验收单", version=1)


def test_each_deed_stands_in_the_history_of_the_project(
    ledger: Ledger, province: Actor, project: Project, write: Write
) -> None:
    made = write()
    with ledger.begin(province) as work:
        promises.pay(work, made.id, amount_wan_cny=100.0, evidence="凭证", version=1)
        work.commit()
    with ledger.read(province) as work:
        verbs = work.connection.scalars(
            sa
            .select(tables.audit.c.verb)
            .where(tables.audit.c.project_id == project.id)
            .order_by(tables.audit.c.seq)
        ).all()
        assert audit.verify(work).broken is None
    assert verbs[-3:] == ["promise.write", "payment.book", "promise.pay"]


def test_promises_are_the_business_of_the_place_that_rules_the_project(
    ledger: Ledger, write: Write
) -> None:
    made = write()
    other = Actor("汇川 赵", Role.COUNTY, "520303")
    with ledger.begin(other) as work:
        for look in (
            lambda: promises.get(work, made.id),
            lambda: promises.of(work, made.project_id),
            lambda: promises.payments(work, made.project_id),
            lambda: promises.keep(work, made.id, evidence="验收单", version=1),
        ):
            with pytest.raises(AccessError):
                look()
        assert promise_figures.listed(work).rows == []
        assert promise_figures.figures(work).promises == 0


def test_the_list_puts_what_is_due_first_by_its_day(
    ledger: Ledger, province: Actor, project: Project, write: Write
) -> None:
    open_ended, late, soon, done = (
        write(title, due_on=due)
        for title, due in (
            ("无期限", None),
            ("逾期", date(2026, 5, 19)),
            ("今天到期", TODAY),
            ("已兑现", date(2026, 5, 1)),
        )
    )
    with ledger.begin(province) as work:
        promises.keep(work, done.id, evidence="验收单", version=1)
        work.commit()
    with ledger.read(province) as work:
        found = promise_figures.listed(work).rows
        overdue = promise_figures.listed(work, state=PromiseState.OPEN, overdue=True)
        kept = promise_figures.listed(work, state=PromiseState.KEPT)
        first = promise_figures.listed(work, "电池 第六条", wanted=Wanted(most=3))
        named = promise_figures.listed(work, "今天", wanted=Wanted(most=3))
        own = promises.of(work, project.id)
        assert promises.get(work, late.id) == late
    assert [one.promise.id for one in found] == [
        late.id,
        soon.id,
        open_ended.id,
        done.id,
    ]
    assert own == [one.promise for one in found]
    assert first == Part(found[:3], 0, 4)
    assert named == Part([found[1]], 0, 1)
    assert [one.promise.title for one in overdue.rows] == ["逾期"]
    assert [one.promise.title for one in kept.rows] == ["已兑现"]
    assert (found[0].code, found[0].project, found[0].region) == (
        project.code,
        project.title,
        project.region,
    )
    assert not promise_figures.is_overdue(soon, TODAY)
    assert promise_figures.is_overdue(late, TODAY)


def test_the_figures_are_what_arithmetic_says(
    ledger: Ledger, province: Actor, write: Write
) -> None:
    """100 paid in full, 80 with 30 paid and late, 50 due, 40 refused, one no money."""
    whole, part, _, refused, water = (
        write(amount_wan_cny=amount, due_on=due)
        for amount, due in (
            (100.0, TODAY),
            (80.0, date(2026, 5, 19)),
            (50.0, None),
            (40.0, TODAY),
            (None, TODAY),
        )
    )
    with ledger.begin(province) as work:
        promises.pay(work, whole.id, amount_wan_cny=100.0, evidence="1", version=1)
        promises.pay(work, part.id, amount_wan_cny=30.0, evidence="2", version=1)
        promises.settle_by_law(
            work, refused.id, to=PromiseState.REFUSED, lawful=LAWFUL, version=1
        )
        promises.keep(work, water.id, evidence="3", version=1)
        work.commit()
    with ledger.read(province) as work:
        found = promise_figures.figures(work)
    assert (found.promises, found.due, found.overdue) == (5, 2, 1)
    assert (found.kept, found.by_law) == (2, 1)
    assert (found.kept_rate.numerator, found.kept_rate.denominator) == (2, 4)
    assert found.promised_wan_cny == 100.0 + 80.0 + 50.0
    assert found.paid_wan_cny == 130.0
    assert found.owed_wan_cny == 50.0 + 50.0
    assert found.overdue_wan_cny == 50.0


def test_without_promises_the_share_kept_is_unknown(
    ledger: Ledger, province: Actor
) -> None:
    with ledger.read(province) as work:
        found = promise_figures.figures(work)
    assert found.kept_rate.value is None
    assert (found.promises, found.paid_wan_cny) == (0, 0.0)
