"""Filters above a list of problems or requests; each writes what is asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from ledger.case_list import Figures
from ledger.model import Level
from ui import resources
from ui.case_books import VIEWS, Book, Seen
from ui.i18n import language, t
from ui.project_table import EVERYWHERE, places


@dataclass(frozen=True)
class _Choice:
    """A filter with a list: the field it fills, its name, what can be chosen."""

    field: str
    title: str
    options: Sequence[str]
    say: Callable[[str], str]


def filters(seen: Seen) -> None:
    """Draw the filters of a list.

    Args:
        seen: What the page shows.
    """
    book = seen.book
    with st.container(key="case_filters", horizontal=True, gap="small"):
        st.text_input(
            t("Search"),
            value=book.asked.get().text,
            key=_key(book, "text"),
            placeholder=t("Search title, project, code or investor"),
            label_visibility="collapsed",
            icon=":material/search:",
            on_change=_take,
            args=(book, "text"),
        )
        for choice in _choices(seen):
            _draw(book, choice)
    st.pills(
        t("View"),
        list(book.views),
        default=book.view.get(),
        required=True,
        format_func=lambda name: _view_name(name, seen.figures),
        key=_key(book, "view"),
        label_visibility="collapsed",
        on_change=_take_view,
        args=(book,),
    )


def _choices(seen: Seen) -> list[_Choice]:
    book, names = seen.book, resources.place_names(language())
    return [
        _Choice(
            "region",
            t("Region"),
            places(seen.regions),
            lambda code: names.get(code, code) if code else t("All regions"),
        ),
        _Choice(
            "level",
            t("Level"),
            [EVERYWHERE, *Level],
            lambda one: t(Level(one).label) if one else t("All levels"),
        ),
        _Choice(
            "sort",
            t(book.sort_title),
            [EVERYWHERE, *book.sorts],
            lambda one: t(book.sorts(one).label) if one else t(book.all_sorts),
        ),
        _Choice(
            "office",
            t("Office"),
            [EVERYWHERE, *seen.offices],
            lambda code: seen.offices[code] if code else t("All offices"),
        ),
    ]


def _draw(book: Book, choice: _Choice) -> None:
    chosen = getattr(book.asked.get(), choice.field) or EVERYWHERE
    options = list(choice.options)
    st.selectbox(
        choice.title,
        options,
        index=options.index(chosen) if chosen in options else 0,
        format_func=choice.say,
        key=_key(book, choice.field),
        label_visibility="collapsed",
        on_change=_take,
        args=(book, choice.field),
    )


def _view_name(name: str, figures: Figures) -> str:
    """Name a view; what is counted anyway stands beside it."""
    counts: Mapping[str, int] = {
        "open": figures.total("open"),
        "unrouted": figures.total("unrouted"),
        "overdue": figures.total("overdue"),
        "to_hand_up": figures.total("to_hand_up"),
    }
    title = t(VIEWS[name][0])
    return f"{title} {counts[name]:,}" if name in counts else title


def _key(book: Book, name: str) -> str:
    return f"cases.{book.name}.{name}"


def _take(book: Book, field: str) -> None:
    said = str(st.session_state[_key(book, field)] or "").strip()
    value = (Level(said) if said else None) if field == "level" else said
    # A named field of `Asked`, which mypy cannot see through.
    book.asked.set(replace(book.asked.get(), **{field: value}))  # type: ignore[arg-type]


def _take_view(book: Book) -> None:
    book.view.set(str(st.session_state[_key(book, "view")]))
