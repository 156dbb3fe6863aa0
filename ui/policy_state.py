"""What a session remembers of the policy desk."""

from dataclasses import dataclass

from ledger.policy import PolicyLevel, Standing, Topic
from ui.state import Slot


@dataclass(frozen=True)
class Filter:
    """What the library is filtered by; nothing of it keeps everything."""

    text: str = ""
    topic: Topic | None = None
    level: PolicyLevel | None = None
    standing: Standing | None = None


def _library() -> str:
    return "library"


def _text() -> str:
    return ""


TABS = "policies.tabs"
"""Key of the tabs of a published document."""

VIEW: Slot[str] = Slot("policies_view", _library)
FILTER: Slot[Filter] = Slot("policies_filter", Filter)
CHOSEN: Slot[str] = Slot("policies_chosen", _text)
"""Code of the document beside the table, or "draft/" and the number of an edition."""
