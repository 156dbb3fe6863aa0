"""Draw the sample province: `generate` writes its layers and its ledger."""

from sample_data.generator.province import generate

__all__ = ["generate"]
