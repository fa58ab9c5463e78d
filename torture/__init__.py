"""What years unattended may bring, in minutes: ``make torture`` injects faults and counts what survives.

What belongs here: small worlds, faults, and judges that need too long, or too many processes, for ``make test``. What does
not: single truths about one function (``tests/``), or anything that the pipeline itself needs.
"""

import os

# Before numpy and polars: threads that a library starts when it is imported would be lost by a fork.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ.setdefault(_name, "1")
