"""The starting set of documents: read from the shipped files, loaded by the verbs.

An entry that an office has changed is never touched again; one that nobody changed
follows the files of a newer LandMap.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from gis.errors import LedgerError
from gis.words import Title
from ledger import applicability, policies, rows
from ledger.model import Actor, Role
from ledger.policy import (
    Confidence,
    Edition,
    Origin,
    Policy,
    PolicyLevel,
    Terms,
    Topic,
)
from ledger.policy_tables import policy as _table
from ledger.policy_tables import policy_edition as _edition
from ledger.unit_of_work import Ledger, Work

SHIPPED: Final = Path(__file__).parent / "policies_shipped"
CLERK: Final = Actor(
    name=Title("LandMap, as shipped"), role=Role.PROVINCE, region="520000"
)
"""Who the history names for what the files brought."""

_TEXTS: Final = (
    "title",
    "document_number",
    "issuer",
    "dates_note",
    "abstract",
    "to_do",
    "ask",
    "source",
)
_KNOWN: Final = frozenset({
    "code",
    *_TEXTS,
    "level",
    "topic",
    "issued_on",
    "effective_on",
    "until_on",
    "confidence",
    "applies",
    "ended_on",
    "end_reason",
})


@dataclass(frozen=True)
class Shipped:
    """An entry of the files.

    Attributes:
        code: Its name for ever.
        terms: What is known of the document.
        ended_on: The first day it holds no more, where it was repealed.
        end_reason: Why.
        digest: Hash of all that stands in the entry.
    """

    code: str
    terms: Terms
    ended_on: date | None
    end_reason: str
    digest: str


def load(ledger: Ledger) -> int:
    """Load what is new in the files; what offices changed stays as it is.

    Args:
        ledger: The ledger.

    Returns:
        How many entries were added or brought up to date.
    """
    with ledger.begin(CLERK) as work:
        waiting = pending(work)
        for entry, there in waiting:
            _add(work, entry) if there is None else _renew(work, entry, there)
        if waiting:
            work.commit()
    return len(waiting)


def is_loaded(ledger: Ledger) -> bool:
    """Tell whether the files hold nothing that the ledger still waits for."""
    with ledger.read(CLERK) as work:
        return not pending(work)


def pending(work: Work) -> list[tuple[Shipped, Policy | None]]:
    """List the entries that a load would write.

    Args:
        work: The unit of work.

    Returns:
        Each entry that is not there, or that changed in the files while nobody
        touched it here, with the document it is about.
    """
    there = {one.code: one for one in _shipped_rows(work)}
    touched = _touched(work)
    return [
        (entry, found)
        for entry in entries()
        if (found := there.get(entry.code)) is None
        or (found.shipped != entry.digest and found.id not in touched)
    ]


@cache
def entries() -> tuple[Shipped, ...]:
    """Read the shipped files.

    Returns:
        Their entries, in the order they stand.

    Raises:
        LedgerError: An entry is faulty, or two have one code.
    """
    found = [
        _entry(one)
        for file in sorted(SHIPPED.glob("*.toml"))
        for one in tomllib.loads(file.read_text("utf-8"))["policy"]
    ]
    if len({one.code for one in found}) != len(found):
        raise LedgerError("Two shipped policies have one code.")
    return tuple(found)


def _entry(data: Mapping[str, Any]) -> Shipped:
    if unknown := sorted(set(data) - _KNOWN):
        raise LedgerError(
            "The shipped policy {code} has unknown fields: {fields}.",
            code=data.get("code"),
            fields=", ".join(unknown),
        )
    conditions = data.get("applies")
    applies = json.dumps(conditions, ensure_ascii=False) if conditions else ""
    if found := applicability.faults(applies):
        raise LedgerError(
            "The shipped policy {code} is faulty.", code=data["code"], faults=found
        )
    terms = Terms(
        **{name: str(data.get(name, "")) for name in _TEXTS},
        level=PolicyLevel(data["level"]),
        topic=Topic(data["topic"]),
        issued_on=data.get("issued_on"),
        effective_on=data.get("effective_on"),
        until_on=data.get("until_on"),
        confidence=Confidence(data["confidence"]),
        applies=applicability.written(applicability.read(applies)),
    )
    told = json.dumps(data, ensure_ascii=False, sort_keys=True, default=str)
    return Shipped(
        code=str(data["code"]),
        terms=terms,
        ended_on=data.get("ended_on"),
        end_reason=str(data.get("end_reason", "")),
        digest=sha256(told.encode()).hexdigest(),
    )


def _add(work: Work, entry: Shipped) -> None:
    made = policies.draft(
        work, entry.terms, keeper=CLERK.region, origin=Origin.RECORDED, code=entry.code
    )
    _publish(work, entry, made)


def _renew(work: Work, entry: Shipped, there: Policy) -> None:
    if entry.terms != _newest(work, there.id).terms:
        policies.revise(
            work, there.id, why=_WHY.format(code=entry.code), version=there.version
        )
        draft = _newest(work, there.id)
        policies.edit(work, draft.id, entry.terms, version=draft.version)
        _publish(work, entry, there)
        return
    _stamp(work, entry, there)


_WHY: Final = "LandMap: {code}"


def _publish(work: Work, entry: Shipped, policy: Policy) -> None:
    """Publish the draft, and tell of the end where the file does."""
    draft = _newest(work, policy.id)
    found = policies.publish(work, draft.id, version=draft.version)
    if entry.ended_on is not None:
        found = policies.repeal(
            work,
            policy.id,
            on=entry.ended_on,
            why=entry.end_reason,
            version=found.version,
        )
    _stamp(work, entry, found)


def _stamp(work: Work, entry: Shipped, policy: Policy) -> None:
    rows.change(
        work,
        _table,
        policy,
        {"shipped": entry.digest},
        version=policy.version,
        verb="policy.shipped",
    )


def _newest(work: Work, policy_id: int) -> Edition:
    return policies.editions(work, policy_id)[0]


def _shipped_rows(work: Work) -> Sequence[Policy]:
    codes = [one.code for one in entries()]
    found = work.connection.execute(sa.select(_table).where(_table.c.code.in_(codes)))
    return [rows.made(Policy, row) for row in found]


def _touched(work: Work) -> set[int]:
    """Return the documents that somebody else than the files wrote."""
    ours = str(CLERK.name)
    others = (
        sa.select(_edition.c.policy_id).where(_edition.c.updated_by != ours),
        sa.select(_table.c.id).where(_table.c.updated_by != ours),
    )
    return {int(one) for query in others for one in work.connection.scalars(query)}
