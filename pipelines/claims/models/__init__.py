"""Model what the claims need: facts come in, estimates with intervals go out."""
