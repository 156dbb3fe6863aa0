"""Policies promised to projects: written down, paid, kept, or refused by law."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any, Final

import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import casework_tables, rows
from ledger.access import Verb
from ledger.casework import Payment, Promise, PromiseState
from ledger.owned import project_for
from ledger.unit_of_work import Work

_table = casework_tables.promise
_payment = casework_tables.payment

YUAN: Final = 4
"""Decimals of 10,000 yuan that are kept: a yuan."""

_MARK: Final = "#"
"""Goes before the number of the payment that one below zero takes back."""

BY_LAW: Final = (PromiseState.CHANGED, PromiseState.REFUSED)


@dataclass(frozen=True)
class Ground:
    """Why a promise may lawfully not be kept as given; all three are told.

    Attributes:
        ground: The law, regulation or term of the agreement that allows it.
        procedure: What was followed: who was heard, who decided, by which document.
        compensation: What the firm gets for it, or why nothing is due.
    """

    ground: str
    procedure: str
    compensation: str


def write(  # noqa: PLR0913 - what a promise is told by
    work: Work,
    *,
    project_id: int,
    title: str,
    basis: str,
    condition: str = "",
    amount_wan_cny: float | None = None,
    due_on: date | None = None,
    office: str = "",
) -> Promise:
    """Write down a promise.

    Args:
        work: The unit of work.
        project_id: Who it was given to.
        title: What was promised.
        basis: Where it stands: agreement and clause, minutes, policy document.
        condition: What the firm does for it.
        amount_wan_cny: How much, in 10,000 yuan; None for what is not money.
        due_on: The day it is to be kept by.
        office: Who is to keep it.

    Returns:
        The promise as stored.
    """
    project_for(work, project_id, Verb.PROMISE_EDIT)
    amount_wan_cny = _in_yuan(amount_wan_cny)
    _require_terms(title, basis, amount_wan_cny)
    promise_id = rows.add(
        work,
        _table,
        {
            "project_id": project_id,
            "title": title.strip(),
            "basis": basis.strip(),
            "condition": condition.strip(),
            "amount_wan_cny": amount_wan_cny,
            "due_on": due_on,
            "state": PromiseState.OPEN,
            "office": office.strip(),
        },
        verb="promise.write",
    )
    return rows.get(work, _table, Promise, promise_id)


def edit(  # noqa: PLR0913 - what may be changed
    work: Work,
    promise_id: int,
    *,
    version: int,
    title: str,
    basis: str,
    condition: str,
    amount_wan_cny: float | None,
    due_on: date | None,
    office: str,
) -> Promise:
    """Correct what is written of a promise that is still due.

    Args:
        work: The unit of work.
        promise_id: The promise.
        version: The version that the person saw.
        title: What was promised.
        basis: Where it stands.
        condition: What the firm does for it.
        amount_wan_cny: How much, in 10,000 yuan; None for what is not money.
        due_on: The day it is to be kept by.
        office: Who is to keep it.

    Returns:
        The promise as stored.

    Raises:
        LedgerError: It is settled, a term is missing, or the new amount is paid
            already.
    """
    promise = _open(work, promise_id, Verb.PROMISE_EDIT, version)
    amount_wan_cny = _in_yuan(amount_wan_cny)
    _require_terms(title, basis, amount_wan_cny)
    paid = promise.paid_wan_cny
    if paid > 0 and (amount_wan_cny is None or paid >= amount_wan_cny):
        raise LedgerError(
            "{paid} × 10,000 CNY are paid already: the amount must be more. Take a "
            "payment back, or tell that the promise was kept.",
            paid=paid,
        )
    changes = {
        "title": title.strip(),
        "basis": basis.strip(),
        "condition": condition.strip(),
        "amount_wan_cny": amount_wan_cny,
        "due_on": due_on,
        "office": office.strip(),
    }
    return _change(work, promise, changes, version, "promise.edit")


def pay(
    work: Work,
    promise_id: int,
    *,
    amount_wan_cny: float,
    evidence: str,
    version: int,
    on: date | None = None,
) -> Promise:
    """Pay a promise, in whole or in part; one that is wholly paid is kept.

    Args:
        work: The unit of work.
        promise_id: The promise.
        amount_wan_cny: How much is paid now, in 10,000 yuan.
        evidence: What proves the payment: number of the voucher, the document.
        version: The version that the person saw.
        on: The day it was paid; today when not given.

    Returns:
        The promise as stored.

    Raises:
        LedgerError: It is settled or is not about money, the evidence is missing, the
            day is in the future, or more is paid than was promised.
    """
    promise = _open(work, promise_id, Verb.PROMISE_SETTLE, version)
    day = _day(work, on)
    amount_wan_cny = round(amount_wan_cny, YUAN)
    _require_payable(promise, amount_wan_cny)
    proof = _told(evidence, LedgerError("Say what proves the payment."))
    paid = round(promise.paid_wan_cny + amount_wan_cny, YUAN)
    _book(work, promise, amount_wan_cny, day, proof)
    changes: dict[str, Any] = {"paid_wan_cny": paid}
    if paid == promise.amount_wan_cny:
        changes |= {"state": PromiseState.KEPT, "settled_on": day, "evidence": proof}
    return _change(work, promise, changes, version, "promise.pay")


def take_back(work: Work, payment_id: int, *, why: str, version: int) -> Promise:
    """Take back a payment that was booked wrongly, by one below zero.

    Args:
        work: The unit of work.
        payment_id: The payment.
        why: What was wrong.
        version: The version of the promise that the person saw.

    Returns:
        The promise as stored.

    Raises:
        LedgerError: The promise is settled (reopen it first), the reason is missing,
            or the payment is taken back already.
    """
    payment = rows.get(work, _payment, Payment, payment_id)
    promise = _open(work, payment.promise_id, Verb.PROMISE_SETTLE, version)
    reason = _told(why, LedgerError("Say why the payment is taken back."))
    left = round(promise.paid_wan_cny - payment.amount_wan_cny, YUAN)
    booked = payments(work, promise.project_id).get(promise.id, [])
    if payment.id in taken_back(booked):
        raise LedgerError("This payment is taken back already.")
    _book(
        work,
        promise,
        -payment.amount_wan_cny,
        work.today(),
        f"{_MARK}{payment.id} {reason}",
    )
    return _change(work, promise, {"paid_wan_cny": left}, version, "promise.take_back")


def keep(
    work: Work,
    promise_id: int,
    *,
    evidence: str,
    version: int,
    on: date | None = None,
) -> Promise:
    """Tell that a promise was kept otherwise than by payments booked here.

    Args:
        work: The unit of work.
        promise_id: The promise.
        evidence: What proves that it was kept.
        version: The version that the person saw.
        on: The day it was kept; today when not given.

    Returns:
        The promise as stored.
    """
    promise = _open(work, promise_id, Verb.PROMISE_SETTLE, version)
    proof = _told(
        evidence, LedgerError("A promise is kept with evidence: say what proves it.")
    )
    changes = {
        "state": PromiseState.KEPT,
        "settled_on": _day(work, on),
        "evidence": proof,
    }
    return _change(work, promise, changes, version, "promise.keep")


def settle_by_law(
    work: Work,
    promise_id: int,
    *,
    to: PromiseState,
    lawful: Ground,
    version: int,
    on: date | None = None,
) -> Promise:
    """Change or refuse a promise, with lawful ground, procedure and compensation.

    Args:
        work: The unit of work.
        promise_id: The promise.
        to: `CHANGED` (what holds instead is written down anew) or `REFUSED`.
        lawful: Why that may be.
        version: The version that the person saw.
        on: The day it was decided; today when not given.

    Returns:
        The promise as stored.

    Raises:
        LedgerError: It is settled, something of the three is missing, the day is in
            the future, or `to` is another state.
    """
    promise = _open(work, promise_id, Verb.PROMISE_SETTLE, version)
    if to not in BY_LAW:
        raise LedgerError("By law a promise is changed or refused, not {to}.", to=to)
    told = {name: text.strip() for name, text in vars(lawful).items()}
    if not all(told.values()):
        raise LedgerError(
            "A promise is changed or refused only with its lawful ground, the "
            "procedure that was followed and the compensation: fill in all three."
        )
    changes = {"state": to, "settled_on": _day(work, on), **told}
    return _change(work, promise, changes, version, f"promise.{to.value}")


def reopen(work: Work, promise_id: int, *, why: str, version: int) -> Promise:
    """Take up a settled promise again; the reason goes before the old evidence.

    Args:
        work: The unit of work.
        promise_id: The promise.
        why: What came up again.
        version: The version that the person saw.

    Returns:
        The promise as stored; what was paid and said stays.

    Raises:
        LedgerError: It is due already, or the reason is missing.
    """
    promise = _own(work, promise_id, Verb.PROMISE_SETTLE)
    rows.require_version(promise, version, _table)
    if promise.state is PromiseState.OPEN:
        raise LedgerError("The promise is due already.")
    reason = _told(why, LedgerError("Say why the promise is taken up again."))
    changes = {
        "state": PromiseState.OPEN,
        "settled_on": None,
        "evidence": f"{reason}\n{promise.evidence}".strip(),
    }
    return _change(work, promise, changes, version, "promise.reopen")


def get(work: Work, promise_id: int) -> Promise:
    """Read one promise.

    Args:
        work: The unit of work.
        promise_id: The promise.

    Returns:
        The promise as it is now.
    """
    return _own(work, promise_id, Verb.PROJECT_READ)


def of(work: Work, project_id: int) -> list[Promise]:
    """List a project's promises: those due first, the earliest day before.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        The promises.
    """
    project_for(work, project_id, Verb.PROJECT_READ)
    columns = _table.c
    found = work.connection.execute(
        sa
        .select(_table)
        .where(columns.project_id == project_id)
        .order_by(
            columns.state != PromiseState.OPEN,
            columns.due_on.is_(None),
            columns.due_on,
            columns.id,
        )
    )
    return [rows.made(Promise, row) for row in found]


def payments(work: Work, project_id: int) -> Mapping[int, list[Payment]]:
    """List what was paid on a project's promises.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        Payments by number of the promise, in the order they were booked.
    """
    project_for(work, project_id, Verb.PROJECT_READ)
    found = work.connection.execute(
        sa
        .select(_payment)
        .join(_table, _table.c.id == _payment.c.promise_id)
        .where(_table.c.project_id == project_id)
        .order_by(_payment.c.id)
    )
    listed: dict[int, list[Payment]] = {}
    for row in found:
        payment = rows.made(Payment, row)
        listed.setdefault(payment.promise_id, []).append(payment)
    return listed


def taken_back(booked: Iterable[Payment]) -> set[int]:
    """Tell which payments can be taken back no more.

    Args:
        booked: All payments on a promise.

    Returns:
        Numbers of those that were taken back, and of those that took one back.
    """
    back = [one for one in booked if one.amount_wan_cny < 0]
    of = {int(one.evidence.split()[0].removeprefix(_MARK)) for one in back}
    return of | {one.id for one in back}


def _own(work: Work, promise_id: int, verb: Verb) -> Promise:
    promise = rows.get(work, _table, Promise, promise_id)
    project_for(work, promise.project_id, verb)
    return promise


def _open(work: Work, promise_id: int, verb: Verb, version: int) -> Promise:
    promise = _own(work, promise_id, verb)
    rows.require_version(promise, version, _table)
    if promise.state is not PromiseState.OPEN:
        raise LedgerError(
            "The promise was settled on {day} ({state}): reopen it first.",
            day=promise.settled_on,
            state=promise.state.label,
        )
    return promise


def _change(
    work: Work, promise: Promise, changes: dict[str, Any], version: int, verb: str
) -> Promise:
    rows.change(work, _table, promise, changes, version=version, verb=verb)
    return rows.get(work, _table, Promise, promise.id)


def _book(
    work: Work, promise: Promise, amount_wan_cny: float, day: date, evidence: str
) -> None:
    rows.add(
        work,
        _payment,
        {
            "promise_id": promise.id,
            "amount_wan_cny": amount_wan_cny,
            "paid_on": day,
            "evidence": evidence,
            "at": work.now(),
            "who": work.actor.name,
        },
        verb="payment.book",
        project_id=promise.project_id,
    )


def _in_yuan(amount_wan_cny: float | None) -> float | None:
    """Keep whole yuan: what is promised can be paid to the last of them."""
    return None if amount_wan_cny is None else round(amount_wan_cny, YUAN)


def _require_payable(promise: Promise, amount_wan_cny: float) -> None:
    if promise.amount_wan_cny is None:
        raise LedgerError(
            "The promise names no amount: tell that it was kept, with evidence."
        )
    if not isfinite(amount_wan_cny) or amount_wan_cny <= 0:
        raise LedgerError("Say how much was paid: more than 0.")
    left = round(promise.amount_wan_cny - promise.paid_wan_cny, YUAN)
    if amount_wan_cny > left:
        raise LedgerError(
            "{paid} × 10,000 CNY are more than the {left} that are left of this "
            "promise.",
            paid=amount_wan_cny,
            left=left,
        )


def _require_terms(title: str, basis: str, amount_wan_cny: float | None) -> None:
    _told(title, LedgerError("Say what was promised."))
    _told(
        basis,
        LedgerError("Say where the promise stands: agreement, minutes or policy."),
    )
    if amount_wan_cny is not None and not (
        isfinite(amount_wan_cny) and amount_wan_cny > 0
    ):
        raise LedgerError("The amount must be more than 0; leave it out for no money.")


def _told(text: str, missing: LedgerError) -> str:
    if not text.strip():
        raise missing
    return text.strip()


def _day(work: Work, on: date | None) -> date:
    day = on or work.today()
    if day > work.today():
        raise LedgerError("{day} is in the future: tell what has happened.", day=day)
    return day
