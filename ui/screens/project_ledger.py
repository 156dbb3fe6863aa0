"""Project ledger 项目台账: figures, the table of projects, one project beside it."""

from ui.ledger_page import ledger_page

ledger_page()
