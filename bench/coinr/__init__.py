"""Parts of the COINr toolkit that the city index does not use, and the tests that compare both with COINr's published results."""
