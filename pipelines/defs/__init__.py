"""Definitions of your own: what `dg scaffold defs` writes here is loaded beside those of the project."""
