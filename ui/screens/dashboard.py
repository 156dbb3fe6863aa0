"""Dashboard 调度看板: rates, places, stages, problems, land wanted and at hand."""

from ui.dashboard_page import dashboard_page

dashboard_page()
