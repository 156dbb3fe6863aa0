"""The inputs of to whom a document applies, and how they are read back."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import streamlit as st

from gis.errors import LedgerError
from ledger.applicability import About, Applicability, FactAsked, Kind, Limits, read
from ledger.model import Stage
from siting.words import STOCK_STATUSES
from ui import resources
from ui.figures import land_use_text
from ui.i18n import language, t
from ui.page_parts import plain
from ui.policy_questions import industries, land_classes, named

_FACT: Final = re.compile(
    r"(?P<column>[a-z][a-z0-9_]*)\s*(?:(?P<sign>>=|<=)\s*(?P<limit>-?[\d.]+)|=(?P<words>.+))"
)


def conditions_form(applies: str, keeper: str, key: str) -> None:
    """Ask to whom a document applies.

    Args:
        applies: The conditions so far, as JSON; "" for none.
        keeper: The place that keeps the document.
        key: Prefix of the widgets.
    """
    found = read(applies) or Applicability(about=())
    names = resources.office_names(language())
    st.markdown(f"**{t('To whom it applies')}**")
    st.multiselect(
        t("Asked about"),
        list(About),
        default=list(found.about),
        format_func=lambda one: t(one.label),
        help=t("Leave it empty where nobody knows: then it is matched with nobody."),
        key=f"{key}.about",
    )
    _several(Kind.INDUSTRY, industries(), found.industries, named, key)
    _several(
        Kind.REGION,
        sorted({*names, keeper}),
        found.regions,
        lambda one: f"{names.get(one, one)} {one}",
        key,
    )
    _several(Kind.LAND_CLASS, land_classes(), found.land_classes, land_use_text, key)
    _several(
        Kind.STOCK,
        list(STOCK_STATUSES),
        found.stocks,
        lambda one: t(STOCK_STATUSES[one]),
        key,
    )
    _several(
        Kind.STAGE,
        [one.value for one in Stage],
        [one.value for one in found.stages],
        lambda one: t(Stage(one).label),
        key,
    )
    for name, title in (
        ("least", t("Investment from (10,000 CNY)")),
        ("most", t("Investment to (10,000 CNY)")),
    ):
        st.number_input(
            title,
            value=getattr(found.investment, name),
            min_value=0.0,
            step=1_000.0,
            format="%.2f",
            key=f"{key}.{name}",
        )
    st.text_area(
        t("Facts of the parcel, one a line"),
        value="\n".join(map(fact_line, found.facts)),
        help=t(
            "By the columns of screening, such as farmland_evidence = hit or "
            "area_m2 >= 10000."
        ),
        key=f"{key}.facts",
    )
    st.text_area(
        t("What a person must judge, one a line"),
        value="\n".join(found.told),
        key=f"{key}.told",
    )


def conditions_of(key: str) -> str:
    """Read the inputs back.

    Args:
        key: Prefix of the widgets.

    Returns:
        The conditions as JSON, for the verb to check; "" where nothing is asked.

    Raises:
        LedgerError: A line of the facts cannot be read.
    """
    said = st.session_state
    data: dict[str, Any] = {
        "about": [About(one).value for one in said[f"{key}.about"]],
        "industries": said[f"{key}.{Kind.INDUSTRY}"],
        "regions": said[f"{key}.{Kind.REGION}"],
        "land_classes": said[f"{key}.{Kind.LAND_CLASS}"],
        "stocks": said[f"{key}.{Kind.STOCK}"],
        "stages": said[f"{key}.{Kind.STAGE}"],
        "facts": [fact_of(line) for line in _lines(said[f"{key}.facts"])],
        "told": _lines(said[f"{key}.told"]),
    }
    limits = {name: said[f"{key}.{name}"] for name in ("least", "most")}
    if any(one is not None for one in limits.values()):
        data["investment"] = limits
    told = {name: value for name, value in data.items() if value}
    return json.dumps(told, ensure_ascii=False, sort_keys=True) if told else ""


def fact_of(line: str) -> dict[str, Any]:
    """Read one line of the facts.

    Args:
        line: Such as "farmland_evidence = hit, partly_covered" or "area_m2 >= 10000".

    Returns:
        The fact as the ledger keeps it.

    Raises:
        LedgerError: It cannot be read.
    """
    found = _FACT.fullmatch(line.strip())
    if found is None:
        raise LedgerError(
            "{line}: write a column, then = and words, or >= or <= and a number.",
            line=line,
        )
    fact: dict[str, Any] = {"column": found["column"]}
    if found["words"]:
        fact["words"] = [one.strip() for one in found["words"].split(",")]
        return fact
    try:
        fact["least" if found["sign"] == ">=" else "most"] = float(found["limit"])
    except ValueError as error:
        raise LedgerError("{line}: this is not a number.", line=line) from error
    return fact


def _several(
    kind: Kind,
    options: Sequence[str],
    found: Sequence[str],
    name: Callable[[str], str],
    key: str,
) -> None:
    st.multiselect(
        t(kind.label),
        list(dict.fromkeys([*options, *found])),
        default=list(found),
        format_func=lambda one: plain(name(one)),
        key=f"{key}.{kind}",
    )


def fact_line(fact: FactAsked) -> str:
    """Write a fact as it is typed; a line for each limit."""
    if fact.words:
        return f"{fact.column} = {', '.join(fact.words)}"
    limits = Limits(fact.least, fact.most)
    told = []
    if limits.least is not None:
        told.append(f"{fact.column} >= {limits.least:.10g}")
    if limits.most is not None:
        told.append(f"{fact.column} <= {limits.most:.10g}")
    return "\n".join(told)


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
