"""Examine the ranking: scores and draws come in, tables on coherence, sensitivity, distance and skill go out."""
