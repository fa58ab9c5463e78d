"""Answers: the published file in; what the command line and other programs say of it out."""
