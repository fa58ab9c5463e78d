"""The index: pure functions on arrays. No file, no database and no clock is touched here.

Arrays of indicator values have the axes ``(draw, year, city, indicator)``; a point estimate is one draw.
"""

#: Raised whenever a published number would change for a reason other than the data.
METHOD_VERSION = "3.0"

#: The benchmark, and the year in which it sets the upper goalposts.
BENCHMARK = "San Francisco Bay Area"
BASE_YEAR = 2015

#: Years for which the index is computed.
FIRST_YEAR, LAST_YEAR = 2000, 2024

#: Year of evidence whose own year is not known: it counts always, and can tell nothing of the past.
UNDATED = 1900
