"""What the command on the policy desk reads and prints."""

import json
from datetime import date
from typing import Any

from rich.table import Table

from ledger import accounts
from ledger.policy import Standing, ends_on
from ledger.policy_library import Wanted, library
from ui import start
from ui.i18n import t
from ui.settings import Settings

Told = list[dict[str, Any]]


def documents(chosen: Settings, text: str, day: date | None) -> Told:
    """List the published documents of a day.

    Args:
        chosen: Settings of the app.
        text: Words to find; "" for all.
        day: The day; today where none is given.

    Returns:
        What is known of each; empty where nothing is.
    """
    ledger = start.open_ledger(chosen)
    with ledger.read(accounts.OPERATOR) as work:
        found = library(work, day).find(Wanted(text=text))
    ledger.close()
    return [
        {
            "code": one.policy.code,
            "edition": one.edition.number,
            "title": one.edition.title,
            "document_number": one.edition.document_number,
            "issuer": one.edition.issuer,
            "level": one.edition.level.value,
            "topic": one.edition.topic.value,
            "issued_on": _day(one.edition.issued_on),
            "effective_on": _day(one.edition.effective_on),
            "ends_on": _day(ends_on(one)),
            "standing": one.standing.value,
            "source": one.edition.source,
            "confidence": one.edition.confidence.value,
            "applies": json.loads(one.edition.applies or "null"),
        }
        for one in found
    ]


def documents_table(told: Told) -> Table:
    """Lay the documents out for a terminal."""
    table = Table(t("Code"), t("Title of the document"), t("State"), t("In force from"))
    for one in told:
        standing = t(Standing(one["standing"]).label)
        table.add_row(one["code"], one["title"], standing, one["effective_on"] or "—")
    return table


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
