"""Words in the reader's language, and errors with the values that fill them."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from gis.errors import NeedError
from gis.words import Title
from ui import i18n


@pytest.fixture(autouse=True)
def _words(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    words = {
        "zh_CN": {
            "Area": "面积",
            "{what} is {count} too small": "{what}小了 {count}",
            "Faults:": "错误：",
        },
        "en": {},
    }
    monkeypatch.setattr(i18n, "read_messages", words.__getitem__)
    i18n.speak("zh_CN")
    yield
    i18n.speak(i18n.DEFAULT)


def test_a_sentence_is_translated_and_then_filled() -> None:
    said = i18n.t("{what} is {count} too small", what=Title("Area"), count=3)
    assert said == "面积小了 3"


def test_a_value_that_is_no_title_is_never_translated() -> None:
    assert i18n.t("{what} is {count} too small", what="Area", count=3) == "Area小了 3"


def test_a_sentence_without_words_is_said_in_english() -> None:
    assert i18n.t("Unheard {of}", of=1) == "Unheard 1"


def test_a_value_with_braces_is_shown_and_not_filled_again() -> None:
    assert i18n.t("Unheard {of}", of="{{7*7}}") == "Unheard {{7*7}}"


def test_an_error_tells_each_fault_on_a_line_of_its_own() -> None:
    fault = NeedError("{what} is {count} too small", what=Title("Area"), count=3)
    told = i18n.tell(NeedError("Faults:", faults=[fault]))
    assert told == "错误：\n- 面积小了 3"


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("zh", "zh_CN"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh_CN"),
        ("zh-Hans-CN", "zh_CN"),
        ("fr-FR,fr;q=0.9", "zh_CN"),
        ("", "zh_CN"),
        ("en-GB,en;q=0.9", "en"),
        ("en-US", "en"),
        ("EN", "en"),
    ],
)
def test_a_browser_that_reads_english_gets_english_every_other_chinese(
    accepted: str, code: str
) -> None:
    assert i18n.language_of(accepted) == code


def page() -> None:
    """Say one word in the page and one in a callback."""
    import streamlit as st  # noqa: PLC0415 - the page runs on its own

    from ui.i18n import t  # noqa: PLC0415 - the page runs on its own
    from ui.state import LANGUAGE  # noqa: PLC0415 - the page runs on its own

    def press() -> None:
        st.session_state["called"] = t("Area")

    if "language" in st.query_params:
        LANGUAGE.set(st.query_params["language"])
    st.write(t("Area"))
    st.button("press", on_click=press)


@pytest.mark.parametrize(("code", "word"), [("zh_CN", "面积"), ("en", "Area")])
def test_the_language_of_the_session_holds_in_the_page_and_in_a_callback(
    code: str, word: str
) -> None:
    app = AppTest.from_function(page)
    app.query_params["language"] = code
    app.run()
    assert app.markdown[0].value == word
    app.button[0].click().run()
    assert app.session_state["called"] == word
