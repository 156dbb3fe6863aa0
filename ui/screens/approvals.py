"""Land approvals 用地报批: by step, the weekly batch, one application beside it."""

from ui.approval_page import approval_page

approval_page()
