"""The short list, side by side; for visitors."""

from ui.compare_land_page import compare_land_page

compare_land_page()
