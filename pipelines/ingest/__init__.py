"""Read the bytes of every source and land them: raw bytes come in, one Parquet file per source table goes out."""
