"""What years unattended may bring, in minutes: ``make torture`` injects faults and counts what survives.

What belongs here: small worlds, faults, and judges that need too long, or too many processes, for ``make test``. What does
not: single truths about one function (``tests/``), or anything that the pipeline itself needs.
"""
