"""What the tests of casework pages share: who asks, how a page is opened and read."""

from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from ledger import claims
from ledger.model import Actor, ClaimKind, Project, Role
from ledger.unit_of_work import Work
from ui import resources
from ui.state import LANGUAGE

MAIN = Path(__file__).resolve().parents[2] / "ui" / "main.py"
KEY = b"a key for tests, not a secret"
PROVINCE = Actor("省投促局", Role.PROVINCE, "520000")
COUNTY = Actor("播州投促局", Role.COUNTY, "520304")
HOSTILE = "地块{{7*7}}${alert(1)}<img src=x onerror=alert(1)>"
NAMES = {"520300": "遵义市", "520304": "播州区", "520303": "汇川区"}


def opened(screen: str, **state: Any) -> AppTest:
    """Open a page, with what its slots and tabs remember."""
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.session_state[LANGUAGE.key] = "en"
    for name, value in state.items():
        app.session_state[name.replace("__", ".")] = value
    app.run().switch_page(f"screens/{screen}.py").run()
    assert not app.exception
    return app


def lock(work: Work, project: Project, parcel_id: str) -> None:
    """Let a project hold a parcel of the home, whole."""
    claims.claim(
        work,
        project_id=project.id,
        parcel_id=parcel_id,
        geometry=resources.parcel_shapes().of([parcel_id]).iloc[0],
        area_m2=10_000.0,
        kind=ClaimKind.LOCKED,
    )


def html(app: AppTest) -> str:
    """Return all that the page drew by itself."""
    return "".join(one.proto.body for one in app.get("html"))


def outcome(app: AppTest) -> str:
    """Return what the page says became of the last click."""
    assert not app.exception
    return "\n".join(one.value for one in [*app.success, *app.error])


def press(app: AppTest, label: str, at: int = 0) -> AppTest:
    """Press the button of that name."""
    return [one for one in app.button if one.label == label][at].click().run()


def field(app: AppTest, label: str, kind: str = "text_input") -> Any:
    """Return the first input of that name."""
    return next(one for one in app.get(kind) if one.label == label)


def labels(app: AppTest) -> set[str]:
    """Name all buttons of the page."""
    return {one.label for one in app.button}
