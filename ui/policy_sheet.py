"""One document beside the table: what it says, editions, uses, files, promises."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape

import streamlit as st

from gis.errors import StoreError
from gis.words import Title
from ledger import policies, policy_files, policy_making, policy_uses
from ledger.access import Verb
from ledger.applicability import read
from ledger.casework import PromiseState
from ledger.policy import (
    Edition,
    EditionState,
    Held,
    Origin,
    Policy,
    PolicyFile,
    Standing,
    ends_on,
    standing,
)
from ledger.policy_conditions import asked_of
from ledger.policy_uses import Under
from ui import access, case_page, policy_export, resources
from ui.case_words import CHINESE
from ui.i18n import language, t
from ui.ledger_deeds import allowed
from ui.notices import show_error
from ui.page_parts import plain
from ui.policy_forms import draft_forms, file_forms, policy_deeds
from ui.policy_state import TABS
from ui.policy_words import (
    caution_text,
    condition_name,
    days_line,
    name_line,
    place_names,
    wanted_text,
)
from ui.project_promises import money_line

Draw = Callable[[], None]


def policy_sheet(held: Held, offices: Mapping[str, str]) -> None:
    """Draw the sheet of a published document.

    Args:
        held: The document as it stands today.
        offices: Names of departments by code.
    """
    policy, edition = held.policy, held.edition
    case_page.sheet_head(edition.title, t(held.standing.label), name_line(edition))
    with resources.ledger().read(access.current_actor()) as work:
        editions = policies.editions(work, policy.id)
        files = policy_files.of(work, policy.id)
    policy_deeds(policy, editions)
    tabs: list[tuple[str, Draw]] = [
        (t("Document"), partial(_document, held, offices)),
        (t("Editions"), partial(_editions, policy, editions)),
        (t("Files"), partial(_files, policy, files)),
    ]
    if allowed(Verb.PROJECT_READ):
        tabs.insert(1, (t("Uses"), partial(_uses, held)))
        tabs.append((t("Promises under it"), partial(_promises, policy)))
    _tabs(tabs, TABS)


def draft_sheet(policy: Policy, edition: Edition, offices: Mapping[str, str]) -> None:
    """Draw the sheet of a draft, with its form and checklist.

    Args:
        policy: The document.
        edition: The draft.
        offices: Names of departments by code.
    """
    about = f"{policy.code} · {t(policy.origin.label)}"
    case_page.sheet_head(edition.title, t(edition.state.label), about)
    with resources.ledger().read(access.current_actor()) as work:
        points = policy_making.points(work)
        files = policy_files.of(work, policy.id)
        day = work.today()
    draft_forms(policy, edition, points, offices)
    if edition.why:
        st.caption(plain(t("Why it is changed: {why}", why=edition.why)))
    held = Held(policy, edition, standing(policy, edition, day))
    tabs: list[tuple[str, Draw]] = [
        (t("Document"), partial(_document, held, offices)),
        (t("Files"), partial(_files, policy, files)),
    ]
    if policy.origin is Origin.MADE:
        tabs.insert(1, (t("Making of a policy"), partial(_checklist, edition, points)))
    _tabs(tabs, "policies.draft_tabs")


def conditions_html(held: Held) -> str:
    """Write to whom a document applies, encoded; that nobody wrote it down, if so."""
    applies = read(held.edition.applies)
    if applies is None:
        said = t("To whom it applies is not written down: it is matched with nobody.")
        return f'<p class="none">{escape(said)}</p>'
    about = ", ".join(t(one.label) for one in applies.about)
    places = place_names()
    lines = [(t("Asked about"), about)]
    lines += [
        (condition_name(one), wanted_text(one, places)) for one in asked_of(applies)
    ]
    told = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in lines
    )
    return f'<dl class="lm-facts">{told}</dl>'


def _tabs(tabs: Sequence[tuple[str, Draw]], key: str) -> None:
    drawn = st.tabs([name for name, _ in tabs], key=key, on_change="rerun")
    for place, (_, draw) in zip(drawn, tabs, strict=True):
        if place.open:
            with place:
                draw()


def _document(held: Held, offices: Mapping[str, str]) -> None:
    policy, edition = held.policy, held.edition
    if held.standing is Standing.ENDED:
        why = policy.end_reason or t("Its last day is past.")
        st.html(
            f'<p class="policy-ended">{escape(t("It applies no more."))} '
            f"{escape(why)}</p>"
        )
    case_page.facts([
        (t("Document number"), edition.document_number or t("not known")),
        (t("Issuer"), edition.issuer or t("not known")),
        (t("Level of the issuer"), t(edition.level.label)),
        (t("Topic"), t(edition.topic.label)),
        (t("Issued on"), str(edition.issued_on or t("not known"))),
        (t("In force from"), str(edition.effective_on or t("not known"))),
        (t("In force until"), str(ends_on(held) or t("no last day told"))),
        *([(t("About the dates"), edition.dates_note)] if edition.dates_note else []),
        (t("What to do"), edition.to_do or t("not told yet")),
        (t("Whom to ask"), offices.get(edition.ask, edition.ask) or t("not told yet")),
        (t("Source"), edition.source),
        (t("Confidence"), t(edition.confidence.label)),
    ])
    st.html(f'<h3 class="part">{escape(t("To whom it applies"))}</h3>')
    st.html(conditions_html(held))
    st.html(f'<h3 class="part">{escape(t("Abstract"))}</h3>')
    st.html(_text(edition.abstract or t("No abstract is at hand.")))
    st.html(f'<h3 class="part">{escape(t("Text of the document"))}</h3>')
    st.html(_text(edition.text or t("The text is not at hand: nothing is made up.")))


def _text(said: str) -> str:
    return f'<p class="policy-text">{escape(said)}</p>'


def _editions(policy: Policy, editions: Sequence[Edition]) -> None:
    lines = []
    for one in editions:
        css = "held" if one.state is EditionState.PUBLISHED else ""
        name = t("Edition {number}", number=one.number)
        about = [
            _who(one),
            days_line(Held(policy, one, Standing.IN_FORCE)),
            one.why,
        ]
        lines.append(
            f'<li><span class="chip {css}">{escape(t(one.state.label))}</span>'
            f"<b>{escape(name)}</b> {escape(one.title)}"
            f"<small>{escape(' · '.join(filter(None, about)))}</small></li>"
        )
    st.html(f'<ul class="lines">{"".join(lines)}</ul>')


def _who(edition: Edition) -> str:
    """Say who published an edition, to offices; to others only when."""
    if edition.published_on is None:
        return t("written by {who}", who=edition.updated_by)
    if not edition.published_by:
        return t("published {day}", day=edition.published_on)
    who, day = edition.published_by, edition.published_on
    return t("published {day} by {who}", day=day, who=Title(who))


def _uses(held: Held) -> None:
    with resources.ledger().read(access.current_actor()) as work:
        found = policy_uses.touched(work, held)
        change = policy_uses.last_change(work, held.policy.id)
        brings = policy_uses.touched(work, *change) if change else None
    if brings is not None and (brings.sure or held.policy.edition > 1):
        said = t(
            "Since edition {number}: {sure} projects may now ask for it, {maybe} more "
            "when something is checked.",
            number=held.policy.edition,
            sure=f"{len(brings.sure):,}",
            maybe=f"{len(brings.maybe):,}",
        )
        st.html(f'<p class="policy-news">{escape(said)}</p>')
        if held.policy.edition > 1:
            with st.expander(t("Projects that the newest edition brings")):
                st.html(policy_export.projects_html(brings))
    sure, maybe = policy_export.parcels_touched(held)
    case_page.facts([
        (t("Projects it applies to"), f"{len(found.sure):,}"),
        (t("Projects it may apply to"), f"{len(found.maybe):,}"),
        (t("Parcels it applies to"), f"{len(sure):,}"),
        (t("Parcels it may apply to"), f"{len(maybe):,}"),
    ])
    st.download_button(
        "XLSX",
        partial(
            policy_export.workbook,
            held,
            ledger=resources.ledger(),
            actor=access.current_actor(),
            places=resources.office_names(language()),
            parcels=(sure, maybe),
            spoken=language(),
        ),
        file_name=f"{held.policy.code}.xlsx",
        mime=policy_export.MIME,
        icon=":material/download:",
        key="policies.export",
    )
    st.html(policy_export.projects_html(found))


def _files(policy: Policy, files: Sequence[PolicyFile]) -> None:
    inside = allowed(Verb.POLICY_EDIT, policy.keeper)
    if not files:
        st.html(f'<p class="none">{escape(t("No file is added."))}</p>')
    for one in files:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            about = f"{one.kind.upper()} · {one.size / 1024:,.0f} KB"
            st.html(
                f'<ul class="lines"><li><b>{escape(one.name)}</b>'
                f"<small>{escape(about)}</small></li></ul>",
                width="stretch",
            )
            _download(one)
    if inside:
        file_forms(policy, files)


def _download(file: PolicyFile) -> None:
    try:
        with resources.ledger().read(access.current_actor()) as work:
            _, data = policy_files.read(work, file.id, resources.policy_files())
    except StoreError as error:
        show_error(error)
        return
    st.download_button(
        t("Download"),
        data,
        file_name=file.name,
        mime="application/octet-stream",
        key=f"policies.file.{file.id}",
    )


def _promises(policy: Policy) -> None:
    with resources.ledger().read(access.current_actor()) as work:
        found = policy_uses.under(work, policy.id)
    kept = sum(one.promise.state is PromiseState.KEPT for one in found)
    settled = sum(one.promise.state is not PromiseState.OPEN for one in found)
    case_page.facts([
        (t("Promises under it"), f"{len(found):,}"),
        (
            t("Kept"),
            t("{kept} of {settled} that are settled", kept=kept, settled=settled),
        ),
    ])
    if not found:
        nothing = t("No promise is linked: a project's tab of promises links one.")
        st.html(f'<p class="none">{escape(nothing)}</p>')
    lines = "".join(map(under_html, found))
    st.html(f'<ul class="lines">{lines}</ul>')


def under_html(under: Under) -> str:
    """Write a promise under a document, with what is to be looked at, encoded."""
    promise, caution = under.promise, under.caution
    about = " · ".join(
        filter(
            None,
            (
                under.project.title,
                under.project.code,
                money_line(promise),
                t("made under edition {number}", number=under.link.edition),
            ),
        )
    )
    warned = f"<small><b>{escape(caution_text(under))}</b></small>" if caution else ""
    css = "held" if promise.state is PromiseState.KEPT else "amber" if caution else ""
    return (
        f'<li><span class="chip {css}">{escape(t(promise.state.label))}</span>'
        f"<b>{escape(promise.title)}</b><small>{escape(about)}</small>{warned}</li>"
    )


def _checklist(edition: Edition, points: Sequence[policy_making.Point]) -> None:
    told = policy_making.answers(edition.checklist)
    lines = []
    for point in points:
        found = told.get(point.code)
        whole = found is not None and found.whole
        name = point.title if language() == CHINESE else point.english
        said = (
            f"<small>{escape(found.answer)} · {escape(found.evidence)}</small>"
            if found
            else f"<small>{escape(point.help)}</small>"
        )
        chip = t("Answered") if whole else t("Open")
        lines.append(
            f'<li><span class="chip {"held" if whole else "amber"}">{escape(chip)}'
            f"</span><b>{escape(name)}</b>{said}</li>"
        )
    st.html(f'<ul class="lines">{"".join(lines)}</ul>')
