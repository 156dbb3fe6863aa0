"""The policy desk: documents are drafted, published in editions, repealed and read."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from gis.errors import LedgerError
from gis.words import Title
from ledger import applicability, policy_making, rows
from ledger.access import Verb, is_code, may, own_prefix, require
from ledger.model import Role
from ledger.policy import (
    Edition,
    EditionState,
    Held,
    Origin,
    Policy,
    PolicyState,
    Terms,
)
from ledger.policy_making import Answer
from ledger.policy_tables import policy as _table
from ledger.policy_tables import policy_edition as _edition
from ledger.unit_of_work import Work

OPEN: Final = (PolicyState.PUBLISHED, PolicyState.REPEALED)
"""What everybody may read; a repealed document stays readable and never applies."""

LENGTHS: Final[Mapping[str, int]] = {
    "title": 300,
    "document_number": 100,
    "issuer": 200,
    "dates_note": 500,
    "abstract": 10_000,
    "text": 500_000,
    "to_do": 5_000,
    "ask": 50,
    "source": 1_000,
    "applies": 20_000,
}
FIELD_TITLES: Final[Mapping[str, Title]] = {
    "title": Title("Title of the document"),
    "document_number": Title("Document number"),
    "issuer": Title("Issuer"),
    "level": Title("Level of the issuer"),
    "topic": Title("Topic"),
    "issued_on": Title("Issued on"),
    "effective_on": Title("In force from"),
    "until_on": Title("In force until"),
    "dates_note": Title("About the dates"),
    "abstract": Title("Abstract"),
    "text": Title("Text of the document"),
    "to_do": Title("What to do"),
    "ask": Title("Whom to ask"),
    "source": Title("Source"),
    "confidence": Title("Confidence"),
    "applies": Title("To whom it applies"),
}
_DAYS: Final = ("issued_on", "effective_on", "until_on")


def draft(
    work: Work, terms: Terms, *, keeper: str, origin: Origin, code: str = ""
) -> Policy:
    """Write a document down as a draft, which only the offices of its place see.

    Args:
        work: The unit of work.
        terms: What is known of it.
        keeper: Code of the place whose offices keep the entry.
        origin: Whether it is made here: then the checklist comes before publishing.
        code: Its name for ever; made of the keeper and a number where none is given.

    Returns:
        The document, with its first edition.

    Raises:
        LedgerError: The terms are faulty, or the code is taken.
    """
    require(work.actor, Verb.POLICY_EDIT, keeper)
    _require_good(terms, keeper)
    policy_id = rows.add(
        work,
        _table,
        {
            "code": _free(work, code) if code else _next_code(work, keeper),
            "keeper": keeper,
            "origin": origin,
            "state": PolicyState.DRAFT,
            "edition": 0,
            "ended_on": None,
            "end_reason": "",
            "shipped": "",
        },
        verb="policy.draft",
    )
    _add_edition(work, policy_id, 1, terms, "")
    return _read(work, policy_id)


def edit(work: Work, edition_id: int, terms: Terms, *, version: int) -> Edition:
    """Change the draft of an edition.

    Args:
        work: The unit of work.
        edition_id: The edition.
        terms: All that is written of the document now.
        version: The version of the edition that the person saw.

    Returns:
        The edition as stored.
    """
    policy, edition = _draft(work, edition_id, Verb.POLICY_EDIT)
    _require_good(terms, policy.keeper)
    return _change(work, edition, asdict(terms), version, "policy.edit")


def revise(work: Work, policy_id: int, *, why: str, version: int) -> Edition:
    """Begin a new edition of a published document; the old one holds until then.

    Args:
        work: The unit of work.
        policy_id: The document.
        why: Why it is changed.
        version: The version of the document that the person saw.

    Returns:
        The new edition, a draft with the terms of the newest one.

    Raises:
        LedgerError: A draft is there already, the document was never published or is
            repealed, or the reason is missing.
    """
    policy = _read(work, policy_id)
    require(work.actor, Verb.POLICY_EDIT, policy.keeper)
    rows.require_version(policy, version, _table)
    reason = _told(why, LedgerError("Say why the document is changed."))
    found = _editions(work, policy_id)
    if any(one.state is EditionState.DRAFT for one in found):
        raise LedgerError("There is a draft of this document already: change that.")
    if policy.state is PolicyState.REPEALED:
        raise LedgerError("The document is repealed: what follows it is a new one.")
    newest = max(
        (one for one in found if one.state is EditionState.PUBLISHED),
        key=lambda one: one.number,
        default=found[-1],
    )
    number = found[-1].number + 1
    edition_id = _add_edition(work, policy_id, number, newest.terms, reason)
    return rows.get(work, _edition, Edition, edition_id)


def drop(work: Work, edition_id: int, *, why: str, version: int) -> Edition:
    """Drop the draft of an edition; it stays in the history.

    Args:
        work: The unit of work.
        edition_id: The edition.
        why: Why it is not followed.
        version: The version of the edition that the person saw.

    Returns:
        The edition as stored.
    """
    _, edition = _draft(work, edition_id, Verb.POLICY_EDIT)
    changes = {
        "state": EditionState.DROPPED,
        "why": _told(why, LedgerError("Say why the draft is dropped.")),
    }
    return _change(work, edition, changes, version, "policy.drop")


def answer(
    work: Work, edition_id: int, answers: Mapping[str, Answer], *, version: int
) -> Edition:
    """Answer points of the checklist of making a policy.

    Args:
        work: The unit of work.
        edition_id: The edition, a draft.
        answers: Answers by code of the point; others stay as they are.
        version: The version of the edition that the person saw.

    Returns:
        The edition as stored.
    """
    _, edition = _draft(work, edition_id, Verb.POLICY_EDIT)
    told = policy_making.answers(edition.checklist) | dict(answers)
    text = policy_making.written(work, told)
    return _change(work, edition, {"checklist": text}, version, "policy.answer")


def publish(work: Work, edition_id: int, *, version: int) -> Policy:
    """Publish an edition: from then on it stays as it is, and everybody reads it.

    Args:
        work: The unit of work.
        edition_id: The edition, a draft.
        version: The version of the edition that the person saw.

    Returns:
        The document as stored.

    Raises:
        LedgerError: A point of the checklist has no answer with evidence, or what a
            document of somebody else was read from is not told; all faults are told.
    """
    policy, edition = _draft(work, edition_id, Verb.POLICY_PUBLISH)
    rows.require_version(edition, version, _edition)
    if found := _unready(work, policy, edition):
        raise LedgerError("The document cannot be published yet.", faults=found)
    _change(
        work,
        edition,
        {
            "state": EditionState.PUBLISHED,
            "published_on": work.today(),
            "published_by": work.actor.name,
        },
        version,
        "policy.publish",
    )
    changes = {
        "state": PolicyState.PUBLISHED,
        "edition": edition.number,
        "end_reason": "",
    }
    return _move(work, policy, changes, policy.version, "policy.published")


def withdraw(work: Work, policy_id: int, *, why: str, version: int) -> Policy:
    """Take a document off the desk that should not have been published.

    Args:
        work: The unit of work.
        policy_id: The document.
        why: What was wrong.
        version: The version that the person saw.

    Returns:
        The document as stored: its offices still see it, and a new edition brings it
        back.
    """
    policy = _published(work, policy_id)
    changes = {
        "state": PolicyState.WITHDRAWN,
        "end_reason": _told(why, LedgerError("Say why it is taken off the desk.")),
    }
    return _move(work, policy, changes, version, "policy.withdraw")


def repeal(work: Work, policy_id: int, *, on: date, why: str, version: int) -> Policy:
    """Tell that a document is repealed: it stays readable and applies no more.

    Args:
        work: The unit of work.
        policy_id: The document.
        on: The first day it holds no more.
        why: By which document, and why.
        version: The version that the person saw.

    Returns:
        The document as stored.
    """
    policy = _published(work, policy_id)
    changes = {
        "state": PolicyState.REPEALED,
        "ended_on": on,
        "end_reason": _told(why, LedgerError("Say by which document it is repealed.")),
    }
    return _move(work, policy, changes, version, "policy.repeal")


def get(work: Work, policy_id: int) -> Policy:
    """Read one document.

    Args:
        work: The unit of work.
        policy_id: The document.

    Returns:
        The document as it is now.

    Raises:
        LedgerError: There is none, or none that the actor may read.
    """
    policy = _read(work, policy_id)
    if policy.state in OPEN or _inside(work, policy.keeper):
        require(work.actor, Verb.POLICY_READ)
        return policy
    raise LedgerError(
        "The ledger has no {entity} number {id}.",
        entity=rows.ENTITIES[_table.name],
        id=policy_id,
    )


def editions(work: Work, policy_id: int) -> list[Edition]:
    """List the editions of a document, the newest first.

    Args:
        work: The unit of work.
        policy_id: The document.

    Returns:
        The editions; drafts only for who writes or publishes in its place.
    """
    policy = get(work, policy_id)
    inside = _inside(work, policy.keeper)
    return [
        _as_seen(work, one)
        for one in reversed(_editions(work, policy_id))
        if inside or one.state is EditionState.PUBLISHED
    ]


def drafts(work: Work) -> list[tuple[Policy, Edition]]:
    """List the drafts that the actor writes or publishes, the newest first.

    Args:
        work: The unit of work.

    Returns:
        The documents, each with its draft.
    """
    own = own_prefix(work.actor)
    if own is None or not _inside(work):
        return []
    found = _pairs(
        work,
        _edition.c.state == EditionState.DRAFT,
        _table.c.keeper.startswith(own, autoescape=True),
    )
    return sorted(found, key=lambda pair: -pair[1].id)


def ready(work: Work) -> list[tuple[Policy, Edition]]:
    """List the drafts that wait for the actor to publish them.

    Args:
        work: The unit of work.

    Returns:
        Document and draft of places where the actor publishes, those alone to which
        nothing is missing any more.
    """
    return [
        (policy, edition)
        for policy, edition in drafts(work)
        if may(work.actor, Verb.POLICY_PUBLISH, policy.keeper)
        and not _unready(work, policy, edition)
    ]


def on_day(work: Work, day: date | None = None) -> list[Held]:
    """Read every published document as it stands on a day.

    Args:
        work: The unit of work.
        day: The day; today when not given.

    Returns:
        The documents, by number: those that have ended or not begun among them.
    """
    require(work.actor, Verb.POLICY_READ)
    by_policy: dict[int, tuple[Policy, list[Edition]]] = {}
    for policy, edition in _pairs(
        work,
        _edition.c.state == EditionState.PUBLISHED,
        _table.c.state.in_(OPEN),
    ):
        seen = by_policy.setdefault(policy.id, (policy, []))
        seen[1].append(_as_seen(work, edition))
    asked = day or work.today()
    read = (Held.on(policy, found, asked) for policy, found in by_policy.values())
    return [one for one in read if one is not None]


def library_version(work: Work) -> str:
    """Tell the state of the published documents, as what is kept of them is keyed by.

    Args:
        work: The unit of work.

    Returns:
        A text that changes with every write and every day.
    """
    require(work.actor, Verb.POLICY_READ)
    said = work.connection.execute(
        sa.select(sa.func.count(), sa.func.max(_table.c.updated_at))
    ).one()
    return f"{said[0]} {said[1]} {work.today()}"


def _pairs(
    work: Work, *conditions: sa.ColumnElement[bool]
) -> list[tuple[Policy, Edition]]:
    """Read documents with their editions, in the order of their numbers."""
    columns = len(_table.c)
    found = work.connection.execute(
        sa
        .select(*_table.c, *_edition.c)
        .join(_edition, _edition.c.policy_id == _table.c.id)
        .where(*conditions)
        .order_by(_table.c.id, _edition.c.number)
    )
    policy, edition = list(_table.c.keys()), list(_edition.c.keys())
    return [
        (
            Policy(**dict(zip(policy, row[:columns], strict=True))),
            Edition(**dict(zip(edition, row[columns:], strict=True))),
        )
        for row in found
    ]


def _as_seen(work: Work, edition: Edition) -> Edition:
    """Leave out what stays in the offices: who wrote and published, why, answers."""
    if work.actor.role not in {Role.INVESTOR, Role.PUBLIC}:
        return edition
    return replace(edition, published_by="", updated_by="", why="", checklist="")


def _inside(work: Work, keeper: str | None = None) -> bool:
    """Tell whether the actor writes or publishes in a place, and so sees drafts."""
    verbs = (Verb.POLICY_EDIT, Verb.POLICY_PUBLISH)
    return any(may(work.actor, verb, keeper) for verb in verbs)


def _read(work: Work, policy_id: int) -> Policy:
    return rows.get(work, _table, Policy, policy_id)


def _editions(work: Work, policy_id: int) -> list[Edition]:
    found = work.connection.execute(
        sa
        .select(_edition)
        .where(_edition.c.policy_id == policy_id)
        .order_by(_edition.c.number)
    )
    return [rows.made(Edition, row) for row in found]


def _draft(work: Work, edition_id: int, verb: Verb) -> tuple[Policy, Edition]:
    edition = rows.get(work, _edition, Edition, edition_id)
    policy = _read(work, edition.policy_id)
    require(work.actor, verb, policy.keeper)
    if edition.state is not EditionState.DRAFT:
        raise LedgerError(
            "Edition {number} is {state} and stays as it is: begin a new edition.",
            number=edition.number,
            state=edition.state.label,
        )
    return policy, edition


def _published(work: Work, policy_id: int) -> Policy:
    policy = _read(work, policy_id)
    require(work.actor, Verb.POLICY_PUBLISH, policy.keeper)
    if policy.state is not PolicyState.PUBLISHED:
        raise LedgerError(
            "The document is not published now: its state is {state}.",
            state=policy.state.label,
        )
    return policy


def _unready(work: Work, policy: Policy, edition: Edition) -> Sequence[LedgerError]:
    if policy.state is PolicyState.REPEALED:
        return [LedgerError("The document is repealed: what follows it is a new one.")]
    found = applicability.faults(edition.applies)
    if policy.origin is Origin.MADE:
        return [*found, *policy_making.missing(work, edition.checklist)]
    if not edition.source:
        found.append(LedgerError("Say where the document was read."))
    return found


def _add_edition(
    work: Work, policy_id: int, number: int, terms: Terms, why: str
) -> int:
    return rows.add(
        work,
        _edition,
        asdict(terms)
        | {
            "policy_id": policy_id,
            "number": number,
            "state": EditionState.DRAFT,
            "checklist": "",
            "why": why,
            "published_on": None,
            "published_by": "",
        },
        verb="policy.edition",
    )


def _change(
    work: Work, edition: Edition, changes: dict[str, Any], version: int, verb: str
) -> Edition:
    rows.change(work, _edition, edition, changes, version=version, verb=verb)
    return rows.get(work, _edition, Edition, edition.id)


def _move(
    work: Work, policy: Policy, changes: dict[str, Any], version: int, verb: str
) -> Policy:
    rows.change(work, _table, policy, changes, version=version, verb=verb)
    return _read(work, policy.id)


def _free(work: Work, code: str) -> str:
    there = sa.select(_table.c.id).where(_table.c.code == code)
    if work.connection.scalar(there) is not None:
        raise LedgerError("The code {code} is taken by another policy.", code=code)
    return code


def _next_code(work: Work, keeper: str) -> str:
    """Number the documents of a place; only one unit writes at a time."""
    taken = work.connection.scalars(
        sa.select(_table.c.code).where(_table.c.keeper == keeper)
    )
    numbers = [code.removeprefix(f"{keeper}-") for code in taken]
    used = max((int(one) for one in numbers if one.isdigit()), default=0)
    return f"{keeper}-{used + 1:04d}"


def _require_good(terms: Terms, keeper: str) -> None:
    found = _faults(terms)
    if not is_code(keeper):
        found.append(
            LedgerError(
                "{field}: {value} is not a six-digit region code.",
                field=Title("Kept by"),
                value=keeper,
            )
        )
    if found:
        raise LedgerError("The document cannot be saved as it is.", faults=found)


def _faults(terms: Terms) -> list[LedgerError]:
    found = applicability.faults(terms.applies)
    if not terms.title.strip():
        found.append(LedgerError("{field}: fill this in.", field=FIELD_TITLES["title"]))
    found += [
        LedgerError(
            "{field}: {length} characters are too many, at most {most} are kept.",
            field=FIELD_TITLES[name],
            length=len(getattr(terms, name)),
            most=most,
        )
        for name, most in LENGTHS.items()
        if len(getattr(terms, name)) > most
    ]
    if terms.until_on is not None:
        found += [
            LedgerError(
                "{later} ({on}) lies before {earlier} ({before}).",
                later=FIELD_TITLES["until_on"],
                on=terms.until_on,
                earlier=FIELD_TITLES[name],
                before=day,
            )
            for name in _DAYS[:2]
            if (day := getattr(terms, name)) is not None and day > terms.until_on
        ]
    return found


def _told(text: str, missing: LedgerError) -> str:
    if not text.strip():
        raise missing
    return text.strip()
