"""Measure the cities by every list at once: latent quantities, of which each list is a noisy and selective count."""
