"""Development zones: figures of a year's evaluation, and what they are recognised as.

Which zones there are, what they are called and where they lie is a layer
(`development_zone`); the ledger keeps what offices say of them. Whoever calls hands in
a zone's code and the county that the layer gives it.
"""

from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Final

import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import casework_tables, rows
from ledger.access import Verb, is_code, own_prefix, require
from ledger.casework import ZoneFigure, ZoneTitle
from ledger.unit_of_work import Work
from ledger.zone_rules import evaluation

_figure = casework_tables.zone_figure
_title = casework_tables.zone_title

KEY: Final = "key"
"""Code of the recognition as a key development zone."""

FIRST_YEAR: Final = 1990


@dataclass(frozen=True)
class Zone:
    """A zone as the layer of zones has it: its code, and the place that runs it."""

    code: str
    region: str


def put_figure(  # noqa: PLR0913 - what a figure is told by
    work: Work,
    zone: Zone,
    *,
    year: int,
    code: str,
    value: float,
    source: str,
    version: int | None = None,
) -> ZoneFigure:
    """Enter or correct a figure of a zone's yearly evaluation.

    Args:
        work: The unit of work.
        zone: The zone.
        year: The year it is of.
        code: Which criterion, by the table in force.
        value: The figure, in the criterion's unit.
        source: Where it was taken from.
        version: The version of the figure that the person saw; None for none.

    Returns:
        The figure as stored.

    Raises:
        LedgerError: The criterion, year, value or source cannot be used, or there is
            a figure that the person did not see.
    """
    require(work.actor, Verb.ZONE_EDIT, _place(zone))
    _require_figure(work, year, code, value, source)
    values = {"value": float(value), "source": source.strip()}
    found = _one_figure(work, zone.code, year, code)
    if found is None:
        figure_id = rows.add(
            work,
            _figure,
            {"zone": zone.code, "region": zone.region, "year": year, "code": code}
            | values,
            verb="zone.figure",
        )
        return rows.get(work, _figure, ZoneFigure, figure_id)
    rows.change(work, _figure, found, values, version=version or 0, verb="zone.figure")
    return rows.get(work, _figure, ZoneFigure, found.id)


def recognise(
    work: Work,
    zone: Zone,
    *,
    title: str,
    basis: str,
    since: date,
    until: date | None = None,
) -> ZoneTitle:
    """Write down what a zone is recognised as.

    Args:
        work: The unit of work.
        zone: The zone.
        title: Code of the recognition in the table in force, or its words.
        basis: The document that recognises it.
        since: From when.
        until: The last day; None while it holds.

    Returns:
        The recognition as stored.

    Raises:
        LedgerError: Title or basis is missing, it ends before it begins, or the zone
            is recognised as this for these days already.
    """
    require(work.actor, Verb.ZONE_EDIT, _place(zone))
    if not (title.strip() and basis.strip()):
        raise LedgerError("Say what the zone is recognised as, and by which document.")
    _require_days(since, until)
    for own in titles_of(work, zone.code):
        if own.title == title.strip() and _overlap(own, since, until):
            raise LedgerError(
                "The zone is recognised as this since {day} already.", day=own.since
            )
    title_id = rows.add(
        work,
        _title,
        {
            "zone": zone.code,
            "region": zone.region,
            "title": title.strip(),
            "basis": basis.strip(),
            "since": since,
            "until": until,
        },
        verb="zone.recognise",
    )
    return rows.get(work, _title, ZoneTitle, title_id)


def end(work: Work, title_id: int, *, until: date, version: int) -> ZoneTitle:
    """End a recognition.

    Args:
        work: The unit of work.
        title_id: The recognition.
        until: Its last day.
        version: The version that the person saw.

    Returns:
        The recognition as stored.
    """
    found = rows.get(work, _title, ZoneTitle, title_id)
    require(work.actor, Verb.ZONE_EDIT, found.region)
    _require_days(found.since, until)
    rows.change(work, _title, found, {"until": until}, version=version, verb="zone.end")
    return rows.get(work, _title, ZoneTitle, title_id)


def figures(work: Work, year: int | None = None) -> list[ZoneFigure]:
    """List the figures of the zones in the actor's own places.

    Args:
        work: The unit of work.
        year: The year; None for all.

    Returns:
        The figures, by zone and year, the newest year first.
    """
    require(work.actor, Verb.PROJECT_READ)
    own = own_prefix(work.actor) or "-"
    columns = _figure.c
    asked = [columns.region.startswith(own, autoescape=True)]
    if year is not None:
        asked.append(columns.year == year)
    found = work.connection.execute(
        sa
        .select(_figure)
        .where(*asked)
        .order_by(columns.zone, columns.year.desc(), columns.id)
    )
    return [rows.made(ZoneFigure, row) for row in found]


def titles(work: Work) -> list[ZoneTitle]:
    """List what zones are and were recognised as: public facts, wherever they lie.

    Args:
        work: The unit of work.

    Returns:
        The recognitions, by zone, the newest first.
    """
    require(work.actor, Verb.PROJECT_READ)
    return _titles(work)


def titles_of(work: Work, zone: str) -> list[ZoneTitle]:
    """List what a zone is and was recognised as.

    Args:
        work: The unit of work.
        zone: Code of the zone.

    Returns:
        The recognitions, the newest first.
    """
    require(work.actor, Verb.PROJECT_READ)
    return _titles(work, _title.c.zone == zone)


def recognised(work: Work, title: str = KEY) -> frozenset[str]:
    """Tell which zones are recognised as something today.

    Args:
        work: The unit of work.
        title: The recognition.

    Returns:
        Codes of the zones.
    """
    today = work.today()
    return frozenset(
        one.zone for one in titles(work) if one.title == title and holds(one, today)
    )


def holds(title: ZoneTitle, today: date) -> bool:
    """Tell whether a recognition holds on a day; its last day still does."""
    return title.since <= today and (title.until is None or today <= title.until)


def _titles(work: Work, *asked: sa.ColumnElement[bool]) -> list[ZoneTitle]:
    columns = _title.c
    found = work.connection.execute(
        sa
        .select(_title)
        .where(*asked)
        .order_by(columns.zone, columns.since.desc(), columns.id)
    )
    return [rows.made(ZoneTitle, row) for row in found]


def _one_figure(work: Work, zone: str, year: int, code: str) -> ZoneFigure | None:
    columns = _figure.c
    found = work.connection.execute(
        sa.select(_figure).where(
            columns.zone == zone, columns.year == year, columns.code == code
        )
    ).first()
    return None if found is None else rows.made(ZoneFigure, found)


def _place(zone: Zone) -> str:
    if not zone.code.strip() or not is_code(zone.region):
        raise LedgerError("A zone is told by its code and its county.")
    return zone.region


def _require_figure(
    work: Work, year: int, code: str, value: float, source: str
) -> None:
    table = evaluation(work)
    if code not in {one.code for one in table.criteria}:
        raise LedgerError(
            "The table of zone evaluation ({edition}) has no criterion {code}.",
            edition=table.edition,
            code=code,
        )
    if not FIRST_YEAR <= year <= work.today().year:
        raise LedgerError(
            "A figure is of a year from {first} to {last}, not {got}.",
            first=FIRST_YEAR,
            last=work.today().year,
            got=year,
        )
    if not isfinite(value):
        raise LedgerError("The figure must be a number.")
    if not source.strip():
        raise LedgerError("Say where the figure was taken from.")


def _require_days(since: date, until: date | None) -> None:
    if until is not None and until < since:
        raise LedgerError(
            "The recognition ends on {until}, before it begins ({since}).",
            until=until,
            since=since,
        )


def _overlap(own: ZoneTitle, since: date, until: date | None) -> bool:
    begins_later = until is not None and until < own.since
    ended_before = own.until is not None and own.until < since
    return not (begins_later or ended_before)
