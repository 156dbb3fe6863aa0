"""What land a project needs, which parcels answer it, in which order, and why."""
