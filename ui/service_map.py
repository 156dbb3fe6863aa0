"""Who does what: departments, their posts, and the steps of a permit with documents."""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from ledger import approval_paths, offices, rules, service_contacts
from ledger.approval_paths import Path, PathTable
from ledger.offices import Office
from ledger.service_contacts import Contact
from ui import access, resources
from ui.approval_words import named
from ui.case_words import CHINESE, category_name
from ui.i18n import language, t
from ui.page_parts import plain


def service_part() -> None:
    """Draw departments with what they answer, and each path of approval."""
    with resources.ledger().read(access.current_actor()) as work:
        found = offices.offices(work)
        told = rules.in_force(work, offices.TABLE)
        contacts = service_contacts.contacts(work)
        paths = approval_paths.of_rules(rules.in_force(work, approval_paths.TABLE))
    st.html(f'<h3 class="part">{escape(t("Departments"))}</h3>')
    names = resources.office_names(language())
    st.html(departments_html(found, contacts, names))
    st.caption(
        plain(
            t(
                "Rule table {edition}. Source: {source}. Confidence: {confidence}.",
                edition=told.edition,
                source=told.source,
                confidence=told.confidence,
            )
        )
    )
    st.html(f'<h3 class="part">{escape(t("Steps of a permit"))}</h3>')
    for path in paths.paths:
        with st.expander(plain(named(path))):
            st.html(path_html(path, paths))
    st.caption(
        plain(
            t(
                "Rule table {edition}. Source: {source}. Confidence: {confidence}.",
                edition=paths.edition,
                source=paths.source,
                confidence=paths.confidence,
            )
        )
    )


def departments_html(
    found: Sequence[Office], contacts: Sequence[Contact], names: Mapping[str, str]
) -> str:
    """Write the departments as a table, encoded.

    Args:
        found: The departments.
        contacts: Their posts.
        names: Names of places by code.

    Returns:
        HTML; a department without a post says so.
    """
    chinese = language() == CHINESE
    lines = []
    for one in found:
        posts = [
            f"{names.get(post.region, post.region)} · {post.post}: {post.reach}"
            for post in contacts
            if post.office == one.code
        ]
        said = "<br>".join(map(escape, posts)) or escape(
            t("not entered: an administrator fills it in")
        )
        does = ", ".join(map(category_name, one.categories))
        name = one.title if chinese else one.english
        lines.append(
            f"<tr><td>{escape(name)}</td><td>{escape(does) or '—'}</td>"
            f"<td>{said}</td></tr>"
        )
    heads = (t("Office"), t("Answers for"), t("Contacts by post"))
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    return (
        '<div class="case-scroll"><table class="case-plain policies-wide"><thead><tr>'
        f"{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def path_html(path: Path, table: PathTable) -> str:
    """Write the steps of a path with documents and legal time, encoded.

    Args:
        path: The path.
        table: The table it stands in.

    Returns:
        HTML; a time that no source tells is called not confirmed.
    """
    cases = ", ".join(named(one) for one in table.cases if one.code in path.cases)
    lines = []
    for number, step in enumerate(path.steps, start=1):
        documents = "; ".join(named(one) for one in step.documents)
        if step.limit_days is None:
            limit = t("not told by a source")
        elif step.limit_confirmed:
            limit = t("{days} days", days=step.limit_days)
        else:
            limit = t("{days} days (example, not confirmed)", days=step.limit_days)
        lines.append(
            f"<tr><td>{number}</td><td>{escape(named(step))}</td>"
            f"<td>{escape(step.office) or '—'}</td><td>{escape(documents) or '—'}</td>"
            f"<td>{escape(limit)}</td></tr>"
        )
    heads = (t("Step"), t("What"), t("Office"), t("Documents"), t("Legal time"))
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    about = f"{t('For')}: {cases} · {t('Source')}: {path.source}"
    return (
        f"<p>{escape(about)}</p>"
        '<div class="case-scroll"><table class="case-plain policies-wide"><thead><tr>'
        f"{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )
