"""Import and export 导入导出: ledgers as workbooks, the monthly report."""

from ui.exchange import exchange_page

exchange_page()
