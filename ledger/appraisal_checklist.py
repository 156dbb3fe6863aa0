"""The checklist of an appraisal: items, gates and answers; a rule table and JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gis.errors import LedgerError
from gis.words import Title
from ledger import rules
from ledger.model import Role, Word

TABLE = "appraisal"


class Found(Word):
    """What was found for an item or a gate; unknown is never green."""

    UNCLEAR = "unclear", Title("Not checked")
    FINE = "fine", Title("In order")
    CONCERN = "concern", Title("Concern")


@dataclass(frozen=True)
class Item:
    """A line of the checklist."""

    code: str
    part: str
    title: str
    english: str


@dataclass(frozen=True)
class Gate:
    """One of what is not brought in; an office writes its title before it is used."""

    code: str
    title: str
    english: str

    @property
    def filled(self) -> bool:
        """Whether an office has written what it is."""
        return bool(self.title.strip())


@dataclass(frozen=True)
class Part:
    """A heading of the checklist."""

    code: str
    title: str
    english: str


@dataclass(frozen=True)
class Checklist:
    """An edition of the checklist.

    Attributes:
        edition: Its name.
        source: Where it comes from.
        confidence: How sure that is.
        required: Whether signing is refused without a decision to bring in.
        opinions: Roles whose opinion is asked.
        parts: Its headings.
        items: Its lines, in order.
        gates: What is not brought in.
    """

    edition: str
    source: str
    confidence: str
    required: bool
    opinions: tuple[Role, ...]
    parts: tuple[Part, ...]
    items: tuple[Item, ...]
    gates: tuple[Gate, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of all that is answered: items, and gates that are filled in."""
        return (
            *(one.code for one in self.items),
            *(one.code for one in self.gates if one.filled),
        )


@dataclass(frozen=True)
class Answer:
    """What was written to an item or gate."""

    found: Found = Found.UNCLEAR
    text: str = ""

    @property
    def given(self) -> bool:
        """Whether something was found, or said."""
        return self.found is not Found.UNCLEAR or bool(self.text.strip())


Answers = Mapping[str, Answer]


def of_rules(table: rules.Rules) -> Checklist:
    """Read one edition of the checklist.

    Args:
        table: The edition.

    Returns:
        The checklist.
    """
    data = table.data
    return Checklist(
        edition=table.edition,
        source=table.source,
        confidence=table.confidence,
        required=bool(data.get("required")),
        opinions=tuple(Role(one) for one in data.get("opinions") or ()),
        parts=tuple(Part(*_named(one)) for one in data["part"]),
        items=tuple(
            Item(str(one["code"]), str(one["part"]), *_named(one)[1:])
            for one in data["item"]
        ),
        gates=tuple(Gate(*_named(one)) for one in data.get("gate") or ()),
    )


def read_answers(text: str) -> dict[str, Answer]:
    """Read the answers of an appraisal.

    Args:
        text: JSON as stored; "" for none.

    Returns:
        Answers by code.
    """
    told: dict[str, dict[str, str]] = json.loads(text or "{}")
    return {
        code: Answer(Found(one["found"]), one["text"]) for code, one in told.items()
    }


def write_answers(answers: Answers) -> str:
    """Write answers as JSON, in the order of their codes."""
    told = {
        code: {"found": one.found.value, "text": one.text.strip()}
        for code, one in sorted(answers.items())
        if one.given
    }
    return json.dumps(told, ensure_ascii=False)


def missing(checklist: Checklist, answers: Answers) -> list[str]:
    """List the titles of what is not answered yet.

    Args:
        checklist: The checklist.
        answers: What was answered.

    Returns:
        Titles of items and of gates that are filled in.
    """
    lines: list[Item | Gate] = [*checklist.items, *checklist.gates]
    return [
        one.title
        for one in lines
        if one.code in checklist.codes and not answers.get(one.code, Answer()).given
    ]


def gates_clear(checklist: Checklist, answers: Answers) -> bool:
    """Tell whether every gate is filled in, was checked and does not apply."""
    return bool(checklist.gates) and all(
        one.filled and answers.get(one.code, Answer()).found is Found.FINE
        for one in checklist.gates
    )


def faults(data: Mapping[str, Any]) -> list[LedgerError]:
    """Find what is wrong with a checklist.

    Args:
        data: The table, as TOML reads it.

    Returns:
        One error for each fault.
    """
    return [*_line_faults(data), *_role_faults(data)]


def _line_faults(data: Mapping[str, Any]) -> Iterator[LedgerError]:
    parts = [one.get("code") for one in data.get("part") or ()]
    items, gates = data.get("item") or [], data.get("gate") or []
    codes = [one.get("code") for one in (*items, *gates)]
    if not (items and all(codes) and all(parts)) or len(set(codes)) != len(codes):
        yield LedgerError("Each line of the checklist needs a code of its own.")
    for one in items:
        if not one.get("title") or one.get("part") not in parts:
            yield LedgerError(
                "The line {code} needs a title and one of the parts {parts}.",
                code=str(one.get("code")),
                parts=", ".join(map(str, parts)),
            )


def _role_faults(data: Mapping[str, Any]) -> Iterator[LedgerError]:
    asked: Sequence[str] = data.get("opinions") or ()
    strange = [one for one in asked if one not in list(Role)]
    if strange:
        yield LedgerError(
            "There is no role {strange}: choose among {known}.",
            strange=", ".join(map(str, strange)),
            known=", ".join(Role),
        )


def _named(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    title = str(entry.get("title") or "")
    return str(entry["code"]), title, str(entry.get("english") or title)
