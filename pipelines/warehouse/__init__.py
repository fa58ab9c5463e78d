"""Build the warehouse: landed files and SQL models come in, one private DuckDB file goes out."""
