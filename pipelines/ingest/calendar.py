"""Say what day it is, also on a machine whose clock was set back: facts that are known here are not in the future."""

from datetime import date

#: The newest day on which this code is known to have been in use; raise it with the facts.
KNOWN = date(2026, 11, 1)


def today() -> date:
    """Return the day by the clock, but none before the facts that come with the code."""
    return max(date.today(), KNOWN)
