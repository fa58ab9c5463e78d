"""The Dagster assets of each layer, a few lines each: they wire, the modules beside this package do the work."""
