"""Score the cities: indicator values come in, normalised, weighted and aggregated scores go out."""
