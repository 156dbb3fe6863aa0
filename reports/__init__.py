"""Documents out of answers: what leaves the house as a file."""
