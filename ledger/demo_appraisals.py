"""The demo's appraisals: answered, spoken to by named roles, decided by a leader."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gis.words import Title
from ledger import appraisals
from ledger.appraisal_checklist import Answer, Found
from ledger.casework import Decision, View
from ledger.model import Actor, Role
from ledger.unit_of_work import Work

Entry = Mapping[str, Any]
LEADER = Actor(name=Title("Demonstration leader"), role=Role.LEADER, region="520000")
SYNTHETIC = {"sample": "synthetic"}


def load(work: Work, entries: Sequence[Entry], numbers: Mapping[str, int]) -> None:
    """Add the demo's appraisals.

    Args:
        work: The unit of work of the demo.
        entries: Of `casework/appraisals.json`.
        numbers: Numbers of the demo's projects by code.
    """
    for entry in entries:
        made = appraisals.begin(work, numbers[entry["project"]])
        made = appraisals.answer(
            work,
            made.id,
            version=made.version,
            answers={
                code: Answer(Found(one["found"]), one["text"])
                for code, one in entry["answers"].items()
            },
            summary=entry["summary"],
        )
        if entry.get("submit"):
            appraisals.submit(work, made.id, version=made.version)
        for said in entry.get("opinions") or ():
            _say(work, made.id, said)
        if entry.get("decision"):
            _decide(work, made.id, entry)


def _say(work: Work, appraisal_id: int, said: Entry) -> None:
    role = Role(said["role"])
    who = Actor(name=work.actor.name, role=role, region="520000", office=said["office"])
    appraisals.say(
        replace(work, actor=who),
        appraisal_id,
        view=View(said["view"]),
        text=said["text"],
    )


def _decide(work: Work, appraisal_id: int, entry: Entry) -> None:
    appraisals.decide(
        replace(work, actor=LEADER),
        appraisal_id,
        decision=Decision(entry["decision"]),
        reason=entry["reason"],
        version=appraisals.get(work, appraisal_id).version,
        data=SYNTHETIC,
        software=SYNTHETIC["sample"],
    )
