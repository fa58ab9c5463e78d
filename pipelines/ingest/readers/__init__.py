"""Read file formats: bytes come in, text cells and rows go out."""
