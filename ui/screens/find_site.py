"""Find a site: a project and its need beside the map, the answer below it."""

from ui.site_page import site_page

site_page()
