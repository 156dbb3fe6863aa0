"""The plain ways to put parcels on a map in Streamlit, as one writes them."""
