"""Turn frames of the published file into figures: a sentence, a chart, a table and a note on how to read them.

Several figures are made from ``leading``, the city of those that a chart shows, by rank; from ``benchmark``, with its base_year;
and from ``indicators`` (measure, name, is_dated).
"""
