"""How fast the product is, beside baselines measured in the same run: `python -m benchmarks`."""
