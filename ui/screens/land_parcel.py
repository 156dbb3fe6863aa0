"""One parcel, for visitors."""

from ui.land_parcel_page import land_parcel_page

land_parcel_page()
