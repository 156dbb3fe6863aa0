"""Today 今日工作台: what the actor must do, the gravest first."""

from ui.today_page import today_page

today_page()
