"""Below the map: the answer in one line, the ranked table, or what would help."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Final

import streamlit as st

from ledger.model import Project
from siting.explain import NearMiss, Relaxation, near_misses, relaxations, relaxed
from siting.need import Need
from siting.screen import Screening
from siting.sentences import gap_sentence
from ui import need_draft, resources, seen
from ui.answer import Row, answer_html, criterion_title, score_text, table_data
from ui.choices import names_for
from ui.exports import export_buttons
from ui.figures import area_mu, price_text
from ui.i18n import language, t
from ui.need_words import shown
from ui.page_parts import chosen_in, part, plain
from ui.settings import settings
from ui.state import PARCEL

TABLE_KEY: Final = "site.table"
LINK_HTML: Final = '<button type="button"></button>'
MISSES: Final = 20
LISTED: Final = 50  # lines of the table; the map lights more, files hold more
OFFERS: Final = 4
Again = Callable[[Need], Screening]


def answer_pane(
    project: Project | None,
    screening: Screening,
    found: Sequence[Row],
    held: dict[str, str] | None,
    *,
    stale: bool,
    ask_again: Again,
) -> None:
    """Draw the answer.

    Args:
        project: The project it is for.
        screening: The answer.
        found: Candidates, best first.
        held: Title of the project that holds a parcel, by parcel, where known.
        stale: Whether the form asks something else by now, that cannot be used.
        ask_again: Screens for another need as for this one.
    """
    with st.container(key="site_answer"):
        with st.container(
            key="site_answer_line",
            horizontal=True,
            vertical_alignment="center",
            gap="small",
            wrap=False,
        ):
            listed = min(len(found), LISTED)
            st.html(answer_html(screening, resources.catalog(), listed))
            _copy_link()
            export_buttons(project, screening, found)
        if stale:
            st.caption(t("This is the answer to the last need that was whole."))
        if found:
            _table(table_data(found[:LISTED], PARCEL.get(), claimed=held))
        else:
            _nothing(screening, ask_again)


def take_choice() -> None:
    """Take a row that was chosen, before the page is drawn."""
    parcel = chosen_in(st.session_state.get(TABLE_KEY))
    if parcel:
        PARCEL.set(parcel)


def near_miss_rows(
    misses: Sequence[NearMiss], screening: Screening
) -> list[dict[str, Any]]:
    """Describe the parcels that fail exactly one constraint.

    Args:
        misses: The nearest first.
        screening: The answer they come from.

    Returns:
        Rows of the table element.
    """
    places = resources.place_names(language())
    layers = resources.catalog()
    lines = []
    for rank, miss in enumerate(misses, start=1):
        fact = seen.parcel(miss.parcel_id)
        title = criterion_title(screening.answer(miss.name), layers)
        text = " ".join((title, _gap(miss, screening)))
        lines.append({
            "id": miss.parcel_id,
            "rank": str(rank),
            "numbered": False,
            "name": str(fact.get("name", "")),
            "score": score_text(miss.score),
            "share": (miss.score or 0.0) / 100,
            "area": area_mu(float(fact["area_m2"])),
            "price": price_text(fact.get("price_cny_m2")),
            "county": places.get(str(fact.get("county_code", "")), ""),
            "flags": [{"kind": "red", "text": text}],
        })
    return lines


def _gap(miss: NearMiss, screening: Screening) -> str:
    """Say how far and which way a parcel misses."""
    answer = screening.answer(miss.name)
    below = answer.is_below(screening.place(miss.parcel_id))
    said = gap_sentence(miss.gap, miss.unit, below=below, state="fail")
    return t(said.msgid, **said.values)


def _offers(screening: Screening, ask_again: Again) -> list[Relaxation]:
    """Choose one relaxation for each setting, the gentlest, at a round figure."""
    chosen: dict[tuple[str, str], Relaxation] = {}
    for one in relaxations(screening):
        if one.parameter:
            chosen.setdefault((one.name, one.parameter), one)
    gentlest = list(chosen.values())[:OFFERS]
    return [_rounded(one, screening, ask_again) for one in gentlest]


def _rounded(offer: Relaxation, screening: Screening, ask_again: Again) -> Relaxation:
    """Round a relaxation outward, and count anew what the round figure admits."""
    criterion = screening.answer(offer.name).criterion
    up = offer.parameter == criterion.high
    if not up and offer.parameter != criterion.low:
        return offer
    to = rounded_outward(offer.to, up=up)
    if to == offer.to:
        return offer
    wider = replace(offer, to=to)
    try:
        need = relaxed(screening.need, screening, wider)
    except ValueError:  # beyond what the setting allows
        return offer
    again = ask_again(need)
    admits = int((again.eligible & ~screening.eligible).sum())
    return replace(wider, admits=admits)


def rounded_outward(limit: object, *, up: bool) -> Any:  # noqa: ANN401 - as it came
    """Round a limit to two significant digits, so that it admits no less.

    Args:
        limit: A number, or an area or a price with its unit; others stay.
        up: Whether more admits more.

    Returns:
        The same kind of limit.
    """
    if isinstance(limit, str):
        number, _, unit = limit.partition(" ")
        return f"{_outward(float(number), up=up):g} {unit}" if unit else limit
    return _outward(float(limit), up=up) if isinstance(limit, int | float) else limit


def _outward(value: float, *, up: bool) -> float:
    if value <= 0:
        return value
    step = Decimal(1).scaleb(Decimal(str(value)).adjusted() - 1)
    way = ROUND_CEILING if up else ROUND_FLOOR
    return float((Decimal(str(value)) / step).to_integral_value(way) * step)


def _table(data: dict[str, Any]) -> None:
    part("candidate_table")(key=TABLE_KEY, data=data, on_chosen_change=take_choice)


def _copy_link() -> None:
    with st.container(key="site_copy", width="content"):
        part("copy_link", LINK_HTML)(
            key="site.copy",
            width="content",
            data={
                "label": t("Copy link"),
                "help": t("Copies a link that reopens this view"),
                "done": t("Copied"),
                "by_hand": t("Copy this link:"),
                "base": settings().public_url,
            },
        )


def _nothing(screening: Screening, ask_again: Again) -> None:
    """Say that nothing is eligible, and what would change that."""
    offers = _offers(screening, ask_again)
    with st.container(key="site_nothing"):
        st.html(f"<p class='nothing'>{t('No parcel meets every condition.')}</p>")
        if offers:
            st.caption(
                t(
                    "One change at a time would admit parcels; control lines are"
                    " never relaxed."
                )
            )
            with st.container(horizontal=True, gap="small"):
                for number, offer in enumerate(offers):
                    st.button(
                        _offer_text(offer, screening),
                        key=f"site.relax.{number}",
                        on_click=_relax,
                        args=(screening, offer),
                    )
        else:
            st.caption(
                t(
                    "No single change would admit a parcel. Control lines are never"
                    " relaxed; change two conditions, or look at the near misses."
                )
            )
    misses = near_misses(screening, MISSES)
    if misses:
        data = table_data([], PARCEL.get(), claimed=None)
        data["rows"] = near_miss_rows(misses, screening)
        data["label"] = t("Near misses: fail exactly one condition")
        data["columns"][-1]["text"] = t("Misses by")
        _table(data)


def _offer_text(offer: Relaxation, screening: Screening) -> str:
    """Say what a relaxation changes and how many parcels it admits."""
    answer = screening.answer(offer.name)
    if offer.drops:
        what = plain(criterion_title(answer, resources.catalog()))
        return t("{what}: left out (+{n})", what=what, n=offer.admits)
    parameter = answer.criterion.parameter(offer.parameter)
    return t(
        "{what}, {setting}: {to} (+{n})",
        what=plain(criterion_title(answer, resources.catalog())),
        setting=t(parameter.title),
        to=plain(shown(parameter, offer.to, names_for)),
        n=offer.admits,
    )


def _relax(screening: Screening, offer: Relaxation) -> None:
    """Take a relaxation into the form."""
    need: Need = relaxed(screening.need, screening, offer)
    need_draft.start(need.model_dump(mode="json", exclude_defaults=True))
