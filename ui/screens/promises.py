"""Promises 政策兑现: what was promised, what is due, what was paid."""

from ui.promises_page import promises_page

promises_page()
