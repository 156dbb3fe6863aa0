"""Land demand 用地需求: what is wanted, matched, met; supply beside it."""

from ui.land_demand_page import land_demand_page

land_demand_page()
