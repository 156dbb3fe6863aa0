"""Land claims 锁地: who holds which land, until when, who waits, who was refused."""

from ui.land_claims_page import land_claims_page

land_claims_page()
