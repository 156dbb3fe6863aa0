"""Geometry in, numbers out: pure functions of frames and arrays."""
