"""What the project ledger is filtered by, remembered for the session."""

from ledger.model import Stage
from ui.state import Slot


def _no_stages() -> tuple[Stage, ...]:
    return ()


def _text() -> str:
    return ""


TEXT: Slot[str] = Slot("ledger_text", _text)
STAGES: Slot[tuple[Stage, ...]] = Slot("ledger_stages", _no_stages)
REGION: Slot[str] = Slot("ledger_region", _text)
LEVEL: Slot[str] = Slot("ledger_level", _text)
