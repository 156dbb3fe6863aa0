"""The need on screen while it is being changed: plain data, checked before it is used.

A draft is what the form holds, right or wrong. It becomes a `Need` only when it is
whole; until then the last good answer stays on screen.
"""

import copy
import json
from collections.abc import Mapping
from typing import Any, Final, Literal

from ui import resources
from ui.state import Slot

Draft = dict[str, Any]
Kind = Literal["constraints", "factors"]

EMPTY: Final[Draft] = {
    "title": "",
    "constraints": [
        {"use": "area_between", "minimum": "50 mu", "maximum": "200 mu"},
        {"use": "clear_of", "layer": "farmland"},
        {"use": "clear_of", "layer": "redline"},
        {"use": "inside", "layer": "urban_boundary"},
        {"use": "not_claimed"},
    ],
    "factors": [
        {"use": "near", "layer": "interchange", "within_m": 10_000, "weight": 1}
    ],
}


def beginning() -> Draft:
    """Return the need to begin with: what is usual, of the layers declared here."""
    declared = resources.catalog()
    draft = copy.deepcopy(EMPTY)
    for kind in ("constraints", "factors"):
        draft[kind] = [
            one for one in draft[kind] if one.get("layer", "") in {"", *declared}
        ]
    return draft


DRAFT: Slot[Draft] = Slot("draft", beginning)
# Widgets are keyed by this number: raising it seeds every widget of the form anew.
FORM: Slot[int] = Slot("form", lambda: 0)


def start(need: Mapping[str, Any] | None) -> None:
    """Fill the form with a need; None gives the one to begin with."""
    DRAFT.set(copy.deepcopy(dict(need)) if need else beginning())
    FORM.set(FORM.get() + 1)


def set_field(name: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Change a field of the need itself; None takes it out."""
    DRAFT.set(_with(DRAFT.get(), name, value))


def set_parameter(kind: Kind, place: int, name: str, value: Any) -> None:  # noqa: ANN401
    """Change one parameter of a criterion; None takes it out."""
    draft = copy.deepcopy(DRAFT.get())
    draft[kind][place] = _with(draft[kind][place], name, value)
    DRAFT.set(draft)


def add(kind: Kind, criterion: Mapping[str, Any]) -> None:
    """Add a criterion at the end."""
    draft = copy.deepcopy(DRAFT.get())
    draft.setdefault(kind, []).append(dict(criterion))
    DRAFT.set(draft)
    FORM.set(FORM.get() + 1)


def remove(kind: Kind, place: int) -> None:
    """Take a criterion out."""
    draft = copy.deepcopy(DRAFT.get())
    del draft[kind][place]
    DRAFT.set(draft)
    FORM.set(FORM.get() + 1)


def read(told: str) -> Draft | None:
    """Read a need kept as JSON text; None where there is none."""
    try:
        found = json.loads(told) if told else None
    except ValueError:
        return None
    return found if isinstance(found, dict) and found else None


def text(draft: Mapping[str, Any]) -> str:
    """Return a draft as JSON, the same text for the same draft."""
    return json.dumps(draft, ensure_ascii=False, sort_keys=True)


def _with(fields: Mapping[str, Any], name: str, value: Any) -> Draft:  # noqa: ANN401
    kept = {key: old for key, old in fields.items() if key != name or value is not None}
    return kept if value is None else {**kept, name: value}
