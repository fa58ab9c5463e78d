"""Compare the index with rankings of others: why they differ."""
