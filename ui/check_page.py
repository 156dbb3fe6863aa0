"""The desk of the land check: the file at the left, the map, the findings below it."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Final

import streamlit as st

from gis.crs import zone_of_code
from gis.errors import LandMapError
from gis.words import Title
from layers.check import VERDICT_TITLES, Check, Overrule
from layers.placing import choices, needs_choice
from layers.shift import SUSPECTED
from ledger.access import Verb, refusal
from reports.candidates import SYNTHETIC
from ui import access, check_deeds, check_state, check_tables, resources
from ui.check_downloads import downloads
from ui.check_map import check_map
from ui.check_state import ASKED, DESK, Desk, finding_of
from ui.check_tables import MOST_ROWS, Table
from ui.check_understood import remarks_of, understood
from ui.check_what_if import what_if
from ui.i18n import t, tell
from ui.ledger_deeds import OUTCOME, Outcome, allowed, show_outcome
from ui.page_parts import asset, chosen_in, part, plain
from ui.project_picker import projects_named

SUFFIXES: Final = (
    *("txt", "zip", "gpkg", "geojson", "json", "kml", "kmz", "dxf", "xlsx", "csv"),
)
ENCODINGS: Final = ("", "utf-8", "gb18030")
FILE_KEY: Final = "check.file"
PASTED_KEY: Final = "check.pasted"
STEPS: Final = (
    (
        Title("Drop the boundary file"),
        Title(
            "Boundary-point TXT, zipped shapefile, GeoPackage, GeoJSON, KML, DXF or a"
            " table of coordinates. It is opened in a closed-off process, and every"
            " deviation is told with its line."
        ),
    ),
    (
        Title("See where it lies"),
        Title(
            "The map shows how it was understood: coordinate system, zone, number of"
            " parcels, precision. What the file does not say you decide; nothing is"
            " changed unasked."
        ),
    ),
    (
        Title("Get the verdicts"),
        Title(
            "Every parcel against control lines, zoning, hazards, water sources, other"
            " parcels and land held by projects. What no data covers is not checked,"
            " never clear."
        ),
    ),
)
TABS: Final = (
    "verdicts",
    "findings",
    "composition",
    "neighbours",
    "outlines",
    "not_checked",
    "data",
)


def check_page() -> None:
    """Draw the page."""
    st.html(f"<style>{asset('check_land.css')}{_uploader_words()}</style>")
    actor = access.current_actor()
    if not allowed(Verb.CHECK_MAKE):
        words = {
            "who": actor.name,
            "role": actor.role.label,
            "verb": Verb.CHECK_MAKE.label,
        }
        st.html(f'<p class="lm-error">{escape(t(refusal(actor), **words))}</p>')
        return
    show_outcome()
    with st.container(key="check_page"):
        left, right = st.columns([27, 73], gap="small")
        with right:
            check_map(DESK.get())
        with left, st.container(key="check_left"):
            _left()
        with right:
            _below()


def _left() -> None:
    """Draw the file, what was understood of it, and the step that follows."""
    st.html(f'<p class="pane-title">{escape(t("Land check"))}</p>')
    st.file_uploader(
        t("Boundary file"),
        type=list(SUFFIXES),
        key=FILE_KEY,
        on_change=_take_file,
        help=t(
            "Boundary-point TXT, zipped shapefile, GeoPackage, GeoJSON, KML, DXF, or"
            " a table of coordinates; at most 50 MB. It stays on this server."
        ),
    )
    with st.popover(t("Paste coordinates"), type="tertiary"):
        st.text_area(
            t("Coordinates, a point a line"),
            key=PASTED_KEY,
            height=160,
            placeholder="J1,1,2941741.624,36371482.393",
        )
        st.button(t("Read"), key="check.read_pasted", on_click=_take_pasted)
    desk = DESK.get()
    if desk is None:
        st.html(_line("empty", t("Drop a boundary file to see where it lies.")))
    else:
        _read(desk)


def _read(desk: Desk) -> None:
    """Draw what was understood of the file, and the step that follows."""
    if desk.refused:
        _fault(desk.refused)
    if desk.tables:
        st.selectbox(
            t("Layer of the file"),
            desk.tables,
            index=desk.tables.index(desk.table) if desk.table in desk.tables else None,
            key=desk.key("table_of"),
            on_change=_take_table,
            placeholder=t("Choose one"),
        )
    if desk.boundary is None:
        return
    if desk.check is not None and desk.finding:
        _finding(desk.check, desk)  # first: one chose it just now
    st.html(understood(desk))
    remarks_of(desk)
    _questions(desk)
    if desk.submission is not None:
        st.button(
            t("Confirm and check") if desk.check is None else t("Check again"),
            key="check.run",
            type="primary",
            width="stretch",
            on_click=_ask_to_run,
        )
        if ASKED.get():
            ASKED.set(False)
            _run()
    if desk.check is not None:
        _to_project(desk)


def _questions(desk: Desk) -> None:
    """Ask what the file does not tell."""
    boundary = desk.boundary
    if boundary is None:
        return
    if boundary.encoding:
        st.selectbox(
            t("Encoding of names"),
            ENCODINGS,
            index=ENCODINGS.index(desk.encoding) if desk.encoding in ENCODINGS else 0,
            format_func=lambda one: one.upper() or t("as read"),
            key=desk.key("encoding"),
            on_change=_take_encoding,
            help=t("Change it where the names above are not readable."),
        )
    if boundary.swapped:
        st.html(_line("ask", t("X and Y look exchanged.")))
        st.button(
            t("Exchange X and Y"),
            key="check.exchange",
            on_click=check_deeds.exchange_axes,
        )
    if desk.shift is not None and desk.shift.suspected and not desk.unshift:
        told = {
            "before": f"{desk.shift.before:.0%}",
            "after": f"{desk.shift.after:.0%}",
        }
        st.html(_line("ask", t(SUSPECTED, **told)))
        st.button(
            t("Undo the offset of GCJ-02"),
            key="check.unshift",
            on_click=check_deeds.undo_shift,
        )
    if needs_choice(boundary):
        offered = choices(boundary, resources.region())
        inside = [one.crs for one in offered if one.inside]
        st.selectbox(
            t("Which 3-degree zone are the coordinates in?"),
            inside,
            index=inside.index(desk.crs) if desk.crs in inside else None,
            format_func=_zone_text,
            key=desk.key("crs"),
            on_change=_take_crs,
            placeholder=t("Choose; the map shows where the land would lie"),
        )
    st.number_input(
        t("Boundary is exact to (m)"),
        min_value=0.0,
        max_value=100.0,
        value=desk.precision_m,
        step=0.01,
        format="%.3f",
        key=desk.key("precision"),
        on_change=_take_precision,
        placeholder=t("not stated"),
        help=t(
            "How far a boundary point may lie from where it is written. Without it"
            " nothing can be told apart from a boundary error, and overlaps stay to be"
            " verified."
        ),
    )
    what_if()


def _below() -> None:
    """Draw the answer below the map."""
    desk = DESK.get()
    if desk is None or desk.check is None:
        st.html(_steps())
        return
    check = desk.check
    with st.container(
        key="check_line", horizontal=True, vertical_alignment="center", gap="small"
    ):
        st.html(_summary(check))
        downloads(desk)
    if check.synthetic:
        st.html(_line("ask", t(SYNTHETIC)))
    titles = _tab_titles(check)  # once: Streamlit names its options many times a run
    tab = st.segmented_control(
        t("Table"),
        TABS,
        default="findings",
        required=True,
        format_func=titles.__getitem__,
        key="check.tab",
        label_visibility="collapsed",
    )
    if desk.parcel and tab in {"findings", "composition"}:
        st.button(
            t("Only parcel {parcel}: show all", parcel=plain(desk.parcel)),
            key="check.all_parcels",
            type="tertiary",
            on_click=_all_parcels,
        )
    _tables(check, desk, tab or "findings")


def _steps() -> str:
    """Tell, on an empty desk, what it does and what its words mean."""
    parts = "".join(
        f"<li><b>{escape(t(head))}</b><p>{escape(t(said))}</p></li>"
        for head, said in STEPS
    )
    return f'<ol class="check-steps">{parts}</ol>'


def _uploader_words() -> str:
    """Put Streamlit's own words, which are English only, into the reader's language."""
    box = ".st-key-check-file [data-testid='stFileUploaderDropzone']"
    told = f"{box} [data-testid='stFileUploaderDropzoneInstructions'] span"
    button = json.dumps(t("Choose a file"), ensure_ascii=True).replace("<", "")
    limits = json.dumps(t("or drop it here, up to 50 MB")).replace("<", "")
    return (
        f"{box} button p {{ font-size: 0; }}"
        f"{box} button p::after {{ content: {_css(button)}; font-size: 0.875rem; }}"
        f"{told} {{ font-size: 0 !important; }}"
        f"{told}::after {{ content: {_css(limits)}; font-size: 0.8rem; }}"
    )


def _css(quoted: str) -> str:
    """Write a JSON string as one of CSS: its escapes are six digits and no `u`."""
    return re.sub(r"\\u([0-9a-f]{4})", r"\\00\1", quoted)


def _tables(check: Check, desk: Desk, tab: str) -> None:
    """Draw the table of a tab."""
    if tab == "verdicts":
        _table("verdicts", check_tables.verdicts(check, desk.parcel), _choose_parcel)
    elif tab == "findings":
        told = check_tables.findings(check, desk.finding, desk.parcel)
        _table("findings", told, _choose_finding)
    elif tab == "composition":
        for name in check.compositions:
            st.html(f'<p class="pane-part">{escape(t(check.title(name)))}</p>')
            _table(
                f"composition.{name}",
                check_tables.composition(check, name, desk.parcel),
            )
    else:
        maker = {
            "neighbours": check_tables.neighbours,
            "outlines": check_tables.outlines,
            "not_checked": check_tables.not_checked,
            "data": check_tables.data_used,
        }[tab]
        _table(tab, maker(check))


def _tab_titles(check: Check) -> dict[str, str]:
    """Name the tabs, each with how much stands in it."""
    unknown = len(check_tables.not_checked(check)["rows"])
    counts = {
        "verdicts": len(check.parcels),
        "findings": int((check.findings["class"] != "").sum()),
        "neighbours": len(check.neighbours),
        "outlines": len(check.outline_faults) + len(check.changes),
        "not_checked": unknown,
    }
    titles = {
        "verdicts": t("Verdicts"),
        "findings": t("Findings"),
        "composition": t("Composition"),
        "neighbours": t("Neighbours"),
        "outlines": t("Outlines and changes"),
        "not_checked": t("Not checked"),
        "data": t("Data and clauses"),
    }
    return {
        tab: f"{title} {counts[tab]:,}" if tab in counts else title
        for tab, title in titles.items()
    }


def _summary(check: Check) -> str:
    """Say in one line what the land comes to."""
    counts = check.parcels["verdict"].value_counts()
    parts = [
        f'<span class="verdict v-{name}">{escape(t(title))} <b>{counts[name]}</b>'
        "</span>"
        for name, title in VERDICT_TITLES.items()
        if name in counts
    ]
    return f'<p class="check-line">{"".join(parts)}</p>'


def _table(name: str, told: Table, choose: Callable[[], None] | None = None) -> None:
    """Draw a table, or that nothing is in it."""
    if not told["rows"]:
        st.html(_line("empty", t("Nothing to tell here.")))
        return
    key = f"check.table.{name}"
    if choose is None:
        part("check_table")(data=told, key=key)
    else:
        part("check_table")(data=told, key=key, on_chosen_change=choose)
    if len(told["rows"]) >= MOST_ROWS:
        st.caption(
            t(
                "{count} rows are shown, the gravest first; the files hold all.",
                count=f"{MOST_ROWS:,}",
            )
        )


def _finding(check: Check, desk: Desk) -> None:
    """Tell all of one finding, and take a person's word against it."""
    parcel, layer_name = finding_of(desk.finding)
    layer = check.layer(layer_name)
    told = check.findings
    row = told[(told["parcel_id"] == parcel) & (told["layer"] == layer_name)].iloc[0]
    words = [
        one
        for one in check.overrules
        if (one.parcel_id, one.layer) == (parcel, layer_name)
    ]
    with st.container(key="check_finding", border=True):
        lines = [
            (t("Finding"), f"{parcel} · {t(Title(layer.title))}"),
            (t("Met"), row["features"] or "—"),
            (t("Clause"), t(Title(layer.clause)) if layer.clause else "—"),
            *(
                (
                    t("Overruled"),
                    _word_text(one),
                )
                for one in words
            ),
        ]
        st.html(
            '<dl class="lm-facts">'
            + "".join(
                f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>"
                for name, said in lines
            )
            + "</dl>"
        )
        if not allowed(Verb.CHECK_OVERRULE):
            return
        with st.form("check.overrule", border=False, clear_on_submit=True):
            says = st.radio(
                t("What holds instead"),
                ("no_conflict", "conflict"),
                format_func=lambda one: t(check_tables.SAYS[one]),
                horizontal=True,
            )
            reason = st.text_input(t("Reason for overruling"), max_chars=2_000)
            sent = st.form_submit_button(t("Overrule the finding"))
    if sent:
        finding = desk.finding
        _do(
            lambda: check_deeds.overrule(finding, says or "no_conflict", reason),
            Title("The finding was overruled; both stay on record."),
        )
        st.rerun()


def _word_text(one: Overrule) -> str:
    """Write a person's word against a finding."""
    said = t(check_tables.SAYS[one.says])
    when = one.at[:16].replace("T", " ")
    return f"{t(Title(one.who))} · {when} · {said}: {one.reason}"


def _line(css: str, text: str) -> str:
    """Write a line of text."""
    return f'<p class="{css}">{escape(text)}</p>'


def _to_project(desk: Desk) -> None:
    """Offer to put the check into the file of a project."""
    if not allowed(Verb.CHECK_KEEP):
        return
    named = projects_named()
    with st.popover(t("Save to a project"), icon=":material/save:", type="tertiary"):
        chosen = st.selectbox(
            t("Project"),
            list(named),
            index=None,
            format_func=lambda one: named[one],
            key="check.project",
        )
        if st.button(t("Save"), key="check.save", disabled=chosen is None) and chosen:
            _do(
                lambda: check_deeds.to_project(chosen),
                Title("The check was saved to the project."),
            )
            st.rerun()
    if desk.check_id is not None:
        st.caption(t("This check is kept in the ledger."))


def _run() -> None:
    """Check, and tell how far it is."""
    bar = st.progress(0.0, t("Checking"))
    done = 0

    def say(msgid: str, values: object) -> None:
        nonlocal done
        done += 1
        told = t(Title(msgid), **dict(values))  # type: ignore[call-overload]
        bar.progress(min(0.95, done / 12), plain(told))

    try:
        check_deeds.run(say)
    except LandMapError as error:
        check_state.change(refused=tell(error))
    st.rerun()


def _do(deed: Callable[[], object], done: Title) -> None:
    """Do a deed; the outcome is shown at the next run."""
    try:
        deed()
    except LandMapError as error:
        OUTCOME.set(Outcome(good=False, text=tell(error)))
        return
    OUTCOME.set(Outcome(good=True, text=t(done)))


def _fault(text: str) -> None:
    """Show why a file cannot be used: a sentence, and a line for each fault."""
    head, *faults = text.split("\n")
    lines = "".join(f"<li>{escape(one.removeprefix('- '))}</li>" for one in faults)
    st.html(
        f'<div class="fault" role="alert"><b>{escape(head)}</b><ul>{lines}</ul></div>'
    )


def _take_file() -> None:
    sent = st.session_state.get(FILE_KEY)
    if sent is None:
        DESK.set(None)
        return
    check_deeds.take(sent.name, sent.getvalue())


def _take_pasted() -> None:
    text = str(st.session_state.get(PASTED_KEY) or "")
    if text.strip():
        check_deeds.take(t("pasted coordinates") + ".txt", text.encode())


def _said(name: str) -> object:
    """Return what a widget of the file on the desk says."""
    desk = DESK.get()
    return None if desk is None else st.session_state.get(desk.key(name))


def _take_table() -> None:
    _read_again(table=str(_said("table_of") or ""))


def _take_encoding() -> None:
    _read_again(encoding=str(_said("encoding") or ""))


def _read_again(**changes: str) -> None:
    """Read the file again as a person says."""
    if desk := DESK.get():
        check_deeds.read(replace(desk, check=None, submission=None, **changes))  # type: ignore[arg-type]


def _take_crs() -> None:
    check_deeds.choose_crs(str(_said("crs") or ""))


def _take_precision() -> None:
    told = _said("precision")
    check_deeds.be_exact_to(told if isinstance(told, float) else None)


def _ask_to_run() -> None:
    ASKED.set(True)


def _all_parcels() -> None:
    check_state.change(parcel="", finding="")


def _choose_parcel() -> None:
    if parcel := chosen_in(st.session_state.get("check.table.verdicts")):
        check_state.change(parcel=parcel, finding="")


def _choose_finding() -> None:
    if finding := chosen_in(st.session_state.get("check.table.findings")):
        check_state.change(finding=finding)


def _zone_text(crs: str) -> str:
    """Name a CRS as surveyors do."""
    zone = zone_of_code(crs)
    if not zone:
        return t("Degrees, CGCS2000 ({crs})", crs=crs)
    return t(
        "3-degree zone {zone}, central meridian {meridian}°E ({crs})",
        zone=zone,
        meridian=3 * zone,
        crs=crs,
    )
