"""Find land: four questions, cards, map; for visitors."""

from ui.find_land_page import find_land_page

find_land_page()
