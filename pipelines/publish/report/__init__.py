"""Show a release as one self-contained page: the published DuckDB file comes in, HTML goes out."""
