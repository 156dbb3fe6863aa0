"""Inquiries of investors about land: received, answered, made a lead, closed.

Who asks may be anybody: what they send is bounded and kept as text, and they say that
it may be kept at all. How often somebody may ask is for the portal that takes it in.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Final

import sqlalchemy as sa

from gis.errors import LedgerError
from gis.words import Title
from ledger import casework_tables, list_part, projects, rows
from ledger.access import Verb, is_code, own_prefix, require
from ledger.casework import Inquiry, InquiryState
from ledger.chinese_order import chinese_order
from ledger.fields import need_faults
from ledger.list_part import EVERYTHING, Part, Wanted
from ledger.model import Project, Stage
from ledger.unit_of_work import Work

_table = casework_tables.inquiry

LENGTHS: Final = {
    "firm": 120,
    "person": 60,
    "contact": 120,
    "parcel_id": 80,
    "text": 2_000,
    "need": 20_000,
    "language": 16,
}
"""The most letters that each field may have."""

FIELD_TITLES: Final = {
    "firm": Title("Firm"),
    "person": Title("Contact person"),
    "contact": Title("Phone or e-mail"),
    "parcel_id": Title("Parcel"),
    "text": Title("Inquiry text"),
    "need": Title("Land need"),
    "language": Title("Language"),
}

ASKED: Final = ("person", "contact", "text")
LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ"
DIGITS: Final = "23456789"
TRIES: Final = 20
"""So many numbers are tried before the next ones are made longer."""

_CONTACT: Final = re.compile(r"\+?[\d\s()-]{6,20}|[^\s@]+@[^\s@]+\.[^\s@]+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Followed:
    """What somebody who asked may read again: nothing that they did not send."""

    number: str
    state: InquiryState
    received_at: datetime
    answer: str


def receive(  # noqa: PLR0913 - what an inquiry is told by
    work: Work,
    *,
    region: str,
    person: str,
    contact: str,
    text: str,
    consents: bool,
    firm: str = "",
    parcel_id: str = "",
    need: str = "",
    language: str = "",
) -> Inquiry:
    """Take an inquiry in.

    Args:
        work: The unit of work.
        region: Code of the county (or prefecture) that is to answer.
        person: Who asks.
        contact: Their telephone or e-mail.
        text: What they ask.
        consents: Whether they agree that this is kept and read by the office.
        firm: For which firm.
        parcel_id: About which parcel.
        need: The need they screened with, JSON.
        language: Code of the language they want the answer in.

    Returns:
        The inquiry as stored; its number is what they follow it by.

    Raises:
        LedgerError: With everything that is missing, too long or unreadable.
    """
    require(work.actor, Verb.INQUIRY_MAKE)
    told = {
        "firm": firm,
        "person": person,
        "contact": contact,
        "parcel_id": parcel_id,
        "text": text,
        "need": need,
        "language": language,
    }
    told = {name: one.strip() for name, one in told.items()}
    if found := _faults(told, region, consents=consents):
        raise LedgerError("The inquiry cannot be taken in.", faults=found)
    inquiry_id = rows.add(
        work,
        _table,
        {
            **told,
            "number": _new_number(work),
            "region": region,
            "consented_at": work.now(),
            "state": InquiryState.NEW,
            "received_at": work.now(),
        },
        verb="inquiry.receive",
    )
    return rows.get(work, _table, Inquiry, inquiry_id)


def follow(work: Work, number: str, contact: str) -> Followed:
    """Tell who asked what became of their inquiry.

    Args:
        work: The unit of work.
        number: The number they were given.
        contact: Telephone or e-mail as they left it: a number alone can be guessed.

    Returns:
        Its state and the answer.

    Raises:
        LedgerError: There is none of this number and contact; which of the two is
            wrong is not told.
    """
    require(work.actor, Verb.INQUIRY_MAKE)
    found = work.connection.execute(
        sa.select(_table).where(_table.c.number == number.strip().upper())
    ).first()
    if found is None or not secrets.compare_digest(
        found.contact.encode(), contact.strip().encode()
    ):
        raise LedgerError(
            "There is no inquiry with this number and contact: look at what you were "
            "given when you asked."
        )
    return Followed(found.number, found.state, found.received_at, found.answer)


def answer(work: Work, inquiry_id: int, *, text: str, version: int) -> Inquiry:
    """Answer an inquiry, or answer it anew.

    Args:
        work: The unit of work.
        inquiry_id: The inquiry.
        text: The answer, as it is read by who asked.
        version: The version that the person saw.

    Returns:
        The inquiry as stored.

    Raises:
        LedgerError: It is closed, or the answer is missing or too long.
    """
    inquiry = _own(work, inquiry_id, version)
    if inquiry.state is InquiryState.CLOSED:
        raise LedgerError("The inquiry is closed.")
    said = _bounded(text, LedgerError("Write the answer."))
    changes: dict[str, Any] = {"answer": said}
    if inquiry.state is InquiryState.NEW:
        changes["state"] = InquiryState.ANSWERED
    return _change(work, inquiry, changes, version, "inquiry.answer")


def make_lead(work: Work, inquiry_id: int, *, version: int) -> Project:
    """Make a project at its first stage out of an inquiry.

    Args:
        work: The unit of work.
        inquiry_id: The inquiry.
        version: The version that the person saw.

    Returns:
        The project: it has the need, the place and the firm of the inquiry, and names
        its number; the inquiry names the project.

    Raises:
        LedgerError: It is a lead already, or closed.
    """
    inquiry = _own(work, inquiry_id, version)
    if inquiry.state in {InquiryState.LEAD, InquiryState.CLOSED}:
        raise LedgerError(
            "This inquiry can make no lead: {state}.", state=inquiry.state.label
        )
    about = " · ".join(filter(None, (inquiry.number, inquiry.parcel_id)))
    project = projects.create(
        work,
        title=f"{inquiry.firm or inquiry.person} {inquiry.number}",
        investor=inquiry.firm or inquiry.person,
        region=inquiry.region,
        stage=Stage.LEAD,
        need=inquiry.need,
        note=f"{about}\n{inquiry.text}",
    )
    rows.change(
        work,
        _table,
        inquiry,
        {"state": InquiryState.LEAD, "project_id": project.id},
        version=version,
        verb="inquiry.lead",
        project_id=project.id,
    )
    return project


def close(work: Work, inquiry_id: int, *, reason: str, version: int) -> Inquiry:
    """Close an inquiry that comes to nothing.

    Args:
        work: The unit of work.
        inquiry_id: The inquiry.
        reason: Why; it is not shown to who asked.
        version: The version that the person saw.

    Returns:
        The inquiry as stored.

    Raises:
        LedgerError: It became a lead or is closed, or the reason is missing.
    """
    inquiry = _own(work, inquiry_id, version)
    if inquiry.state in {InquiryState.LEAD, InquiryState.CLOSED}:
        raise LedgerError(
            "This inquiry cannot be closed: {state}.", state=inquiry.state.label
        )
    why = _bounded(reason, LedgerError("Say why the inquiry is closed."))
    changes = {"state": InquiryState.CLOSED, "reason": why}
    return _change(work, inquiry, changes, version, "inquiry.close")


def listed(
    work: Work, states: Sequence[InquiryState] = (), wanted: Wanted = EVERYTHING
) -> Part[Inquiry]:
    """Read a part of the inquiries that the actor's office answers.

    Args:
        work: The unit of work.
        states: What became of them; none for all.
        wanted: Which part, sorted by `firm`, `number`, `region`, `state` or
            `received`.

    Returns:
        The inquiries, the last one first where nothing else is asked for.
    """
    columns = _table.c
    query = sa.select(_table).where(_answered_here(work))
    if states:
        query = query.where(columns.state.in_(states))
    places = {state.value: place for place, state in enumerate(InquiryState)}
    found = list_part.read(
        work,
        query,
        wanted,
        key=columns.id,
        own=[columns.id.desc()],
        by={
            "firm": [
                chinese_order(
                    sa.case((columns.firm != "", columns.firm), else_=columns.person)
                )
            ],
            "number": [columns.number],
            "region": [columns.region],
            "state": [sa.case(places, value=sa.cast(columns.state, sa.Text))],
            "received": [columns.received_at],
        },
    )
    return found.of(lambda row: rows.made(Inquiry, row))


def find_one(work: Work, inquiry_id: int) -> Inquiry | None:
    """Read one inquiry of the list.

    Args:
        work: The unit of work.
        inquiry_id: The inquiry.

    Returns:
        The inquiry; None where there is none, or another office answers it.
    """
    query = sa.select(_table).where(_answered_here(work), _table.c.id == inquiry_id)
    found = work.connection.execute(query).first()
    return None if found is None else rows.made(Inquiry, found)


def counts(work: Work) -> dict[InquiryState, int]:
    """Count the inquiries that the actor's office answers.

    Args:
        work: The unit of work.

    Returns:
        How many stand at each state.
    """
    found = work.connection.execute(
        sa
        .select(_table.c.state, sa.func.count())
        .where(_answered_here(work))
        .group_by(_table.c.state)
    )
    return dict.fromkeys(InquiryState, 0) | {row[0]: row[1] for row in found}


def _answered_here(work: Work) -> sa.ColumnElement[bool]:
    require(work.actor, Verb.INQUIRY_ANSWER)
    own = own_prefix(work.actor) or "-"
    return _table.c.region.startswith(own, autoescape=True)


def _own(work: Work, inquiry_id: int, version: int) -> Inquiry:
    inquiry = rows.get(work, _table, Inquiry, inquiry_id)
    require(work.actor, Verb.INQUIRY_ANSWER, inquiry.region)
    rows.require_version(inquiry, version, _table)
    return inquiry


def _change(
    work: Work, inquiry: Inquiry, changes: dict[str, Any], version: int, verb: str
) -> Inquiry:
    rows.change(work, _table, inquiry, changes, version=version, verb=verb)
    return rows.get(work, _table, Inquiry, inquiry.id)


def _faults(told: dict[str, str], region: str, *, consents: bool) -> list[LedgerError]:
    found = [
        LedgerError("{field} is missing.", field=FIELD_TITLES[name])
        for name in ASKED
        if not told[name]
    ]
    found += [
        LedgerError(
            "{field} has {got} letters, {most} are the most.",
            field=FIELD_TITLES[name],
            got=len(one),
            most=LENGTHS[name],
        )
        for name, one in told.items()
        if len(one) > LENGTHS[name]
    ]
    found += [
        LedgerError("{field} holds control characters.", field=FIELD_TITLES[name])
        for name, one in told.items()
        if _CONTROL.search(one)
    ]
    if told["contact"] and not _CONTACT.fullmatch(told["contact"]):
        found.append(LedgerError("The contact is no telephone number and no e-mail."))
    found += need_faults(told)
    if not is_code(region):
        found.append(LedgerError("Say which county is to answer."))
    if not consents:
        found.append(LedgerError("Without consent nothing of the inquiry may be kept."))
    return found


def _bounded(text: str, missing: LedgerError) -> str:
    said = text.strip()
    if not said:
        raise missing
    if len(said) > LENGTHS["text"]:
        raise LedgerError(
            "{field} has {got} letters, {most} are the most.",
            field=FIELD_TITLES["text"],
            got=len(said),
            most=LENGTHS["text"],
        )
    return said


def _new_number(work: Work) -> str:
    # On a day that used up nearly all numbers the tail grows.
    for attempt in count():
        pairs = 1 + attempt // TRIES
        tail = "".join(
            secrets.choice(signs) for signs in (LETTERS, LETTERS, DIGITS, DIGITS)
        ) + "".join(secrets.choice(LETTERS) for _ in range(2 * (pairs - 1)))
        number = f"ZX-{work.today():%Y%m%d}-{tail}"
        taken = sa.select(_table.c.id).where(_table.c.number == number)
        if work.connection.execute(taken).first() is None:
            break
    return number
