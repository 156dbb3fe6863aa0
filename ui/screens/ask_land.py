"""Ask the office, and follow what was asked; for visitors."""

from ui.ask_land_page import ask_land_page

ask_land_page()
