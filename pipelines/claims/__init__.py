"""Test the claims of the essay: facts of the warehouse come in, verdicts with intervals go out."""
