"""Inquiries 投资咨询: what investors ask, answered or made a lead."""

from ui.inquiries_page import inquiries_page

inquiries_page()
