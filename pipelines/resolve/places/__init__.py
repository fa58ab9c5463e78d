"""Resolve places: a printed country, region and place come in, a city, a province or a reason goes out."""
