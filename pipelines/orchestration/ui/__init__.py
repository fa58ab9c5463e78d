"""Describe tables for the Dagster UI: frames come in, metadata and small pictures go out."""
