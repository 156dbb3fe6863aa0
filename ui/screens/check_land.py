"""Check land 用地核查: drop a boundary, see it placed, get its conflicts."""

from ui.check_page import check_page

check_page()
