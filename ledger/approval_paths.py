"""Paths of land approval: read from the rule table, the first that fits is proposed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gis.errors import LedgerError
from ledger import rules
from ledger.access import is_code, prefix_of

TABLE = "approval_paths"


@dataclass(frozen=True)
class Case:
    """What an application is for, such as the conversion of farm land."""

    code: str
    title: str
    english: str


@dataclass(frozen=True)
class Document:
    """A document that a step asks for."""

    code: str
    title: str
    english: str
    required: bool


@dataclass(frozen=True)
class PathStep:
    """One step of a path.

    Attributes:
        code: Its code, its own within the path.
        title: What it is called.
        english: The same in English.
        office: Who has the application during it.
        limit_days: Days it may take; None where nothing is told.
        limit_confirmed: Whether a source says so; only then it decides lateness.
        by_batch: Whether it is left with a weekly batch, unless urgent.
        documents: What it asks for.
    """

    code: str
    title: str
    english: str
    office: str
    limit_days: int | None
    limit_confirmed: bool
    by_batch: bool
    documents: tuple[Document, ...]


@dataclass(frozen=True)
class Path:
    """The steps that an application goes through, in places and cases.

    No places are everywhere.
    """

    code: str
    title: str
    english: str
    places: tuple[str, ...]
    cases: tuple[str, ...]
    source: str
    confirmed: bool
    note: str
    steps: tuple[PathStep, ...]

    def fits(self, place: str, case: str) -> bool:
        """Tell whether it applies.

        Args:
            place: Code of the county or management region that rules the approval.
            case: Code of the case.

        Returns:
            Whether both are named; a prefecture or province names what lies in it.
        """
        there = any(place.startswith(prefix_of(one)) for one in self.places)
        return case in self.cases and (there or not self.places)


@dataclass(frozen=True)
class PathTable:
    """An edition of the table: cases, and paths in the order they are asked."""

    edition: str
    source: str
    confidence: str
    cases: tuple[Case, ...]
    paths: tuple[Path, ...]

    def path(self, code: str) -> Path:
        """Return the path of a code.

        Args:
            code: Its code.

        Returns:
            The path.

        Raises:
            LedgerError: There is none.
        """
        for one in self.paths:
            if one.code == code:
                return one
        raise LedgerError("There is no path of land approval {code}.", code=code)

    def proposed(self, place: str, case: str) -> Path:
        """Return the first path that fits.

        Args:
            place: Code of the county or management region that rules the approval.
            case: Code of the case.

        Returns:
            The path.

        Raises:
            LedgerError: The case is unknown, or no path fits.
        """
        if case not in {one.code for one in self.cases}:
            raise LedgerError(
                "There is no case {case}: choose one of {known}.",
                case=case,
                known=", ".join(one.code for one in self.cases),
            )
        for one in self.paths:
            if one.fits(place, case):
                return one
        raise LedgerError(
            "No path of land approval fits {place} and {case}: an administrator adds "
            "one to the table {table}.",
            place=place,
            case=case,
            table=TABLE,
        )


def of_rules(table: rules.Rules) -> PathTable:
    """Read one edition of the table.

    Args:
        table: The edition.

    Returns:
        Its cases and paths.
    """
    return PathTable(
        edition=table.edition,
        source=table.source,
        confidence=table.confidence,
        cases=tuple(
            Case(
                code=str(entry["code"]),
                title=str(entry["title"]),
                english=str(entry.get("english") or entry["title"]),
            )
            for entry in table.data["case"]
        ),
        paths=tuple(_path(entry) for entry in table.data["path"]),
    )


def faults(data: Mapping[str, Any]) -> list[LedgerError]:
    """Find what is wrong with a table of paths.

    Args:
        data: The table, as TOML reads it.

    Returns:
        One error for each fault.
    """
    cases = [str(one.get("code") or "") for one in data.get("case") or ()]
    entries = data.get("path") or []
    found = [] if _distinct(cases) else [_faulty("case")]
    if not _distinct([str(one.get("code") or "") for one in entries]):
        found.append(_faulty("path"))
    return [*found, *(fault for one in entries for fault in _path_faults(one, cases))]


def _distinct(codes: Sequence[str]) -> bool:
    return bool(codes) and all(codes) and len(set(codes)) == len(codes)


def _faulty(what: str) -> LedgerError:
    return LedgerError(
        "The list {what} needs lines, each with its own code.", what=what
    )


def _path_faults(entry: Mapping[str, Any], cases: Sequence[str]) -> list[LedgerError]:
    """Find what is wrong with one path, told together."""
    found = [*_head_faults(entry, cases), *_step_faults(entry)]
    if not found:
        return []
    code = str(entry.get("code"))
    return [LedgerError("The path {code} is faulty.", code=code, faults=found)]


def _head_faults(
    entry: Mapping[str, Any], cases: Sequence[str]
) -> Iterator[LedgerError]:
    if not entry.get("title") or not entry.get("source"):
        yield LedgerError("A path needs a title and a source.")
    places = entry.get("places") or []
    if bool(entry.get("anywhere")) is bool(places) or not all(
        is_code(str(one)) for one in places
    ):
        yield LedgerError(
            "The places of a path are six-digit region codes, or it fits anywhere."
        )
    asked = entry.get("cases") or []
    if not asked or not set(asked) <= set(cases):
        yield LedgerError("The cases of a path are among those of the table.")


def _step_faults(entry: Mapping[str, Any]) -> Iterator[LedgerError]:
    steps = entry.get("step") or []
    if not _distinct([str(one.get("code") or "") for one in steps]):
        yield LedgerError("A path needs steps, each with a code of its own.")
    if steps and steps[-1].get("batch"):
        yield LedgerError("A step must follow the weekly batch.")
    for step in steps:
        limit = step.get("limit_days")
        if limit is not None and (type(limit) is not int or limit < 1):
            yield LedgerError("limit_days is a whole number of days.")
        documents = step.get("documents") or []
        if not step.get("title") or not all(
            one.get("code") and one.get("title") for one in documents
        ):
            yield LedgerError("Steps and documents need titles.")


def _path(entry: Mapping[str, Any]) -> Path:
    return Path(
        code=str(entry["code"]),
        title=str(entry["title"]),
        english=str(entry.get("english") or entry["title"]),
        places=tuple(str(one) for one in entry.get("places") or ()),
        cases=tuple(str(one) for one in entry["cases"]),
        source=str(entry["source"]),
        confirmed=rules.confirmed(entry),
        note=str(entry.get("note") or ""),
        steps=tuple(_step(one) for one in entry["step"]),
    )


def _step(entry: Mapping[str, Any]) -> PathStep:
    return PathStep(
        code=str(entry["code"]),
        title=str(entry["title"]),
        english=str(entry.get("english") or entry["title"]),
        office=str(entry.get("office") or ""),
        limit_days=entry.get("limit_days"),
        limit_confirmed=entry.get("limit_confidence") == "source",
        by_batch=bool(entry.get("batch")),
        documents=tuple(
            Document(
                code=str(one["code"]),
                title=str(one["title"]),
                english=str(one.get("english") or one["title"]),
                required=bool(one.get("required", True)),
            )
            for one in entry.get("documents") or ()
        ),
    )
