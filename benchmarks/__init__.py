"""What LandMap's engine is measured by: `python -m benchmarks`."""
