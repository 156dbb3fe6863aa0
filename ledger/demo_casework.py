"""The demo's casework: what `sample_data/casework/*.json` brings to its projects.

One file a job, one loader a file. A loader calls the verbs that people call, so that
rules and history hold for the demo as well.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from gis.errors import LedgerError
from ledger import (
    demo_appraisals,
    demo_approvals,
    demo_inquiries,
    demo_land,
    demo_plans,
    demo_promises,
    demo_requests,
    demo_routing,
    demo_zones,
)
from ledger.unit_of_work import Work

Entry = Mapping[str, Any]
Loader = Callable[[Work, Sequence[Entry], Mapping[str, int]], None]

LOADERS: Final[Mapping[str, Loader]] = {
    "managed": demo_approvals.load_managed,
    "claims": demo_land.load_claims,
    "demands": demo_land.load_demands,
    "approvals": demo_approvals.load,
    "appraisals": demo_appraisals.load,
    "routing": demo_routing.load,
    "requests": demo_requests.load,
    "promises": demo_promises.load,
    "facilities": demo_zones.load_facilities,
    "zones": demo_zones.load_zones,
    "inquiries": demo_inquiries.load,
    "plans": demo_plans.load_plans,
}
"""By the name of the file: adds its entries; projects are named by their code."""


def load(work: Work, folder: Path, projects: Mapping[str, int]) -> None:
    """Add the demo's casework, in the order of `LOADERS`.

    Args:
        work: The unit of work of the demo.
        folder: Folder of the files; a file that is not there brings nothing.
        projects: Numbers of the demo's projects by code.

    Raises:
        LedgerError: A file is not synthetic or cannot be read.
    """
    for name, loader in LOADERS.items():
        file = folder / f"{name}.json"
        if file.exists():
            loader(work, _entries(file), projects)


def _entries(file: Path) -> Sequence[Entry]:
    try:
        data = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise LedgerError(
            "The demo's file {file} cannot be read ({reason}).",
            file=file,
            reason=str(error),
        ) from error
    if not isinstance(data, dict) or data.get("synthetic") is not True:
        raise LedgerError(
            "The file {file} does not say that it is synthetic: the demo loads "
            "nothing else.",
            file=file,
        )
    entries: Sequence[Entry] = data.get("entries") or []
    return entries
