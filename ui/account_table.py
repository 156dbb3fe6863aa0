"""The accounts: a table, and a form for one beside it."""

import streamlit as st

from gis.words import Title
from ledger import accounts, offices
from ledger.access import Verb
from ledger.casework import Account
from ledger.model import Role
from ledger.offices import Office
from ledger.unit_of_work import Work
from ui import access, resources
from ui.case_page import sheet_head, table_and_sheet
from ui.case_table import Cell, Column, Line, case_table
from ui.i18n import language, t
from ui.ledger_deeds import allowed, do
from ui.project_sheet import place_name
from ui.state import Slot

NEW = "new"


def _nothing() -> str | None:
    return None


CHOSEN: Slot[str | None] = Slot("account", _nothing)
TEXT: Slot[str] = Slot("account_text", str)


def accounts_tab() -> None:
    """Draw who may sign in, and the form of the one that is chosen."""
    with resources.ledger().read(access.current_actor()) as work:
        found = accounts.find(work, TEXT.get())
        sitting = offices.offices(work)
    chosen = next((one for one in found if str(one.id) == CHOSEN.get()), None)
    table_and_sheet(lambda: _table(found), lambda: _sheet(chosen, sitting))


def _table(found: list[Account]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text_input(
            t("Search accounts"),
            value=TEXT.get(),
            key="account.search",
            placeholder=t("Name, address or region"),
            label_visibility="collapsed",
            icon=":material/search:",
            on_change=lambda: TEXT.set(str(st.session_state["account.search"] or "")),
        )
        st.button(
            t("New account"),
            icon=":material/person_add:",
            type="primary",
            key="account.new",
            on_click=CHOSEN.set,
            args=(NEW,),
        )
    case_table(
        "account.table",
        label=t("Accounts"),
        columns=[
            Column(t("Name"), 26, "title"),
            Column(t("Role"), 22),
            Column(t("Region"), 20, "soft"),
            Column(t("State"), 14, "chip"),
            Column(t("Provider"), 18, "soft wide"),
        ],
        lines=[_line(one) for one in found],
        chosen=CHOSEN.get(),
        empty=t("No account yet: add the first with “New account”."),
        count=t("{count} accounts", count=len(found)),
        choose=CHOSEN.set,
    )


def _line(one: Account) -> Line:
    waits = one.subject.startswith(accounts.BY_EMAIL)
    if one.disabled:
        state = Cell(t("locked out"), mark="over")
    elif waits:
        state = Cell(t("has not signed in yet"), mark="amber")
    else:
        state = Cell(t("may sign in"), mark="done")
    return Line(
        id=str(one.id),
        cells=[
            Cell(one.name),
            Cell(t(one.role.label)),
            Cell(place_name(one.region)),
            state,
            Cell(one.issuer),
        ],
        about=one.email or one.subject,
    )


def _sheet(chosen: Account | None, sitting: list[Office]) -> None:
    if CHOSEN.get() == NEW:
        sheet_head(t("New account"), t("Draft"), t("A provider vouches for them."))
        _form(None, sitting)
    elif chosen is None:
        st.caption(t("Choose an account, or add one."))
    else:
        state = t("locked out") if chosen.disabled else t("may sign in")
        sheet_head(chosen.name, state, f"{chosen.issuer} · {chosen.subject}")
        _form(chosen, sitting)


def _form(one: Account | None, sitting: list[Office]) -> None:
    key = f"account.{one.id}.{one.version}" if one else "account.new.form"
    english = language() == "en"
    names = {
        office.code: office.english if english else office.title for office in sitting
    }
    roles, codes = list(Role), ["", *names]
    with st.form(key, border=False):
        st.text_input(t("Name"), value=one.name if one else "", key=f"{key}.name")
        if one is None:
            st.text_input(
                t("Provider (issuer)"),
                key=f"{key}.issuer",
                help=t("The address in `iss` of the provider's tokens."),
            )
            st.text_input(
                t("Subject"),
                key=f"{key}.subject",
                help=t("Who they are to the provider; empty where that is unknown."),
            )
            st.text_input(t("Verified address"), key=f"{key}.email")
        st.selectbox(
            t("Role"),
            roles,
            index=roles.index(one.role) if one else 0,
            format_func=lambda role: t(role.label),
            key=f"{key}.role",
        )
        st.text_input(
            t("Region code"),
            value=one.region if one else "",
            key=f"{key}.region",
            max_chars=6,
        )
        st.selectbox(
            t("Office"),
            codes,
            index=codes.index(one.office) if one and one.office in codes else 0,
            format_func=lambda code: names.get(code, "—"),
            key=f"{key}.office",
        )
        if one is not None:
            st.checkbox(
                t("Locked out"),
                value=one.disabled,
                key=f"{key}.disabled",
                help=t("It holds from their next write on."),
            )
        if allowed(Verb.ACCOUNT_EDIT):
            st.form_submit_button(
                t("Save"), type="primary", on_click=_save, args=(one, key)
            )


def _save(one: Account | None, key: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        if one is None:
            made = accounts.add(
                work,
                issuer=said[f"{key}.issuer"] or "",
                subject=said[f"{key}.subject"] or "",
                email=said[f"{key}.email"] or "",
                name=said[f"{key}.name"] or "",
                role=said[f"{key}.role"],
                region=said[f"{key}.region"] or "",
                office=said[f"{key}.office"] or "",
            )
            CHOSEN.set(str(made.id))
            return
        accounts.edit(
            work,
            one.id,
            version=one.version,
            name=said[f"{key}.name"] or "",
            role=said[f"{key}.role"],
            region=said[f"{key}.region"] or "",
            office=said[f"{key}.office"] or "",
            disabled=said[f"{key}.disabled"],
        )

    do(deed, Title("The account was saved."))
