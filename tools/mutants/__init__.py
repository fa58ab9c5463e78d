"""Plant small faults in the code, one at a time, and see whether the fast tests notice.

What belongs here: the faults, and the run that plants them. What does not: the tests that notice. A fault that no test notices is
listed; one that cannot matter stands in ``accepted.csv`` with the reason.
"""
