"""Fetch the bytes of every source and land them: raw bytes come in, one Parquet file per table of a source goes out."""
