"""Turn frames of the published file into figures: a sentence, a chart, a table and a note on how to read them."""
