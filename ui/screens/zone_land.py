"""Development zones and the land in them; for visitors."""

from ui.zone_land_page import zone_land_page

zone_land_page()
