"""Every page of the app, in the order of the header: one line adds a page."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from gis.words import Title
from ledger.access import Verb


class World(Enum):
    """Whose process has a page."""

    OFFICES = auto()
    PUBLIC = auto()
    BOTH = auto()


@dataclass(frozen=True)
class PageEntry:
    """A page and where the header offers it.

    Attributes:
        file: File of `ui/screens/`.
        title: What the page is called.
        path: Its address.
        menu: The menu it stands in; "" for a page that stands alone.
        verb: Who may do this anywhere is offered the page; None offers it to all.
            The verbs of the page check again.
        world: Whose process has the page: that of offices, of visitors without an
            account, or both.
        listed: Whether the header offers it; other pages lead to the rest.
    """

    file: str
    title: Title
    path: str
    menu: str = ""
    verb: Verb | None = None
    world: World = World.OFFICES
    listed: bool = True


LEDGER: Final = Title("Ledger")

PAGES: Final = (
    PageEntry("find_site.py", Title("Find a site"), "find"),
    # Whoever has a desk has work: the page itself chooses by role.
    PageEntry("today.py", Title("Today"), "today", verb=Verb.PREFERENCE_EDIT),
    PageEntry("project_ledger.py", Title("Project ledger"), "ledger", menu=LEDGER),
    PageEntry(
        "land_demand.py",
        Title("Land demands"),
        "demand",
        menu=LEDGER,
        verb=Verb.PROJECT_READ,
    ),
    PageEntry(
        "land_claims.py",
        Title("Land claims"),
        "claims",
        menu=LEDGER,
        verb=Verb.CLAIM_READ,
    ),
    PageEntry(
        "problems.py",
        Title("Problems and requests"),
        "problems",
        menu=LEDGER,
        verb=Verb.PROJECT_READ,
    ),
    PageEntry(
        "appraisals.py",
        Title("Appraisals"),
        "appraisals",
        menu=LEDGER,
        verb=Verb.PROJECT_READ,
    ),
    PageEntry(
        "approvals.py",
        Title("Land approvals"),
        "approvals",
        menu=LEDGER,
        verb=Verb.PROJECT_READ,
    ),
    PageEntry(
        "promises.py",
        Title("Promises"),
        "promises",
        menu=LEDGER,
        verb=Verb.PROJECT_READ,
    ),
    PageEntry(
        "zones.py",
        Title("Zones and infrastructure"),
        "zones",
        menu=LEDGER,
        verb=Verb.PROJECT_READ,
    ),
    PageEntry(
        "inquiries.py",
        Title("Inquiries"),
        "inquiries",
        menu=LEDGER,
        verb=Verb.INQUIRY_ANSWER,
    ),
    PageEntry(
        "exchange.py",
        Title("Import and export"),
        "exchange",
        menu=LEDGER,
        verb=Verb.INDICATOR_READ,
    ),
    PageEntry(
        "dashboard.py", Title("Dashboard"), "dashboard", verb=Verb.INDICATOR_READ
    ),
    PageEntry("check_land.py", Title("Check land"), "check"),
    PageEntry("find_land.py", Title("Find land"), "land-on-offer", world=World.PUBLIC),
    PageEntry(
        "zone_land.py",
        Title("Development zones"),
        "development-zones",
        world=World.PUBLIC,
    ),
    PageEntry("compare_land.py", Title("Your list"), "list", world=World.PUBLIC),
    PageEntry("ask_land.py", Title("Ask the office"), "ask", world=World.PUBLIC),
    PageEntry(
        "land_parcel.py", Title("Parcel"), "parcel", world=World.PUBLIC, listed=False
    ),
    PageEntry(
        "saved_search.py",
        Title("Your saved search"),
        "saved",
        world=World.PUBLIC,
        listed=False,
    ),
    PageEntry(
        "policies.py",
        Title("Policy desk"),
        "policies",
        verb=Verb.POLICY_READ,
        world=World.BOTH,
    ),
    PageEntry("data.py", Title("Data"), "data", world=World.BOTH),
    PageEntry(
        "administration.py",
        Title("Administration"),
        "administration",
        verb=Verb.AUDIT_READ,
    ),
)
"""The first of a process is the one that is opened without an address."""


def pages_of(*, public: bool) -> tuple[PageEntry, ...]:
    """List the pages that a process has.

    Args:
        public: Whether it serves visitors without an account.

    Returns:
        The pages in the order of the header.
    """
    absent = World.OFFICES if public else World.PUBLIC
    return tuple(entry for entry in PAGES if entry.world is not absent)
