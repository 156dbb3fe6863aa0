"""The policy desk 兴黔地通: documents, what applies to whom, rules, who does what."""

from ui.policies_page import policies_page

policies_page()
