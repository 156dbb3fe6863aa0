"""Problems and requests 问题与诉求: what is stuck, with whom, until when."""

from ui.problems_page import problems_page

problems_page()
