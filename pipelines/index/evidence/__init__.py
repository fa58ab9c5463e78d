"""Prepare the evidence: rows of the warehouse come in, arrays by city, year and indicator go out."""
