"""Publish a build: the private file comes in, the released file, report and exports go out."""
