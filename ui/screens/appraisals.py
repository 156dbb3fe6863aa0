"""Appraisals 事前评估: those that wait, drafts, what was decided."""

from ui.appraisal_page import appraisal_page

appraisal_page()
