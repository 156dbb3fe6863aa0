"""A synthetic province on a real frame: what LandMap shows until it has your data."""
