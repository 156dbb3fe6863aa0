"""Contacts of departments by role: empty until an administrator fills them.

No person ships with LandMap: a contact is a post, such as a reception desk, and how it
is reached.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gis.errors import LedgerError
from ledger import rules
from ledger.access import Verb, is_code, may, require
from ledger.unit_of_work import Work

TABLE: Final = "service_contacts"


@dataclass(frozen=True)
class Contact:
    """A post that answers for a department in a place.

    Attributes:
        office: Code of the department.
        region: Code of the place.
        post: What the post is.
        reach: How it is reached: telephone, address, hours.
        public: Whether everybody may read it.
    """

    office: str
    region: str
    post: str
    reach: str
    public: bool


def contacts(work: Work) -> list[Contact]:
    """List the contacts of the table in force that the actor may read.

    Args:
        work: The unit of work.

    Returns:
        All for who reads rule tables, else the public ones.
    """
    require(work.actor, Verb.POLICY_READ)
    inside = may(work.actor, Verb.RULE_READ)
    found = [
        Contact(
            office=str(entry["office"]),
            region=str(entry["region"]),
            post=str(entry["post"]),
            reach=str(entry["reach"]),
            public=bool(entry.get("public")),
        )
        for entry in rules.in_force(work, TABLE).data.get("contact") or ()
    ]
    return [one for one in found if inside or one.public]


def faults(data: Mapping[str, Any]) -> list[LedgerError]:
    """Find what is wrong with a table of contacts.

    Args:
        data: The table, as TOML reads it.

    Returns:
        One error for each faulty line.
    """
    return [
        LedgerError(
            "Contact {number} needs the code of an office, a six-digit region code, a "
            "post and how it is reached.",
            number=number,
        )
        for number, entry in enumerate(data.get("contact") or (), start=1)
        if not all(entry.get(name) for name in ("office", "post", "reach"))
        or not is_code(str(entry.get("region") or ""))
    ]
