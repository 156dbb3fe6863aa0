"""The page of the first minute waits as long as it takes."""

import pytest
from streamlit.testing.v1 import AppTest

from ui import start, waiting


def page() -> None:
    import streamlit as st  # noqa: PLC0415 - the script stands alone

    from ui.waiting import wait_until_ready  # noqa: PLC0415

    wait_until_ready()
    st.write("all there")


def test_a_page_waits_until_the_last_thing_is_built(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left = [["facts", "ledger"], ["facts"], ["ledger"], ["ledger"], []]
    monkeypatch.setattr(start, "missing", lambda _: left.pop(0))
    monkeypatch.setattr(waiting, "LOOK_AGAIN_S", 0.0)

    app = AppTest.from_function(page).run()

    assert not app.exception
    assert [one.value for one in app.markdown] == ["all there"]
    assert left == []
