"""Work in a second process: results and errors come back, and nothing of it outlives the block."""

import os
import time
from multiprocessing import active_children

import numpy as np
import pytest

from pipelines import beside
from pipelines.errors import InputError, Problem


def doubled(values: np.ndarray) -> tuple[int, np.ndarray]:
    return os.getpid(), values * 2


def refused() -> None:
    raise InputError("alpha", [Problem("deals.csv", "no city", "Name one")])


def ended() -> None:
    os._exit(7)


def test_work_is_done_elsewhere_and_its_result_comes_back() -> None:
    with beside.work(doubled, np.arange(200_000)) as result:
        process, values = result()
    assert process != os.getpid()
    assert values.sum() == 200_000 * 199_999


def test_an_error_is_raised_where_the_result_is_awaited() -> None:
    with pytest.raises(InputError, match="no city"), beside.work(refused) as result:
        result()


def test_a_process_that_ends_by_itself_is_said() -> None:
    said = "the process of ended ended by itself, with exit code 7: see whether there is enough memory"
    with pytest.raises(RuntimeError, match=said), beside.work(ended) as result:
        result()


def test_leaving_the_block_ends_the_process() -> None:
    began = time.monotonic()
    with pytest.raises(ValueError, match="of the first"), beside.work(time.sleep, 60):
        raise ValueError("of the first")
    assert time.monotonic() - began < 30
    assert not active_children()
