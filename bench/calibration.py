"""Fit a hundred worlds drawn from the measurement model: how often 90% intervals hold the truth, by country.

    python -m bench.calibration [WORLDS]

Compared are log ratios between cities, ranks and growth in each country, and log ratios between both (simulation-based
calibration: Talts et al. 2018). Writes ``bench/results/calibration.json``.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.support import calibration

RESULTS = Path(__file__).parent / "results" / "calibration.json"


def main(worlds: int) -> None:
    """Print the shares, and keep them."""
    found = calibration.run(worlds, progress=print)
    print(found)
    RESULTS.write_text(json.dumps(asdict(found), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
