"""Measure the indicators: evidence comes in, values of each city, year and indicator go out."""
