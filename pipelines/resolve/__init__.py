"""Resolve strings to entities: names and places as sources print them come in, companies, investors and cities go out."""
