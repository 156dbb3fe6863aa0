"""Zones and infrastructure 园区与配套: what is missing, who builds, what it costs."""

from ui.zones_page import zones_page

zones_page()
