"""What a project's fields may hold: every fault is found, all are told at once."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, TypedDict

from gis.errors import LedgerError, NeedError
from gis.words import Title
from ledger.access import is_code, is_managed
from ledger.columns import LARGEST
from ledger.model import Level, Stage
from ledger.stages import DATE_TITLES, dates_asked
from siting.need import read_need


class ProjectFields(TypedDict, total=False):
    """The fields of a project that people fill in."""

    code: str
    title: str
    investor: str
    industry: str
    level: Level
    region: str
    stage: Stage
    signed_on: date | None
    started_on: date | None
    production_on: date | None
    investment_wan_cny: float | None
    output_wan_cny: float | None
    tax_wan_cny: float | None
    jobs: int | None
    owner: str
    leader: str
    need: str
    land_demand_mu: float | None
    demand_met: bool
    note: str
    managed_by: str


FIELD_TITLES = {
    "code": Title("Code"),
    "title": Title("Project title"),
    "investor": Title("Investor"),
    "industry": Title("Industry"),
    "level": Title("Level"),
    "region": Title("Region"),
    "managed_by": Title("Management region"),
    "stage": Title("Stage"),
    **DATE_TITLES,
    "investment_wan_cny": Title("Investment"),
    "output_wan_cny": Title("Yearly output"),
    "tax_wan_cny": Title("Yearly tax"),
    "jobs": Title("Jobs"),
    "owner": Title("Owner"),
    "leader": Title("Responsible leader"),
    "need": Title("Land need"),
    "land_demand_mu": Title("Land demand"),
    "demand_met": Title("Land demand met"),
    "note": Title("Note"),
}

_TEXTS = (
    "code",
    "title",
    "investor",
    "industry",
    "region",
    "owner",
    "leader",
    "need",
    "note",
    "managed_by",
)

Fields = Mapping[str, Any]
Check = Callable[[Fields], list[LedgerError]]


def faults(values: Fields) -> list[LedgerError]:
    """Find everything that is wrong with a project's fields.

    Args:
        values: The fields, complete, as they would be stored.

    Returns:
        One error for each fault; none when the project can be stored.
    """
    return [fault for check in _CHECKS for fault in check(values)]


def future(values: Fields, today: date) -> list[LedgerError]:
    """Find the dates of a project that lie ahead: a stage is entered when reached.

    Args:
        values: The fields.
        today: The day it is.

    Returns:
        One error for each such date.
    """
    days = [values.get(name) for name in (*DATE_TITLES, "entered_on")]
    return [
        LedgerError(
            "{day} is in the future: a stage is entered when it is reached.", day=day
        )
        for day in days
        if type(day) is date and day > today
    ]


def require_good(values: Fields, today: date, more: Sequence[LedgerError] = ()) -> None:
    """Refuse fields that cannot be stored.

    Args:
        values: The fields, complete, as they would be stored.
        today: The day it is.
        more: Faults that were found elsewhere, told with the others.

    Raises:
        LedgerError: With every fault.
    """
    if found := [*faults(values), *future(values, today), *more]:
        raise LedgerError("The project cannot be saved as it is.", faults=found)


def _required(values: Fields) -> list[LedgerError]:
    return [
        LedgerError("{field}: fill this in.", field=FIELD_TITLES[name])
        for name in ("title", "level", "region", "stage")
        if not str(values.get(name) or "").strip()
    ]


def _words(values: Fields) -> list[LedgerError]:
    return [
        LedgerError(
            "{field}: {value} is not one of {allowed}.",
            field=FIELD_TITLES[name],
            value=values[name],
            allowed=", ".join(words),
        )
        for name, words in (("level", Level), ("stage", Stage))
        if values.get(name) and values[name] not in list(words)
    ]


def _texts(values: Fields) -> list[LedgerError]:
    return [
        LedgerError(
            "{field}: {value} is not text.",
            field=FIELD_TITLES[name],
            value=values[name],
        )
        for name in _TEXTS
        if not isinstance(values.get(name, ""), str)
    ]


def _yes_or_no(values: Fields) -> list[LedgerError]:
    met = values.get("demand_met", False)
    if isinstance(met, bool):
        return []
    return [
        LedgerError(
            "{field}: {value} is neither yes nor no.",
            field=FIELD_TITLES["demand_met"],
            value=met,
        )
    ]


def _codes(values: Fields) -> list[LedgerError]:
    region = str(values.get("region") or "")
    if not region or (is_code(region) and not is_managed(region)):
        return []
    return [
        LedgerError(
            "{field}: {value} is not a six-digit region code.",
            field=FIELD_TITLES["region"],
            value=region,
        )
    ]


def _numbers(values: Fields) -> list[LedgerError]:
    found = []
    for name in (
        "investment_wan_cny",
        "output_wan_cny",
        "tax_wan_cny",
        "jobs",
        "land_demand_mu",
    ):
        value = values.get(name)
        if value is not None and not _counts(value):
            found.append(
                LedgerError(
                    "{field}: {value} is not a number of 0 or more.",
                    field=FIELD_TITLES[name],
                    value=value,
                )
            )
    return found


def _whole(values: Fields) -> list[LedgerError]:
    jobs = values.get("jobs")
    if isinstance(jobs, int) and jobs > LARGEST:
        return [
            LedgerError(
                "{field}: {value} is too large; {most} is the most.",
                field=FIELD_TITLES["jobs"],
                value=jobs,
                most=LARGEST,
            )
        ]
    if not _counts(jobs) or isinstance(jobs, int):
        return []
    return [
        LedgerError(
            "{field}: {value} is not a whole number.",
            field=FIELD_TITLES["jobs"],
            value=jobs,
        )
    ]


def _counts(value: object) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and value >= 0
    )


def _dates(values: Fields) -> list[LedgerError]:
    given = [
        (name, values[name]) for name in DATE_TITLES if values.get(name) is not None
    ]
    wrong = [
        LedgerError(
            "{field}: {value} is not a date (YYYY-MM-DD).",
            field=FIELD_TITLES[name],
            value=value,
        )
        for name, value in given
        if type(value) is not date
    ]
    if wrong:
        return wrong
    return [
        LedgerError(
            "{later} ({on}) lies before {earlier} ({before}).",
            later=FIELD_TITLES[name],
            on=value,
            earlier=FIELD_TITLES[name_before],
            before=value_before,
        )
        for (name_before, value_before), (name, value) in pairwise(given)
        if value < value_before
    ]


def _dates_of_stage(values: Fields) -> list[LedgerError]:
    stage = values.get("stage")
    if stage not in list(Stage):
        return []
    stage = Stage(stage)
    asked = dates_asked(stage)
    missing = [
        LedgerError(
            "{field}: a project at stage {stage} needs this date.",
            field=FIELD_TITLES[name],
            stage=stage.label,
        )
        for name in asked
        if values.get(name) is None
    ]
    early = [
        LedgerError(
            "{field}: a project at stage {stage} has no such date yet; move it to "
            "the stage instead.",
            field=FIELD_TITLES[name],
            stage=stage.label,
        )
        for name in DATE_TITLES
        if stage is not Stage.ENDED
        and name not in asked
        and values.get(name) is not None
    ]
    return missing + early


def need_faults(values: Fields) -> list[LedgerError]:
    """Find what is wrong with the need among some fields; "" is none."""
    text = values.get("need") or ""
    if not text:
        return []
    field = FIELD_TITLES["need"]
    try:
        need = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        need = None
    if not isinstance(need, dict):
        return [LedgerError("{field}: this is not a need in JSON.", field=field)]
    try:
        read_need(need)
    except NeedError as error:
        return [
            LedgerError(
                "{field}: this need cannot be screened ({why}).", field=field, why=error
            )
        ]
    return []


_CHECKS: tuple[Check, ...] = (
    _required,
    _texts,
    _words,
    _codes,
    _numbers,
    _whole,
    _yes_or_no,
    _dates,
    _dates_of_stage,
    need_faults,
)
