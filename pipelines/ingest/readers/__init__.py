"""Read file formats: bytes come in; rows of text cells, or JSON values, go out."""
