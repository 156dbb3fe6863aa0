"""The pages, one file each: read the state, ask a service, arrange."""
