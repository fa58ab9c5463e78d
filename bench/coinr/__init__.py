"""Parts of the COINr toolkit that the city index does not use, kept for the comparison with its published results."""
