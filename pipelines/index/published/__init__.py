"""Compare the index with rankings of others: why they differ, and how far rankings agree at all."""
