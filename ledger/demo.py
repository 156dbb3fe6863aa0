"""Fill an empty ledger with the demo's projects, once."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from gis.errors import LedgerError
from gis.words import Title
from ledger import demo_casework, fields, problems, projects, tables
from ledger.model import Actor, Level, ProblemKind, Role, Stage
from ledger.unit_of_work import CHINA, Ledger, Work

CLERK = Actor(name=Title("Demonstration"), role=Role.PROVINCE, region="520000")
"""Who the history names for what the demo's file brought."""

_NAME = "demo"
_DATES = ("signed_on", "started_on", "production_on")
_PLAIN = (
    "code",
    "title",
    "investor",
    "industry",
    "region",
    "investment_wan_cny",
    "output_wan_cny",
    "tax_wan_cny",
    "jobs",
    "owner",
    "leader",
    "land_demand_mu",
    "demand_met",
)

Entry = Mapping[str, Any]


def load(ledger: Ledger, path: Path) -> int:
    """Load the demo's projects, all or none; a second time does nothing.

    Args:
        ledger: The ledger.
        path: The demo's file, JSON.

    Returns:
        How many projects were added.

    Raises:
        LedgerError: The file cannot be read, or entries cannot be stored; each is
            named with every fault.
    """
    with ledger.begin(CLERK) as work:
        if _loaded(work):
            return 0
        data, digest = _read(path)
        told = _day(data.get("as_of"))
        if isinstance(told, date):
            _not_before(work, told)
        entries = _list(data, "projects")
        _require_good(work, entries)
        added = {entry["code"]: _add(work, entry) for entry in entries}
        demo_casework.load(work, path.parent / "casework", added)
        work.connection.execute(
            tables.loaded_file.insert().values(
                name=_NAME,
                sha256=digest,
                as_of=told if isinstance(told, date) else None,
                loaded_at=work.now(),
            )
        )
        work.commit()
    return len(entries)


def as_of(work: Work) -> date | None:
    """Return the day the demo's figures are of; None where no demo is loaded."""
    return work.connection.scalar(
        sa.select(tables.loaded_file.c.as_of).where(tables.loaded_file.c.name == _NAME)
    )


def _not_before(work: Work, day: date) -> None:
    """Let the demo be of a day that this machine's clock has not reached."""
    clock = work.clock
    first = datetime.combine(day, time(12), CHINA)
    work.clock = lambda: max(clock(), first)


def _loaded(work: Work) -> bool:
    return (
        work.connection.scalar(
            sa
            .select(sa.func.count())
            .select_from(tables.loaded_file)
            .where(tables.loaded_file.c.name == _NAME)
        )
        != 0
    )


def _read(path: Path) -> tuple[dict[str, Any], str]:
    try:
        raw = path.read_bytes()
        data = json.loads(raw)
    except (OSError, ValueError) as error:
        raise LedgerError(
            "The demo's file {file} cannot be read ({reason}).",
            file=path,
            reason=str(error),
        ) from error
    if not isinstance(data, dict) or data.get("synthetic") is not True:
        raise LedgerError(
            "The file {file} does not say that it is synthetic: the demo loads "
            "nothing else.",
            file=path,
        )
    return data, sha256(raw).hexdigest()


def _list(data: Entry, name: str) -> Sequence[Entry]:
    found = data.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise LedgerError("The demo's file has no list of {name}.", name=name)
    return found


def _require_good(work: Work, entries: Sequence[Entry]) -> None:
    """Refuse the file when any entry is faulty, naming them all."""
    found = []
    seen: set[str] = set()
    for at, entry in enumerate(entries, start=1):
        faults = _faults(work, entry)
        code = str(entry.get("code") or "")
        if not code or code in seen:
            faults.append(LedgerError("The code {code} is taken or empty.", code=code))
        seen.add(code)
        if faults:
            found.append(
                LedgerError(
                    "Project {number} ({code}):", number=at, code=code, faults=faults
                )
            )
    if found:
        raise LedgerError("The demo's file cannot be loaded.", faults=found)


def _faults(work: Work, entry: Entry) -> list[LedgerError]:
    try:
        return [
            *fields.faults(_values(entry)),
            *fields.future(_values(entry), work.today()),
            *(
                fault
                for problem in _list(entry, "problems")
                for fault in _problem_faults(problem, work.today())
            ),
            *(
                LedgerError("A milestone needs a title and days (YYYY-MM-DD).")
                for milestone in _list(entry, "milestones")
                if _milestone(milestone) is None
            ),
        ]
    except LedgerError as error:
        return [error]


def _problem_faults(entry: Entry, today: date) -> list[LedgerError]:
    opened, closed = _day(entry.get("opened_on")), _day(entry.get("closed_on"))
    wrong = (
        entry.get("kind") not in list(ProblemKind)
        or not str(entry.get("title") or "").strip()
        or not isinstance(opened, date)
        or opened > today
        or (entry.get("closed_on") is not None and not isinstance(closed, date))
    )
    if not wrong and isinstance(closed, date) and isinstance(opened, date):
        wrong = not opened <= closed <= today or not entry.get("evidence")
    if not wrong:
        return []
    return [
        LedgerError(
            "The problem {title} needs a kind ({allowed}), a title, the day it was "
            "opened and, where it is closed, the day and the evidence.",
            title=entry.get("title") or "",
            allowed=", ".join(ProblemKind),
        )
    ]


def _add(work: Work, entry: Entry) -> int:
    project = projects.create(work, synthetic=True, **_values(entry))
    for milestone in _list(entry, "milestones"):
        projects.add_milestone(work, project.id, **(_milestone(milestone) or {}))
    for told in _list(entry, "problems"):
        problem = problems.open(
            work,
            project_id=project.id,
            kind=ProblemKind(told["kind"]),
            title=told["title"],
            category=told.get("category") or "",
            opened_on=_day(told["opened_on"]),
        )
        if told.get("closed_on"):
            problems.close(
                work,
                problem.id,
                evidence=told["evidence"],
                version=problem.version,
                on=_day(told["closed_on"]),
            )
    return project.id


def _values(entry: Entry) -> Any:  # noqa: ANN401 - fields of a project, checked by fields
    """Return the fields of a project as `projects.create` takes them."""
    values = {name: entry[name] for name in _PLAIN if entry.get(name) is not None}
    values |= {name: _day(entry.get(name)) for name in _DATES}
    need = entry.get("need")
    values["need"] = json.dumps(need, ensure_ascii=False) if need else ""
    for name, words in (("level", Level), ("stage", Stage)):
        told = entry.get(name)
        values[name] = words(told) if told in list(words) else told
    return values


def _milestone(entry: Entry) -> dict[str, Any] | None:
    days = {name: _day(entry.get(name)) for name in ("planned_on", "done_on")}
    title = str(entry.get("title") or "").strip()
    if not title or any(
        entry.get(name) and not isinstance(day, date) for name, day in days.items()
    ):
        return None
    return {"title": title, **days}


def _day(text: object) -> Any:  # noqa: ANN401 - a date, or what was written instead
    """Read a day; what is no day comes back as it was, for the check to name."""
    if not isinstance(text, str) or not text:
        return None if text in {None, ""} else text
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
