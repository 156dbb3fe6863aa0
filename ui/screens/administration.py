"""Administration 系统管理: accounts, rule tables, the history."""

from ui.administration import administration_page

administration_page()
