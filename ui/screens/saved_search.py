"""A saved search behind its private link; for visitors."""

from ui.saved_search_page import saved_search_page

saved_search_page()
