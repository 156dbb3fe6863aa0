"""The land checks in a project's file: what they came to, and to check again."""

import json
from html import escape
from typing import Final

import streamlit as st

from gis.errors import LandMapError
from gis.words import Title
from layers.check_titles import VERDICT_TITLES
from ledger import checks
from ledger.access import Verb
from ledger.model import LandCheck, Project
from ledger.unit_of_work import CHINA
from ui import access, check_deeds, notices, resources
from ui.figures import area_text
from ui.i18n import t
from ui.ledger_deeds import allowed
from ui.settings import ROOT

CHECK_LAND: Final = ROOT / "ui" / "screens" / "check_land.py"


def project_checks(project: Project) -> None:
    """Draw the checks of a project, the newest first.

    Args:
        project: The project.
    """
    with resources.ledger().read(access.current_actor()) as work:
        kept = checks.of_project(work, project.id)
        words = {one.id: len(checks.overrules(work, one.id)) for one in kept}
    st.html(f'<h3 class="part">{escape(t("Land checks"))}</h3>')
    if not kept:
        none = t("No land was checked for this project yet.")
        st.html(f'<p class="none">{escape(none)}</p>')
    for one in kept:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.html(check_html(one, words[one.id]), width="stretch")
            if allowed(Verb.CHECK_MAKE):
                _again(one)


def check_html(one: LandCheck, overruled: int) -> str:
    """Write a check as a line, encoded.

    Args:
        one: The check.
        overruled: How many words were said against its findings.

    Returns:
        HTML.
    """
    counts: dict[str, int] = json.loads(one.verdicts)
    verdicts = ", ".join(
        f"{t(title)} {counts[name]}"
        for name, title in VERDICT_TITLES.items()
        if name in counts
    )
    made = f"{one.made_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    about = [
        f"{one.file_name} · {area_text(one.area_m2)}",
        f"{made} · {t(Title(one.made_by))}",
    ]
    if overruled:
        about.append(t("{count} findings overruled", count=overruled))
    lines = "".join(f"<small>{escape(line)}</small>" for line in about)
    return (
        f'<ul class="lines"><li><b>{escape(one.dossier)}</b> {escape(verdicts)}'
        f"{lines}</li></ul>"
    )


def _again(one: LandCheck) -> None:
    """Offer to put the kept file on the desk again."""
    pressed = st.button(
        t("Check again"),
        icon=":material/fact_check:",
        key=f"ledger.check.{one.id}",
        help=t("Reads the kept file again and checks it against the data of today."),
    )
    if not pressed:
        return
    try:
        _, data = resources.check_files().original(one.dossier)
    except LandMapError as error:
        notices.show_error(error)
        return
    check_deeds.take(one.file_name, data)
    st.switch_page(CHECK_LAND)
