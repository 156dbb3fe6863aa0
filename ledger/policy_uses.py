"""Where documents are used: the projects one touches, the promises made under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, TypeVar

import numpy as np
import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import casework_tables, policies, promises, rows, tables
from ledger.access import Verb, require
from ledger.casework import Promise, PromiseState
from ledger.model import Project, Stage
from ledger.owned import project_for, seen
from ledger.policy import (
    Edition,
    EditionState,
    Held,
    Policy,
    PolicyState,
    PromisePolicy,
    ends_on,
)
from ledger.policy_conditions import Answer, Answers
from ledger.policy_match import Matcher
from ledger.policy_subjects import of_projects
from ledger.policy_tables import promise_policy as _link
from ledger.unit_of_work import Work

WARN_DAYS: Final = 90
"""So many days before a document ends, the promises under it are warned."""

_Row = TypeVar("_Row")

_promise = casework_tables.promise
_project = tables.project


@dataclass(frozen=True)
class Touched:
    """Projects that a document applies to, or may.

    Attributes:
        sure: Those whose every condition is met.
        maybe: Those of which something is not known.
    """

    sure: tuple[Project, ...]
    maybe: tuple[Project, ...]


@dataclass(frozen=True)
class Caution:
    """Why promises under a document are to be looked at.

    Attributes:
        changed: Whether the document has another edition by now.
        ends: The last day the document holds, where that is near or past.
        gone: Whether it was taken off the desk.
    """

    changed: bool
    ends: date | None
    gone: bool


@dataclass(frozen=True)
class Under:
    """A promise under a document.

    Attributes:
        promise: The promise.
        link: Which edition it was made under.
        project: The project it was given to.
        caution: Why it is to be looked at; None where nothing is the matter.
    """

    promise: Promise
    link: PromisePolicy
    project: Project
    caution: Caution | None


def touched(work: Work, held: Held, before: Held | None = None) -> Touched:
    """List the projects that the actor may see and a document applies to, or may.

    Args:
        work: The unit of work.
        held: The document as it stands.
        before: As it stood before: then only projects that it now applies to more
            surely are listed.

    Returns:
        The projects, by code.
    """
    found = living(work)
    matcher = Matcher(of_projects(found))
    answers = matcher.answers(held)
    if before is not None:
        answers = np.where(
            answers > matcher.answers(before), answers, np.int8(Answer.NO)
        )
    return Touched(
        sure=_with(found, answers, Answer.YES),
        maybe=_with(found, answers, Answer.UNKNOWN),
    )


def living(work: Work) -> list[Project]:
    """List the projects that the actor may see and that have not ended.

    Args:
        work: The unit of work.

    Returns:
        The projects, by code.
    """
    require(work.actor, Verb.PROJECT_READ)
    found = work.connection.execute(
        sa
        .select(_project)
        .where(seen(work), _project.c.stage != Stage.ENDED)
        .order_by(_project.c.code)
    )
    return [rows.made(Project, row) for row in found]


def last_change(work: Work, policy_id: int) -> tuple[Held, Held | None] | None:
    """Read a document as its newest edition says, and as the one before did.

    Args:
        work: The unit of work.
        policy_id: The document.

    Returns:
        The newest published edition on the day it counts from, and the one before on
        the same day; None where nothing is published.
    """
    policy = policies.get(work, policy_id)
    published = [
        one
        for one in reversed(policies.editions(work, policy_id))
        if one.state is EditionState.PUBLISHED
    ]
    if not published or policy.state is not PolicyState.PUBLISHED:
        return None
    day = max(work.today(), published[-1].effective_on or work.today())
    newest = _held(policy, published, day)
    return newest, _held(policy, published[:-1], day) if published[1:] else None


def link(
    work: Work, promise_id: int, policy_id: int | None, *, version: int = 0
) -> PromisePolicy:
    """Tell which document a promise was made under, as its newest edition says.

    Args:
        work: The unit of work.
        promise_id: The promise.
        policy_id: The document; None takes the promise from under it.
        version: The version of the link that the person saw, 0 for none; telling the
            same document again says that its newest edition was looked at.

    Returns:
        The link as stored.

    Raises:
        LedgerError: The document is not published.
    """
    promise = promises.get(work, promise_id)
    project_for(work, promise.project_id, Verb.PROMISE_EDIT)
    edition = 0
    if policy_id is not None:
        policy = policies.get(work, policy_id)
        if policy.state not in policies.OPEN:
            raise LedgerError("A promise is made under a document that is published.")
        edition = policy.edition
    there = link_of(work, promise_id)
    said = {"policy_id": policy_id, "edition": edition}
    if there is None:
        rows.add(
            work,
            _link,
            said | {"promise_id": promise_id},
            verb="promise.under",
            project_id=promise.project_id,
        )
    else:
        rows.change(
            work,
            _link,
            there,
            said,
            version=version,
            verb="promise.under",
            project_id=promise.project_id,
        )
    found = work.connection.execute(
        sa.select(_link).where(_link.c.promise_id == promise_id)
    ).one()
    return rows.made(PromisePolicy, found)


def link_of(work: Work, promise_id: int) -> PromisePolicy | None:
    """Read which document a promise was made under.

    Args:
        work: The unit of work.
        promise_id: The promise.

    Returns:
        The link; None where nothing was ever told.
    """
    promises.get(work, promise_id)
    found = work.connection.execute(
        sa.select(_link).where(_link.c.promise_id == promise_id)
    ).first()
    return None if found is None else rows.made(PromisePolicy, found)


def of_project(work: Work, project_id: int) -> dict[int, Under]:
    """Read which documents the promises to a project were made under.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        What is known by number of the promise; one taken from under its document
        names none.
    """
    project_for(work, project_id, Verb.PROJECT_READ)
    found = _under(work, _promise.c.project_id == project_id)
    return {one.promise.id: one for one in found}


def under(work: Work, policy_id: int) -> list[Under]:
    """List the promises under a document, of projects that the actor may see.

    Args:
        work: The unit of work.
        policy_id: The document.

    Returns:
        The promises, those due first; settled ones are not warned.
    """
    policies.get(work, policy_id)
    return _under(work, _link.c.policy_id == policy_id)


def to_look_at(work: Work) -> list[Under]:
    """List the promises still due whose document changed, ends soon or is gone.

    Args:
        work: The unit of work.

    Returns:
        The promises, by the day their document ends.
    """
    found = _under(
        work,
        _promise.c.state == PromiseState.OPEN,
        _link.c.policy_id.is_not(None),
    )
    warned = [one for one in found if one.caution is not None]
    return sorted(
        warned,
        key=lambda one: (
            (one.caution.ends or date.max) if one.caution else date.max,
            one.promise.id,
        ),
    )


def ending(work: Work, keeper_prefix: str, days: int = WARN_DAYS) -> list[Held]:
    """List the documents kept in a place that end soon.

    Args:
        work: The unit of work.
        keeper_prefix: What the codes of the place begin with.
        days: How soon.

    Returns:
        The documents that still hold, the first to end before.
    """
    last = work.today() + timedelta(days=days)
    found = [
        (end, one)
        for one in policies.on_day(work)
        if one.policy.keeper.startswith(keeper_prefix)
        and (end := ends_on(one)) is not None
        and work.today() <= end <= last
    ]
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _under(work: Work, *conditions: sa.ColumnElement[bool]) -> list[Under]:
    require(work.actor, Verb.PROJECT_READ)
    columns = (len(_promise.c), len(_link.c))
    found = work.connection.execute(
        sa
        .select(*_promise.c, *_link.c, *_project.c)
        .join(_link, _link.c.promise_id == _promise.c.id)
        .join(_project, _project.c.id == _promise.c.project_id)
        .where(seen(work), *conditions)
        .order_by(_promise.c.state != PromiseState.OPEN, _promise.c.id)
    ).all()
    held = {one.policy.id: one for one in policies.on_day(work)} if found else {}
    listed = []
    for row in found:
        promise = _of(Promise, _promise, row[: columns[0]])
        told = _of(PromisePolicy, _link, row[columns[0] : sum(columns)])
        project = _of(Project, _project, row[sum(columns) :])
        caution = None
        if promise.state is PromiseState.OPEN and told.policy_id is not None:
            caution = _caution(work, told, held.get(told.policy_id))
        listed.append(Under(promise, told, project, caution))
    return listed


def _caution(work: Work, told: PromisePolicy, held: Held | None) -> Caution | None:
    if held is None:
        return Caution(changed=False, ends=None, gone=True)
    end = ends_on(held)
    near = end is not None and end <= work.today() + timedelta(days=WARN_DAYS)
    changed = told.edition != held.policy.edition
    if not near and not changed:
        return None
    return Caution(changed=changed, ends=end if near else None, gone=False)


def _of(kind: type[_Row], table: sa.Table, row: Sequence[Any]) -> _Row:
    return kind(**dict(zip(table.c.keys(), row, strict=True)))


def _held(policy: Policy, editions: Sequence[Edition], day: date) -> Held:
    found = Held.on(policy, editions, day)
    if found is None:
        raise LedgerError("The document has no published edition.")
    return found


def _with(
    projects: Sequence[Project], answers: Answers, answer: Answer
) -> tuple[Project, ...]:
    return tuple(
        one for one, found in zip(projects, answers, strict=True) if found == answer
    )
