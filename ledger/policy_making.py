"""How a policy is made: points that are answered with evidence before it is published.

The points are a rule table (`rules_shipped/policy_making.toml`); an office puts its own
edition in force.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gis.errors import LedgerError
from ledger import rules
from ledger.unit_of_work import Work

TABLE: Final = "policy_making"
MOST: Final = 2_000


@dataclass(frozen=True)
class Point:
    """One point that is answered before a policy is published."""

    code: str
    title: str
    english: str
    help: str


@dataclass(frozen=True)
class Answer:
    """What is answered to a point, and what proves it."""

    answer: str
    evidence: str

    @property
    def whole(self) -> bool:
        """Whether both are told."""
        return bool(self.answer.strip() and self.evidence.strip())


def points(work: Work) -> list[Point]:
    """List the points of the table in force.

    Args:
        work: The unit of work.

    Returns:
        The points, in its order.
    """
    return [
        Point(
            code=str(entry["code"]),
            title=str(entry["title"]),
            english=str(entry.get("english") or entry["title"]),
            help=str(entry.get("help") or ""),
        )
        for entry in rules.in_force(work, TABLE).data["point"]
    ]


def answers(checklist: str) -> dict[str, Answer]:
    """Read the answers that an edition holds.

    Args:
        checklist: JSON; "" for none.

    Returns:
        Answers by code of the point.
    """
    told = json.loads(checklist) if checklist else {}
    return {
        code: Answer(str(one["answer"]), str(one["evidence"]))
        for code, one in told.items()
    }


def written(work: Work, told: Mapping[str, Answer]) -> str:
    """Write answers as an edition holds them.

    Args:
        work: The unit of work.
        told: Answers by code of the point.

    Returns:
        JSON.

    Raises:
        LedgerError: A point is not in the table in force, or an answer is too long.
    """
    known = {one.code for one in points(work)}
    if unknown := sorted(set(told) - known):
        raise LedgerError(
            "The checklist has no point {codes}.", codes=", ".join(unknown)
        )
    long = [one for one in told.values() if max(map(len, vars(one).values())) > MOST]
    if long:
        raise LedgerError("An answer has at most {most} characters.", most=MOST)
    return json.dumps(
        {
            code: {"answer": one.answer.strip(), "evidence": one.evidence.strip()}
            for code, one in told.items()
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def missing(work: Work, checklist: str) -> list[LedgerError]:
    """Find the points that are not answered with evidence.

    Args:
        work: The unit of work.
        checklist: The answers of an edition, as JSON.

    Returns:
        One error for each point of the table in force.
    """
    told = answers(checklist)
    return [
        LedgerError(
            "{point}: answer it, and say what proves the answer.", point=one.title
        )
        for one in points(work)
        if one.code not in told or not told[one.code].whole
    ]


def faults(data: Mapping[str, Any]) -> list[LedgerError]:
    """Find what is wrong with a table of points.

    Args:
        data: The table, as TOML reads it.

    Returns:
        One error for each fault.
    """
    entries = data.get("point") or []
    found = [
        LedgerError(
            "Point {number} of making a policy needs a code and a title.",
            number=number,
        )
        for number, entry in enumerate(entries, start=1)
        if not (entry.get("code") and entry.get("title"))
    ]
    codes = [entry.get("code") for entry in entries]
    if not codes or len(set(codes)) != len(codes):
        found.append(
            LedgerError("The checklist needs points, each with a code of its own.")
        )
    return found
