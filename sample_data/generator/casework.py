"""What the files of the demo's casework share: how they are written."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def write_entries(path: Path, entries: Sequence[Row]) -> None:
    """Write one file of casework.

    Args:
        path: The JSON file; its folder is made.
        entries: The entries, as the demo's loader of that name reads them.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {"synthetic": True, "entries": list(entries)}
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
