"""Appraisals before signing: prepared, submitted, spoken to, decided and frozen.

What is decided stays as it was: one JSON of project, figures, answers, gates, site
evidence, opinions and the versions of data and code they rested on.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import (
    appraisal_checklist,
    casework_tables,
    list_part,
    rows,
    rules,
    tables,
)
from ledger.access import Verb, require
from ledger.appraisal_checklist import Answer, Answers, Checklist, gates_clear
from ledger.appraisal_figures import figures
from ledger.casework import Appraisal, AppraisalState, Decision, Opinion, View
from ledger.chinese_order import chinese_order
from ledger.list_part import EVERYTHING, Part, Wanted
from ledger.model import Project
from ledger.owned import project_for, seen
from ledger.unit_of_work import Work

_table = casework_tables.appraisal
_opinions = casework_tables.opinion
_HASH = re.compile("[0-9a-f]{64}")
_HEAD = ("id", "state", "decision", "decided_on")
_PROJECT = ("code", "title", "region", "stage", "synthetic")


@dataclass(frozen=True)
class Site:
    """The screening that an appraisal's site rests on.

    Attributes:
        parcel_id: The parcel.
        state: "pass", "fail" or "not_checked": what the screening came to for it.
        score: Its score, 0 to 100; None where the need has no factors.
        result_hash: The screening's hash, so that it can be run again.
        need: The need that was screened, JSON.
        layers: Version of each layer it was measured on.
        facts: Version of the facts.
        earlier_hash: Hash of the screening that put the parcel on the shortlist, ""
            where it was put there by hand.
    """

    parcel_id: str
    state: str
    score: float | None
    result_hash: str
    need: str
    layers: Mapping[str, str]
    facts: str
    earlier_hash: str = ""


@dataclass(frozen=True)
class Card:
    """An appraisal as a list shows it, with its project and the opinions it has.

    What was written and frozen is left out: a list reads thousands.
    """

    id: int
    state: AppraisalState
    decision: Decision | None
    decided_on: date | None
    code: str
    project: str
    region: str
    stage: str
    synthetic: bool
    opinions: int
    against: int


def checklist(work: Work, on: date | None = None) -> Checklist:
    """Return the checklist in force.

    Args:
        work: The unit of work.
        on: The day; today when not given.

    Returns:
        Its items, gates and whether signing needs it.
    """
    found = rules.in_force(work, appraisal_checklist.TABLE, on)
    return appraisal_checklist.of_rules(found)


def begin(work: Work, project_id: int) -> Appraisal:
    """Begin the appraisal of a project.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        An empty draft.

    Raises:
        LedgerError: One is under way already.
    """
    project_for(work, project_id, Verb.APPRAISAL_EDIT)
    under_way = [
        one for one in _of(work, project_id) if one.state is not AppraisalState.DECIDED
    ]
    if under_way:
        raise LedgerError("An appraisal of this project is under way already.")
    appraisal_id = rows.add(
        work,
        _table,
        {
            "project_id": project_id,
            "state": AppraisalState.DRAFT,
            "edition": checklist(work).edition,
            "answers": "",
            "site": "",
            "summary": "",
            "submitted_on": None,
            "decision": None,
            "decided_on": None,
            "decided_by": "",
            "reason": "",
            "frozen": "",
        },
        verb="appraisal.begin",
    )
    return rows.get(work, _table, Appraisal, appraisal_id)


def answer(
    work: Work, appraisal_id: int, *, version: int, answers: Answers, summary: str
) -> Appraisal:
    """Write the answers of a draft.

    Args:
        work: The unit of work.
        appraisal_id: The appraisal.
        version: The version that the person saw.
        answers: Answers by code of item or gate; those not named stay.
        summary: What it comes to.

    Returns:
        The appraisal as stored.

    Raises:
        LedgerError: It is no draft, or an answer is to nothing of the checklist.
    """
    appraisal = _draft(work, appraisal_id, version)
    asked = checklist(work)
    if strange := sorted(set(answers) - set(asked.codes)):
        raise LedgerError(
            "The checklist does not ask for {codes}.", codes=", ".join(strange)
        )
    merged = appraisal_checklist.read_answers(appraisal.answers) | dict(answers)
    changes = {
        "answers": appraisal_checklist.write_answers(merged),
        "summary": summary.strip(),
        "edition": asked.edition,
    }
    return _change(work, appraisal, changes, "appraisal.answer")


def rest_on(work: Work, appraisal_id: int, *, version: int, site: Site) -> Appraisal:
    """Put the screening under a draft that its site rests on.

    Args:
        work: The unit of work.
        appraisal_id: The appraisal.
        version: The version that the person saw.
        site: The screening, for one parcel.

    Returns:
        The appraisal as stored.

    Raises:
        LedgerError: It is no draft, or the screening has no hash or names no parcel.
    """
    appraisal = _draft(work, appraisal_id, version)
    if not site.parcel_id.strip() or not _HASH.fullmatch(site.result_hash):
        raise LedgerError(
            "Site evidence needs a parcel and the hash of the screening it comes from."
        )
    return _change(work, appraisal, {"site": _json(asdict(site))}, "appraisal.site")


def submit(work: Work, appraisal_id: int, *, version: int) -> Appraisal:
    """Submit a draft for opinions and a decision.

    Args:
        work: The unit of work.
        appraisal_id: The appraisal.
        version: The version that the person saw.

    Returns:
        The appraisal as stored.

    Raises:
        LedgerError: It is no draft, or lines are not answered; each is named.
    """
    appraisal = _draft(work, appraisal_id, version)
    asked = checklist(work)
    answers = appraisal_checklist.read_answers(appraisal.answers)
    if missing := appraisal_checklist.missing(asked, answers):
        raise LedgerError(
            "The appraisal cannot be submitted yet.",
            faults=[
                LedgerError("{line}: nothing is written.", line=line)
                for line in missing
            ],
        )
    changes = {
        "state": AppraisalState.SUBMITTED,
        "submitted_on": work.today(),
        "edition": asked.edition,
    }
    return _change(work, appraisal, changes, "appraisal.submit")


def take_back(work: Work, appraisal_id: int, *, why: str, version: int) -> Appraisal:
    """Make a submitted appraisal a draft again; its opinions stay.

    Args:
        work: The unit of work.
        appraisal_id: The appraisal.
        why: The reason; it goes before the summary.
        version: The version that the person saw.

    Returns:
        The appraisal as stored.

    Raises:
        LedgerError: It is not waiting for a decision, or the reason is missing.
    """
    appraisal, _ = _own(work, appraisal_id, Verb.APPRAISAL_EDIT, version)
    _require_submitted(appraisal)
    if not why.strip():
        raise LedgerError("Say why the appraisal is taken back.")
    changes = {
        "state": AppraisalState.DRAFT,
        "submitted_on": None,
        "summary": f"{why.strip()}\n{appraisal.summary}".strip(),
    }
    return _change(work, appraisal, changes, "appraisal.take_back")


def say(work: Work, appraisal_id: int, *, view: View, text: str) -> Opinion:
    """Give an opinion to a submitted appraisal; it is never changed.

    Args:
        work: The unit of work; the opinion is its actor's, in their role.
        appraisal_id: The appraisal.
        view: For, for with conditions, or against.
        text: Why.

    Returns:
        The opinion as stored.

    Raises:
        LedgerError: The appraisal is not waiting for a decision, or nothing is said.
    """
    appraisal = rows.get(work, _table, Appraisal, appraisal_id)
    project = project_for(work, appraisal.project_id, Verb.APPRAISAL_SAY)
    _require_submitted(appraisal)
    if not text.strip():
        raise LedgerError("An opinion needs its reasons.")
    opinion_id = rows.add(
        work,
        _opinions,
        {
            "appraisal_id": appraisal_id,
            "role": work.actor.role,
            "office": work.actor.office,
            "view": view,
            "text": text.strip(),
            "said_at": work.now(),
            "said_by": work.actor.name,
        },
        verb="opinion.say",
        project_id=project.id,
    )
    return rows.get(work, _opinions, Opinion, opinion_id)


def decide(  # noqa: PLR0913 - what is decided, and what it rests on
    work: Work,
    appraisal_id: int,
    *,
    decision: Decision,
    reason: str,
    version: int,
    data: Mapping[str, str],
    software: str,
) -> Appraisal:
    """Decide an appraisal; from then on nothing of it changes.

    Args:
        work: The unit of work.
        appraisal_id: The appraisal.
        decision: What it comes to.
        reason: Why; may be left out only for bringing in what passes every gate.
        version: The version that the person saw.
        data: Version of each layer in force.
        software: Version of the code.

    Returns:
        The appraisal as stored, frozen.

    Raises:
        LedgerError: It is not waiting for a decision, or needs a reason.
    """
    appraisal, project = _own(work, appraisal_id, Verb.APPRAISAL_DECIDE, version)
    _require_submitted(appraisal)
    asked = checklist(work)
    answers = appraisal_checklist.read_answers(appraisal.answers)
    passes = decision is Decision.BRING_IN and gates_clear(asked, answers)
    if not passes and not reason.strip():
        raise LedgerError(
            "Give the reason: it may be left out only for bringing in a project that "
            "was checked against every gate and passes."
        )
    decided = {
        "state": AppraisalState.DECIDED,
        "decision": decision,
        "decided_on": work.today(),
        "decided_by": work.actor.name,
        "reason": reason.strip(),
        "edition": asked.edition,
    }
    frozen = _frozen(
        appraisal,
        project,
        asked,
        opinions(work, appraisal_id),
        decided | {"data": dict(data), "software": software},
    )
    return _change(work, appraisal, decided | {"frozen": frozen}, "appraisal.decide")


def get(work: Work, appraisal_id: int) -> Appraisal:
    """Read one appraisal.

    Args:
        work: The unit of work.
        appraisal_id: The appraisal.

    Returns:
        The appraisal as it is now.
    """
    appraisal = rows.get(work, _table, Appraisal, appraisal_id)
    project_for(work, appraisal.project_id, Verb.PROJECT_READ)
    return appraisal


def of(work: Work, project_id: int) -> list[Appraisal]:
    """List a project's appraisals, the newest first.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        The appraisals.
    """
    project_for(work, project_id, Verb.PROJECT_READ)
    return _of(work, project_id)


def opinions(work: Work, appraisal_id: int) -> list[Opinion]:
    """List the opinions given to an appraisal, in the order they were given.

    Args:
        work: The unit of work.
        appraisal_id: The appraisal.

    Returns:
        The opinions.
    """
    get(work, appraisal_id)
    found = work.connection.execute(
        sa
        .select(_opinions)
        .where(_opinions.c.appraisal_id == appraisal_id)
        .order_by(_opinions.c.id)
    )
    return [rows.made(Opinion, row) for row in found]


def all_seen(
    work: Work,
    *,
    states: Sequence[AppraisalState] = (),
    wanted: Wanted = EVERYTHING,
) -> Part[Card]:
    """Read a part of the appraisals of projects that the actor may see.

    Args:
        work: The unit of work.
        states: States to keep; none for all.
        wanted: Which part, sorted by `project`, `state`, `region`, `opinions` or
            `decided`.

    Returns:
        Where nothing else is asked for those that wait for a decision first, then
        drafts, then the newest decisions.
    """
    require(work.actor, Verb.PROJECT_READ)
    project = tables.project.c
    of_one = _opinions.c.appraisal_id == _table.c.id
    counted = [
        sa.select(sa.func.count(_opinions.c.id)).where(of_one, *more).scalar_subquery()
        for more in ((), (_opinions.c.view == View.AGAINST,))
    ]
    order = sa.case(
        (_table.c.state == AppraisalState.SUBMITTED, 0),
        (_table.c.state == AppraisalState.DRAFT, 1),
        else_=2,
    )
    query = (
        sa
        .select(
            *(_table.c[name] for name in _HEAD),
            *(project[name] for name in _PROJECT),
            *counted,
        )
        .join(tables.project, project.id == _table.c.project_id)
        .where(seen(work))
    )
    if states:
        query = query.where(_table.c.state.in_(states))
    places = {state.value: place for place, state in enumerate(AppraisalState)}
    found = list_part.read(
        work,
        query,
        wanted,
        key=_table.c.id,
        own=[order, _table.c.decided_on.desc(), _table.c.id.desc()],
        by={
            "project": [chinese_order(project.title)],
            "state": [sa.case(places, value=sa.cast(_table.c.state, sa.Text))],
            "region": [project.region],
            "opinions": [counted[0]],
            "decided": [_table.c.decided_on],
        },
    )
    return found.of(_card)


def count(work: Work) -> dict[tuple[AppraisalState, Decision | None], int]:
    """Count the appraisals of projects that the actor may see.

    Args:
        work: The unit of work.

    Returns:
        How many there are by state and decision; what does not occur is left out.
    """
    require(work.actor, Verb.PROJECT_READ)
    found = work.connection.execute(
        sa
        .select(_table.c.state, _table.c.decision, sa.func.count())
        .join(tables.project, tables.project.c.id == _table.c.project_id)
        .where(seen(work))
        .group_by(_table.c.state, _table.c.decision)
    )
    return {(state, decision): int(some) for state, decision, some in found}


def signing_fault(work: Work, project: Project) -> LedgerError | None:
    """Tell what stands against signing a project, as far as appraisals go.

    Args:
        work: The unit of work.
        project: The project.

    Returns:
        What to tell whoever signs it; None where a decision brings it in.
    """
    decided = [one for one in _of(work, project.id) if one.decision is not None]
    if not decided:
        return LedgerError(
            "No appraisal of this project is decided: signing comes after it."
        )
    newest = decided[0]
    if newest.decision is Decision.DO_NOT:
        return LedgerError(
            "The appraisal of {day} says not to bring this project in.",
            day=newest.decided_on,
        )
    return None


def require_signable(work: Work, project: Project) -> None:
    """Refuse to sign a project where the rule table asks for an appraisal.

    Args:
        work: The unit of work.
        project: The project.

    Raises:
        LedgerError: The table requires a decision to bring it in, and there is none.
    """
    if not checklist(work).required:
        return
    fault = signing_fault(work, project)
    if fault is not None:
        raise LedgerError("The project cannot be signed yet.", faults=[fault])


def require_none_asked(work: Work, signed_on: date) -> None:
    """Refuse to add a project as signed where its signing had to be appraised.

    Args:
        work: The unit of work.
        signed_on: The day it was signed.

    Raises:
        LedgerError: The table that held on that day requires a decision.
    """
    if not checklist(work, signed_on).required:
        return
    raise LedgerError(
        "A project signed on {day} needs a decided appraisal: add it as it was before "
        "signing, have it appraised, then move it on.",
        day=signed_on,
    )


def site_of(appraisal: Appraisal) -> Site | None:
    """Read the screening that an appraisal rests on; None where there is none."""
    return Site(**json.loads(appraisal.site)) if appraisal.site else None


def _frozen(
    appraisal: Appraisal,
    project: Project,
    asked: Checklist,
    said: Sequence[Opinion],
    decided: Mapping[str, Any],
) -> str:
    """Write all that a decision rested on."""
    answers = appraisal_checklist.read_answers(appraisal.answers)
    return _json({
        "project": asdict(project),
        "figures": [asdict(one) for one in figures(project)],
        "checklist": {
            "edition": asked.edition,
            "source": asked.source,
            "confidence": asked.confidence,
        },
        "items": [
            asdict(one) | _told(answers.get(one.code, Answer())) for one in asked.items
        ],
        "gates": [
            asdict(one)
            | {"filled": one.filled}
            | _told(answers.get(one.code, Answer()))
            for one in asked.gates
        ],
        "site": json.loads(appraisal.site) if appraisal.site else None,
        "summary": appraisal.summary,
        "submitted_on": appraisal.submitted_on,
        "opinions": [asdict(one) for one in said],
        **decided,
    })


def _told(given: Answer) -> dict[str, str]:
    return {"found": given.found.value, "text": given.text}


def _json(told: Any) -> str:  # noqa: ANN401 - anything that JSON holds
    return json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)


def _of(work: Work, project_id: int) -> list[Appraisal]:
    found = work.connection.execute(
        sa
        .select(_table)
        .where(_table.c.project_id == project_id)
        .order_by(_table.c.id.desc())
    )
    return [rows.made(Appraisal, row) for row in found]


def _own(
    work: Work, appraisal_id: int, verb: Verb, version: int
) -> tuple[Appraisal, Project]:
    appraisal = rows.get(work, _table, Appraisal, appraisal_id)
    project = project_for(work, appraisal.project_id, verb)
    rows.require_version(appraisal, version, _table)
    return appraisal, project


def _draft(work: Work, appraisal_id: int, version: int) -> Appraisal:
    appraisal, _ = _own(work, appraisal_id, Verb.APPRAISAL_EDIT, version)
    if appraisal.state is not AppraisalState.DRAFT:
        raise LedgerError(
            "The appraisal is no draft ({state}): take it back before changing it, or "
            "begin a new one.",
            state=appraisal.state.label,
        )
    return appraisal


def _require_submitted(appraisal: Appraisal) -> None:
    if appraisal.state is not AppraisalState.SUBMITTED:
        raise LedgerError(
            "The appraisal is not waiting for a decision ({state}).",
            state=appraisal.state.label,
        )


def _change(
    work: Work, appraisal: Appraisal, changes: dict[str, Any], verb: str
) -> Appraisal:
    rows.change(work, _table, appraisal, changes, version=appraisal.version, verb=verb)
    return rows.get(work, _table, Appraisal, appraisal.id)


def _card(row: sa.Row[Any]) -> Card:
    values = dict(zip((one.name for one in fields(Card)), row, strict=True))
    return Card(**{**values, "synthetic": bool(values["synthetic"])})
