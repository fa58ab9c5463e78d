"""Say what is next: who gains on the benchmark, and what the coming years may bring."""
