"""Declared layers in, parcel facts out: read, check, keep, measure once."""
