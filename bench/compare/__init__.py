"""Compare with tools that others use: the same work, done by them and by the project, each in a process of its own."""
