"""Inject the faults that years of unattended running bring, and count what survives: ``make torture``.

Small worlds, faults and judges that need too long, or too many processes, for the test suite.
"""

import os

# Before numpy and polars: threads that a library starts when it is imported would be lost by a fork.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ.setdefault(_name, "1")
