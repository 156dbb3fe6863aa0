"""Hash a screening, so that years later the same question gives provably the same."""

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from siting.screen import Screening

# Raised whenever the same need and facts would be answered otherwise.
EDITION: Final = "2"
# There are many bit patterns of NaN, but one of this.
NO_GAP: Final = -1e300
BLOCK: Final = 1 << 18


def canonical(told: Any) -> bytes:  # noqa: ANN401 - anything that JSON holds
    """Write a value as JSON in the one way that counts for hashing."""
    text = json.dumps(
        told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def result_hash(screening: "Screening") -> str:
    """Hash need, layer versions, claims, code and results.

    Results count in the order of the parcel ids: state and gap of every criterion, and
    scores in hundredths, as they are shown.

    Args:
        screening: A screening.

    Returns:
        sha256, 64 hex digits.
    """
    board = screening.board
    order = board.id_order
    results = hashlib.sha256()
    blocks = [order[at : at + BLOCK] for at in range(0, len(order), BLOCK)]
    for answer in screening.answers:
        for places in blocks:
            results.update(answer.verdict.states(places).tobytes())
        for places in blocks:
            gap = answer.verdict.gaps(places)
            results.update(np.where(np.isnan(gap), NO_GAP, gap).astype("<f8").tobytes())
    for places in blocks:
        score = np.nan_to_num(screening.scores(places) * 100, nan=-1.0)
        results.update(np.rint(score).astype("<i4").tobytes())
    told = {
        "edition": EDITION,
        "need": screening.need.model_dump(),
        "data": screening.data,
        "facts": board.version,
        "project": screening.project_id,
        "claims": _claims(screening),
        "parcels": board.ids_digest,
        "results": results.hexdigest(),
    }
    return hashlib.sha256(canonical(told)).hexdigest()


def _claims(screening: "Screening") -> dict[str, str] | None:
    """Tell who holds which parcel, None where that was not asked."""
    held = screening.claims
    if held is None:
        return None
    taken = np.flatnonzero(held.states(bool) > 0)
    ids = screening.board.ids(taken)
    return {
        str(one): str(held[int(place)]) for one, place in zip(ids, taken, strict=True)
    }
