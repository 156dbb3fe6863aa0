"""What changed in a project's need, criterion by criterion, in words."""

from collections.abc import Sequence

from gis.errors import NeedError
from siting.need import Asked, read_need
from ui import need_draft, resources
from ui.choices import names_for
from ui.i18n import t
from ui.need_words import summary, title_of


def need_changes(before: str, after: str) -> tuple[list[str], list[str]] | None:
    """Tell which lines of a need are gone and which are new.

    Args:
        before: The need as it was, JSON; "" for none.
        after: The need as it became.

    Returns:
        Lines that are gone, and lines that are new, in their order; None where one of
        the needs cannot be read any more.
    """
    old, new = _lines(before), _lines(after)
    if old is None or new is None:
        return None
    return [one for one in old if one not in new], [
        one for one in new if one not in old
    ]


def _lines(text: str) -> list[str] | None:
    if not text:
        return []
    told = need_draft.read(text)
    if told is None:
        return None
    try:
        need = read_need(told)
    except NeedError:
        return None
    weights = [t("weight {weight}", weight=f"{one.weight:g}") for one in need.factors]
    return _told(need.constraints, [""] * len(need.constraints)) + _told(
        need.factors, weights
    )


def _told(asked: Sequence[Asked], more: Sequence[str]) -> list[str]:
    layers = resources.catalog()
    return [
        " · ".join(
            filter(
                None,
                (
                    title_of(one.criterion, one.settings, layers),
                    summary(one.criterion, one.settings, names_for),
                    said,
                ),
            )
        )
        for one, said in zip(asked, more, strict=True)
    ]
