"""The COINr toolkit, beside the index, and tests that compare it with COINr's published results."""
